"""A cell of a lab, and what must not stand in one."""

import ast
import dataclasses
import re
from collections.abc import Iterator

from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.program import tree_of

ONLY_JUPYTER = {"display", "exit", "get_ipython", "quit"}  # in a script they act otherwise
ADMONITION = re.compile(r"^(?:!!!|\?\?\?)", re.MULTILINE)
Fault = tuple[str, str] | None  # what is wrong, what to do


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell of a lab.

    Attributes:
        line: the line of its marker, from 1.
        language: of its text, or "" for code.
        answer: whether it is folded, as the answer of an exercise.
        text: Markdown, or code.
    """

    line: int
    language: str
    answer: bool
    text: str


def tags_are_known(_cell: Cell, tags: set[str]) -> Fault:
    """A cell has no other tags than those of labs."""
    if unknown := tags - {*LANGUAGES, "answer"}:
        return f"{min(unknown)!r} is no tag of a lab", "There are: zh, en, answer."


def code_is_of_both_languages(cell: Cell, tags: set[str]) -> Fault:
    """A cell of code names no language."""
    if not cell.language and tags & {*LANGUAGES}:
        return "code belongs to both languages", "Take the tag out."


def text_is_of_one_language(cell: Cell, _tags: set[str]) -> Fault:
    """A cell of text names its language."""
    if cell.language and cell.language not in LANGUAGES:
        remedy = 'Write # %% [markdown] tags=["zh"], or "en".'
        return "this text names no language", remedy


def text_holds_no_note(cell: Cell, _tags: set[str]) -> Fault:
    """A cell of text has no notes, which only the site would show."""
    if cell.language and ADMONITION.search(cell.text):
        return "Jupyter shows no notes like this", "Write a paragraph."


def nothing_is_included(cell: Cell, _tags: set[str]) -> Fault:
    """A cell holds what it shows, for whoever takes the notebook away."""
    if re.search("-8<-", cell.text):
        return "a lab includes nothing", "Write the text here."


CELL_CHECKS = (
    tags_are_known,
    code_is_of_both_languages,
    text_is_of_one_language,
    text_holds_no_note,
    nothing_is_included,
)


def head_is_whole(page: Page, _cells: list[Cell]) -> Iterator[Mistake]:
    """The head gives title and description in the language."""
    for name in ("title", "description"):
        if not page.meta[name]:
            what = f"the head gives no {name} for {page.language!r}"
            yield Mistake(page.path, 1, what, "Add it: see the other labs.")


def text_holds_no_code(page: Page, cells: list[Cell]) -> Iterator[Mistake]:
    """Every block is a cell of code."""
    written = {cell.line for cell in cells if not cell.language}
    for block in page.blocks:
        if block.line not in written:
            what = "this Python block stands in a text"
            yield Mistake(page.path, block.line, what, "Give it a code cell of its own.")


def names_are_not_only_jupyters(page: Page, _cells: list[Cell]) -> Iterator[Mistake]:
    """The code uses no name that scripts lack, by which errors could be swallowed."""
    for block in page.blocks:
        for node in ast.walk(tree_of(block.part.code)):
            if isinstance(node, ast.Name) and node.id in ONLY_JUPYTER:
                what = f"{node.id!r} acts otherwise in Jupyter than in a script"
                line = block.part.line + node.lineno - 1
                yield Mistake(page.path, line, what, "Take it out.")


CHECKS = (
    head_is_whole,
    text_holds_no_code,
    names_are_not_only_jupyters,
)
