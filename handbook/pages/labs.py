"""The one source of a lab, in jupytext's percent format → a page per language.

A Markdown cell is tagged `zh` or `en`; a code cell belongs to both, and one tagged `answer` is
folded. The text of a language keeps the line numbers of the file, so that a mistake found in it
has its line.
"""

import ast
import dataclasses
import pathlib
import re
from collections.abc import Iterator

from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.page import Page
from handbook.pages.reading import parse
from handbook.pages.text import decode
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


@dataclasses.dataclass(frozen=True)
class Lab:
    """A lab on disk.

    Attributes:
        path: its file, relative to the root, with `/`.
        cells: in the order of the file.
        pages: what the later steps know of it, per language; the program is the same.
    """

    path: str
    cells: tuple[Cell, ...]
    pages: dict[str, Page]

    @property
    def name(self) -> str:
        """Its file name without the suffix."""
        return pathlib.PurePath(self.path).stem


def lab_files(root: pathlib.Path) -> list[pathlib.Path]:
    """The labs of the handbook at `root`, sorted."""
    return sorted((root / "snippets" / "labs").glob("*.py"))


def read_lab(file: pathlib.Path, root: pathlib.Path) -> Lab:
    """Read one lab.

    Args:
        file: the Python file.
        root: the handbook's folder; messages name files relative to it.

    Raises:
        Mistakes: every mistake found in it.
    """
    path = file.relative_to(root).as_posix()
    text = decode(file, path)
    cells = _cells(path, text)
    wrong = [
        Mistake(path, cell.line, *fault)
        for cell, tags in cells
        for check in CELL_CHECKS
        if (fault := check(cell, tags))
    ]
    if wrong:
        raise Mistakes(wrong)
    pages: dict[str, Page] = {}
    for language in LANGUAGES:
        try:
            pages[language] = _page(path, text, cells, language, root)
        except Mistakes as error:
            wrong += error.found
    if wrong:
        raise Mistakes(wrong)
    return Lab(path, tuple(cell for cell, _ in cells), pages)


def _cells(path: str, text: str) -> list[tuple[Cell, set[str]]]:
    """Each cell and its tags, whatever they are."""
    import jupytext  # takes half a second, which a handbook without labs need not wait

    notebook = jupytext.reads(text, fmt="py:percent")
    read = [cell for cell in notebook.cells if cell.cell_type != "raw"]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if marks.CELL.match(line)]
    if len(read) != len(lines):
        what = "this lab is not in jupytext's percent format"
        raise Mistakes([Mistake(path, 1, what, "Begin each cell with '# %%'.")])
    found = []
    for line, cell in zip(lines, read, strict=True):
        tags = set(cell.metadata.get("tags", []))
        spoken = "" if cell.cell_type == "code" else "".join(sorted(tags & {*LANGUAGES})) or "none"
        found.append((Cell(line, spoken, "answer" in tags, cell.source), tags))
    return found


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
    if "8<-" in cell.text:
        return "a lab includes nothing", "Write the text here."


CELL_CHECKS = (
    tags_are_known,
    code_is_of_both_languages,
    text_is_of_one_language,
    text_holds_no_note,
    nothing_is_included,
)


def _page(
    path: str, text: str, cells: list[tuple[Cell, set[str]]], language: str, root: pathlib.Path
) -> Page:
    """The lab as a page of one language."""
    address = f"labs/{pathlib.PurePath(path).stem}.ipynb"
    source = _text(path, text, [cell for cell, _ in cells], language)
    page = parse(path, source, root, language, address, notebook=True)
    meta = {name: _of(page.meta.get(name), language) for name in ("title", "description")}
    tags = page.meta.get("tags")
    if isinstance(tags, dict) and tags.get(language):
        meta["tags"] = tags[language]
    page = dataclasses.replace(page, meta=meta)
    if wrong := [m for check in CHECKS for m in check(page, [cell for cell, _ in cells])]:
        raise Mistakes(wrong)
    return page


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


def _of(names: object, language: str) -> str:
    return str(names.get(language) or "") if isinstance(names, dict) else ""


def _text(path: str, text: str, cells: list[Cell], language: str) -> str:
    """The Markdown page of a language, each line where it stands in the file."""
    source = text.splitlines()
    lines = [""] * (len(source) + 1)
    if source and source[0] == "# ---" and "# ---" in source[1:]:
        end = source.index("# ---", 1) + 1
        lines[:end] = [line.removeprefix("#").removeprefix(" ") for line in source[:end]]
    for cell in cells:
        own = cell.text.splitlines()
        if cell.language == language:
            lines[cell.line : cell.line + len(own)] = own
        elif not cell.language:
            end = cell.line + len(own)
            if end < len(source) and source[end].strip():
                what = "the cell above has no end"
                remedy = "Leave an empty line before '# %%'."
                raise Mistakes([Mistake(path, end + 1, what, remedy)])
            lines[cell.line - 1 : end + 1] = ["```python", *own, "```"]
    return "\n".join(lines) + "\n"
