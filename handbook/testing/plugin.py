"""The pytest plugin: collects pages and labs, runs their programs, then reports block by block.

`pytest docs/zh/problems/cnn.md` lists and runs that page's blocks. Programs that have no record
run first, on all cores at once.
"""

import argparse
import pathlib

import pytest

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistakes, unwritable
from handbook.pages.labs import lab_files
from handbook.pages.mutations import mutation_files
from handbook.program import Program
from handbook.runs.running import run_all
from handbook.testing.items import (
    HANDBOOK,
    RESULTS,
    BlockTest,
    LabFile,
    MutationFile,
    MutationItem,
    PageFile,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the programs run, and which of them."""
    group = parser.getgroup("handbook")
    group.addoption(
        "--cluster",
        default="",
        metavar="ADDRESS",
        help="run programs on the workers of this Dask scheduler, such as tcp://10.0.0.1:8786",
    )
    group.addoption(
        "--share",
        default="1/1",
        type=_share,
        metavar="K/N",
        help="only the K-th of N shares of the programs; the records of all shares add up to one run",
    )


def _share(text: str) -> tuple[int, int]:
    try:
        number, count = map(int, text.split("/"))
    except ValueError:
        number, count = 0, 0
    if not 1 <= number <= count:
        raise argparse.ArgumentTypeError(f"{text!r} is no share. Write 1/3, 2/3 or 3/3")
    return number, count


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the items share."""
    config.stash[HANDBOOK] = Handbook.at(config.rootpath)
    config.stash[RESULTS] = {}


def pytest_collect_file(file_path: pathlib.Path, parent: pytest.Collector):
    """Collect the pages and labs of the handbook."""
    root = parent.config.rootpath
    folders = [root / "docs" / language for language in LANGUAGES]
    if file_path.suffix == ".md" and any(folder in file_path.parents for folder in folders):
        return PageFile.from_parent(parent, path=file_path)
    if file_path in mutation_files(root):
        return MutationFile.from_parent(parent, path=file_path)
    if file_path in lab_files(root) and not parent.session.isinitpath(file_path):
        return LabFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(module_path: pathlib.Path, parent: pytest.Collector):
    """Collect a lab that is named on the command line, which pytest would import as a test."""
    if module_path in lab_files(parent.config.rootpath):
        return LabFile.from_parent(parent, path=module_path)
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the blocks whose program belongs to another share."""
    number, count = config.option.share
    other = [
        item
        for item in items
        if (asked := _asked(item)) and int(asked[0], 16) % count != number - 1
    ]
    if other:
        left_out = set(other)
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Run the programs that have no record before items report."""
    config = session.config
    if config.option.collectonly or session.testsfailed:
        return
    programs = dict(asked for item in session.items if (asked := _asked(item)))
    if not programs:
        return
    known = config.stash[HANDBOOK].settings
    say = config.pluginmanager.getplugin("terminalreporter").write_line
    try:
        config.stash[RESULTS].update(run_all(programs, config.option.cluster, known, say))
    except Mistakes as error:
        pytest.exit(str(error), 1)
    except OSError as error:
        pytest.exit(str(unwritable(error)), 1)


def _asked(item: pytest.Item) -> tuple[str, Program] | None:
    """The program whose result an item reports, under its key; None if it reports none."""
    if isinstance(item, MutationItem):
        return item.key, item.mutation.program
    test = getattr(item, "test_definition", None)
    return (test.key, test.block.program) if isinstance(test, BlockTest) else None
