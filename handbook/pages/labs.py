"""The one source of a lab, in jupytext's percent format → a page per language.

A Markdown cell is tagged `zh` or `en`; a code cell belongs to both, and one tagged `answer` is
folded. The text of a language keeps the line numbers of the file, so that a mistake found in it
has its line.
"""

import dataclasses
import pathlib

from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.cells import CELL_CHECKS, CHECKS, Cell
from handbook.pages.page import Page
from handbook.pages.reading import parse
from handbook.pages.text import decode


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
    if not any(cell.cell_type == "code" for cell in read):
        what = "this lab has no cell of code"
        raise Mistakes([Mistake(path, 1, what, "Add one, or write a page.")])
    found = []
    for line, cell in zip(lines, read, strict=True):
        tags = set(cell.metadata.get("tags", []))
        spoken = "" if cell.cell_type == "code" else "".join(sorted(tags & {*LANGUAGES})) or "none"
        found.append((Cell(line, spoken, "answer" in tags, cell.source), tags))
    return found


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
    if page.was:
        meta["was"] = page.meta["was"]
    page = dataclasses.replace(page, meta=meta)
    if wrong := [m for check in CHECKS for m in check(page, [cell for cell, _ in cells])]:
        raise Mistakes(wrong)
    return page


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
