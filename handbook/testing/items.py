"""What pytest collects from a page: an item for each block, and one for each check of the page."""

import dataclasses
import functools
import pathlib
from collections.abc import Callable, Iterator

import pytest
from pytest_markdown_docs._runners import _Runner, register_runner
from pytest_markdown_docs.definitions import FenceTestDefinition
from pytest_markdown_docs.plugin import MarkdownInlinePythonItem, MarkdownTextFile

from handbook.book.handbook import Handbook
from handbook.checks.blocks import check_block
from handbook.checks.every import OF_A_PAGE
from handbook.messages import told
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.mutations import Mutation
from handbook.pages.page import Block, Page
from handbook.runs.failures import explain
from handbook.sandbox.result import Result
from handbook.testing.witness import disagreements

HANDBOOK = pytest.StashKey[Handbook]()
RESULTS = pytest.StashKey[dict[str, Result]]()


@dataclasses.dataclass(frozen=True)
class BlockTest(FenceTestDefinition):
    """A fence as pytest-markdown-docs knows it, with the page it stands in."""

    page: Page | None = None
    block: Block | None = None
    key: str = ""
    results: dict[str, Result] = dataclasses.field(default_factory=dict)


@register_runner()
class Reporter(_Runner):
    """Reports what a program's own process gave for one block."""

    def runtest(self, test: BlockTest, args: dict) -> None:
        """Raise `Mistakes` unless the block ran and the page shows all that it gave.

        The signature takes no event loop: pytest-markdown-docs would then run a fence that
        raises TypeError a second time.
        """
        if wrong := check_block(test.page, test.block, test.results[test.key]):
            raise Mistakes(wrong)

    def repr_failure(self, test, excinfo, style=None) -> str:
        """The message alone for a mistake in a page; the traceback for a fault of ours."""
        return _shown(excinfo)


class CheckItem(pytest.Item):
    """One check of one page."""

    def __init__(self, *, check: Callable[[], list[Mistake]], **arguments) -> None:
        super().__init__(**arguments)
        self.check = check

    def runtest(self) -> None:
        """Raise what the check found."""
        if wrong := self.check():
            raise Mistakes(wrong)

    def repr_failure(self, excinfo, style=None) -> str:
        """The message alone for a mistake in a page; the traceback for a fault of ours."""
        return _shown(excinfo)

    def reportinfo(self):
        """Where pytest says the item is."""
        return self.path, 0, self.name


class MutationItem(pytest.Item):
    """A program made wrong on purpose, which the assert of its claim has to stop."""

    def __init__(self, *, mutation: Mutation, **arguments) -> None:
        super().__init__(**arguments)
        self.mutation = mutation
        self.key = self.config.stash[HANDBOOK].key(mutation.program)

    def runtest(self) -> None:
        """Raise `Mistakes` unless the assert stopped it."""
        failure = self.config.stash[RESULTS][self.key].failure
        if failure:
            mistake = explain(failure, self.mutation.program)
            above = told(f"(changed by {self.mutation.path}:{self.mutation.line})")
            below = "\n".join(filter(None, [above, mistake.below]))
            raise Mistakes([dataclasses.replace(mistake, below=below)])

    def repr_failure(self, excinfo, style=None) -> str:
        """The message alone for a mistake; the traceback for a fault of ours."""
        return _shown(excinfo)

    def reportinfo(self):
        """Where pytest says the item is."""
        return self.path, self.mutation.line, self.name


class MutationFile(pytest.File):
    """A list of mutations, below snippets/."""

    def collect(self):
        """Yield one item for each; a list that cannot be read is a collection error."""
        path = self.path.relative_to(self.config.rootpath).as_posix()
        for mutation in _read(self, lambda handbook: handbook.mutations_of(path)):
            yield MutationItem.from_parent(
                self, name=f"line {mutation.line} · {mutation.claim}", mutation=mutation
            )


def _shown(excinfo) -> str:
    return str(excinfo.value) if excinfo.errisinstance(Mistakes) else str(excinfo.getrepr())


class PageFile(MarkdownTextFile):
    """A Markdown page below docs/."""

    def collect(self):
        """Yield the page's items; a page that cannot be read is a collection error."""
        path = self.path.relative_to(self.config.rootpath).as_posix()
        language = path.split("/")[1]
        page = _read(self, lambda handbook: handbook.page(path, language))
        yield from _items(self, page)
        yield CheckItem.from_parent(
            self, name="pytest-markdown-docs agrees", check=functools.partial(disagreements, page)
        )


class LabFile(pytest.File):
    """A lab below snippets/labs/, whose two languages are checked one after the other."""

    def collect(self):
        """Yield the lab's items; a lab that cannot be read is a collection error."""
        path = self.path.relative_to(self.config.rootpath).as_posix()
        lab = _read(self, lambda handbook: handbook.lab(path))
        zh, en = lab.pages["zh"], lab.pages["en"]
        yield from _items(self, zh)
        for check_name, check in OF_A_PAGE.items():
            yield CheckItem.from_parent(
                self,
                name=f"{check_name}, seen from English",
                check=functools.partial(check, en, self.config.stash[HANDBOOK]),
            )


def _read(parent: pytest.File, read: Callable):
    try:
        return read(parent.config.stash[HANDBOOK])
    except Mistakes as error:
        raise parent.CollectError(str(error)) from None


def _items(parent: pytest.File, page: Page) -> Iterator[pytest.Item]:
    """One item for each Python block of a page, and one for each check of it."""
    handbook = parent.config.stash[HANDBOOK]
    for block in page.blocks:
        section = f":{block.part.section}" if block.part.section else ""
        test = BlockTest(
            source=block.part.code,
            fixture_names=(),
            start_line=block.line,
            source_path=parent.path,
            runner_name=Reporter.__name__,
            page=page,
            block=block,
            key=handbook.key(block.program),
            results=parent.config.stash[RESULTS],
        )
        name = f"line {block.line} · {pathlib.PurePath(block.program.name).stem}{section}"
        yield MarkdownInlinePythonItem.from_parent(parent, name=name, test_definition=test)
    for name, check in OF_A_PAGE.items():
        yield CheckItem.from_parent(
            parent, name=name, check=functools.partial(check, page, handbook)
        )
