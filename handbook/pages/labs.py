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
ADMONITION = re.compile(r"^(?:!!!|\?\?\?)")


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
    wrong = [mistake for cell in cells for mistake in _misplaced(path, cell)]
    if wrong:
        raise Mistakes(wrong)
    pages: dict[str, Page] = {}
    for language in LANGUAGES:
        try:
            pages[language] = _page(path, text, cells, language, root)
        except Mistakes as error:
            wrong += error.found
    if pages:
        wrong += _only_jupyter(next(iter(pages.values())))
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


def _misplaced(path: str, found: tuple[Cell, set[str]]) -> Iterator[Mistake]:
    """What is wrong with the tags and the kind of a cell."""
    cell, tags = found
    if unknown := tags - {*LANGUAGES, "answer"}:
        what = f"{min(unknown)!r} is no tag of a lab"
        yield Mistake(path, cell.line, what, "There are: zh, en, answer.")
    if not cell.language:
        if tags & {*LANGUAGES}:
            yield Mistake(path, cell.line, "code belongs to both languages", "Take the tag out.")
        return
    if cell.language not in LANGUAGES:
        remedy = 'Write # %% [markdown] tags=["zh"], or "en".'
        yield Mistake(path, cell.line, "this text names no language", remedy)
    if ADMONITION.search(cell.text):
        yield Mistake(path, cell.line, "Jupyter shows no notes like this", "Write a paragraph.")
    if "8<-" in cell.text:
        yield Mistake(path, cell.line, "a lab includes nothing", "Write the text here.")


def _page(
    path: str, text: str, cells: list[tuple[Cell, set[str]]], language: str, root: pathlib.Path
) -> Page:
    """The lab as a page of one language."""
    address = f"labs/{pathlib.PurePath(path).stem}.ipynb"
    source = _text(path, text, [cell for cell, _ in cells], language)
    page = parse(path, source, root, language, address, notebook=True)
    written = {cell.line for cell, _ in cells if not cell.language}
    wrong = [
        Mistake(
            path,
            block.line,
            "this Python block stands in a text",
            "Give it a code cell of its own.",
        )
        for block in page.blocks
        if block.line not in written
    ]
    meta = {name: _of(page.meta.get(name), language) for name in ("title", "description")}
    wrong += [
        Mistake(
            path, 1, f"the head gives no {name} for {language!r}", "Add it: see the other labs."
        )
        for name, value in meta.items()
        if not value
    ]
    if wrong:
        raise Mistakes(wrong)
    tags = page.meta.get("tags")
    if isinstance(tags, dict) and tags.get(language):
        meta["tags"] = tags[language]
    return dataclasses.replace(page, meta=meta)


def _only_jupyter(page: Page) -> Iterator[Mistake]:
    for block in page.blocks:
        for node in ast.walk(tree_of(block.part.code)):
            if isinstance(node, ast.Name) and node.id in ONLY_JUPYTER:
                what = f"{node.id!r} acts otherwise in Jupyter than in a script"
                line = block.part.line + node.lineno - 1
                yield Mistake(page.path, line, what, "Take it out.")


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
