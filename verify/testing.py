"""The pytest plugin: gives pytest-markdown-docs our parser and our runner.

`pytest docs/zh/problems/cnn.md` lists and runs that page's blocks. Programs that have no record
run first, on all cores at once; then pytest reports block by block, page by page.
"""

import argparse
import concurrent.futures
import dataclasses
import pathlib
from collections.abc import Callable

import pytest
from pytest_markdown_docs._runners import _Runner, register_runner
from pytest_markdown_docs.definitions import FenceTestDefinition
from pytest_markdown_docs.plugin import MarkdownInlinePythonItem, MarkdownTextFile

from verify import executors, labs, languages, records, settings
from verify.pages import Block, Page, PageError, Part, Program, read_page
from verify.sessions import Result

RESULTS = pytest.StashKey[dict[str, Result]]()
SETTINGS = pytest.StashKey[settings.Settings]()
# Fails in every run: a runner that calls it good calls everything good.
CANARY = Program("canary", (Part("assert 1 == 2", "canary", 1),))
LAB_CANARY = dataclasses.replace(CANARY, notebook=True)


class Mistake(Exception):
    """What a contributor is told; shown as it is, without a traceback."""


@dataclasses.dataclass(frozen=True)
class BlockTest(FenceTestDefinition):
    """A fence as pytest-markdown-docs knows it, with the page it stands in."""

    page: Page | None = None
    block: Block | None = None
    key: str = ""
    results: dict[str, Result] = dataclasses.field(default_factory=dict)


@register_runner()
class HandbookRunner(_Runner):
    """Reports what a program's own process gave for one block."""

    def runtest(self, test: BlockTest, args: dict) -> None:
        """Raise `Mistake` unless the block ran and the page shows all that it gave.

        The signature takes no event loop: pytest-markdown-docs would then run a fence that
        raises TypeError a second time.
        """
        if mistakes := mistakes_of_block(test.page, test.block, test.results[test.key]):
            raise Mistake("\n".join(mistakes))

    def repr_failure(self, test, excinfo, style=None) -> str:
        """The message alone for a mistake in a page; the traceback for a fault of ours."""
        return str(excinfo.value) if excinfo.errisinstance(Mistake) else str(excinfo.getrepr())


class PageFile(MarkdownTextFile):
    """A Markdown page below docs/, with one item for each block and one for its mate."""

    def collect(self):
        """Yield the page's items; a page that cannot be read is a collection error."""
        config = self.config.stash[SETTINGS]
        try:
            page = read_page(self.path, config.root)
        except PageError as error:
            raise self.CollectError(str(error)) from None
        yield from items_of(self, page, config)
        yield MateItem.from_parent(
            self, name="both languages agree", check=lambda: languages.check_page(page, config.root)
        )


class LabFile(pytest.File):
    """A lab below snippets/labs/, with one item for each code cell and one for its languages."""

    def collect(self):
        """Yield the lab's items; a lab that cannot be read is a collection error."""
        config = self.config.stash[SETTINGS]
        try:
            lab = labs.read(self.path, config.root)
        except PageError as error:
            raise self.CollectError(str(error)) from None
        yield from items_of(self, lab.pages["zh"], config)
        yield MateItem.from_parent(
            self, name="both languages agree", check=lambda: languages.check_lab(lab, config.root)
        )


def items_of(parent: pytest.File, page: Page, config: settings.Settings):
    """One item for each Python block of a page."""
    for block in page.blocks:
        program = page.programs[block.program]
        section = f":{block.part.section}" if block.part.section else ""
        test = BlockTest(
            source=block.part.code,
            fixture_names=(),
            start_line=block.line,
            source_path=parent.path,
            runner_name=HandbookRunner.__name__,
            page=page,
            block=block,
            key=records.key_of(program, config),
            results=parent.config.stash[RESULTS],
        )
        name = f"line {block.line} · {pathlib.PurePath(program.name).stem}{section}"
        yield MarkdownInlinePythonItem.from_parent(parent, name=name, test_definition=test)


class MateItem(pytest.Item):
    """One page and its mate in the other language."""

    def __init__(self, *, check: Callable[[], list[str]], **arguments) -> None:
        super().__init__(**arguments)
        self.check = check

    def runtest(self) -> None:
        """Raise `Mistake` where the two languages part."""
        if errors := self.check():
            raise Mistake("\n".join(errors))

    def repr_failure(self, excinfo, style=None) -> str:
        """The message alone for a mistake in a page; the traceback for a fault of ours."""
        return str(excinfo.value) if excinfo.errisinstance(Mistake) else str(excinfo.getrepr())

    def reportinfo(self):
        """Where pytest says the item is."""
        return self.path, 0, self.name


def mistakes_of_block(page: Page, block: Block, result: Result) -> list[str]:
    """Everything wrong with one block, as `path:line: what. What to do.`"""
    where = f"{page.path}:{block.line}"
    if result.error and block.index == result.failed_part:
        shown = f"\n(shown at {where})" if block.part.section else ""
        return [result.error + shown]
    if result.error and block.index > result.failed_part:
        return [
            f"{where}: this block did not run, because one above it failed. Mend that one first."
        ]
    if block.index >= len(result.figures):
        return []
    mistakes = []
    drawn, described = len(result.figures[block.index]), len(block.figures)
    if drawn != described:
        mistakes.append(
            f"{where}: this block draws {drawn} figures and the page describes {described}. Below the "
            "block, write one line ![what the figure shows](figure) for each."
        )
    if block.index == len(page.programs[block.program].parts) - 1:
        mistakes += [
            f"{page.path}:{value.line}: the inline value `{value.expression}` failed: "
            f"{result.value_errors[value.expression]}. Use names that the program defines."
            for value in page.values
            if value.program == block.program and value.expression in result.value_errors
        ]
    return mistakes


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the blocks whose program belongs to another share."""
    number, count = config.option.share
    other = [
        item
        for item in items
        if isinstance(test := getattr(item, "test_definition", None), BlockTest)
        and int(test.key, 16) % count != number - 1
    ]
    if other:
        left_out = set(other)
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in left_out]


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the items share."""
    config.stash[SETTINGS] = settings.load(config.rootpath)
    config.stash[RESULTS] = {}


def pytest_collect_file(file_path: pathlib.Path, parent: pytest.Collector):
    """Collect the pages of the handbook."""
    folders = [parent.config.rootpath / "docs" / language for language in settings.LANGUAGES]
    if file_path.suffix == ".md" and any(folder in file_path.parents for folder in folders):
        return PageFile.from_parent(parent, path=file_path)
    if file_path in labs.files(parent.config.rootpath) and not parent.session.isinitpath(file_path):
        return LabFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(module_path: pathlib.Path, parent: pytest.Collector):
    """Collect a lab that is named on the command line, which pytest would import as a test."""
    if module_path in labs.files(parent.config.rootpath):
        return LabFile.from_parent(parent, path=module_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Run the programs that have no record, all cores at once, before items report."""
    config = session.config
    if config.option.collectonly or session.testsfailed:
        return
    programs: dict[str, Program] = {}
    for item in session.items:
        test = getattr(item, "test_definition", None)
        if isinstance(test, BlockTest):
            programs[test.key] = test.page.programs[test.block.program]
    if programs:
        try:
            run_programs(programs, config)
        except executors.Unreachable as error:
            pytest.exit(str(error), 1)
        except OSError as error:
            pytest.exit(settings.unwritable(error), 1)


def _result_of(future: concurrent.futures.Future, program: Program) -> Result:
    """The result; an error that names the program if its worker was lost again and again."""
    if error := future.exception():
        part = program.parts[0]
        return Result(
            error=f"{part.file}:{part.line}: no worker could run it: {error}. Run it again."
        )
    return future.result()


def run_programs(programs: dict[str, Program], config: pytest.Config) -> None:
    """Fill the shared results: from records where they are valid, by running where not."""
    results, known = config.stash[RESULTS], config.stash[SETTINGS]
    for key in programs:
        if record := records.load(key, known):
            results[key] = record.result
    pending = {key: program for key, program in programs.items() if key not in results}
    say = config.pluginmanager.getplugin("terminalreporter").write_line
    if not pending:
        say(f"no program needs to run: all {len(programs)} have a valid record")
        return
    say(f"{len(programs)} programs: {len(results)} have a valid record, {len(pending)} to run")
    say("loading what they import, once for all of them …")
    address = config.option.cluster
    with executors.open_executor(address, pending.values(), known) as (pool, run, at_once):
        canaries = {CANARY, LAB_CANARY} if any(p.notebook for p in pending.values()) else {CANARY}
        failed = [pool.submit(run, c, records.key_of(c, known)) for c in canaries]
        if not all(future.result().error for future in failed):
            pytest.exit(
                "verify/sessions.py:1: the runner passes a program that must fail. Mend it first.",
                1,
            )
        say(f"{at_once} run at a time")
        running = {pool.submit(run, program, key): key for key, program in pending.items()}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            key = running[future]
            result = _result_of(future, pending[key])
            if not result.error and not result.value_errors:
                records.save(key, result, known)
            results[key] = result
            mark = "FAILED" if result.error or result.value_errors else f"{result.seconds:5.1f} s"
            say(f"  {done:3d}/{len(pending)}  {mark}  {pending[key].name}")
