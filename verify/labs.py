"""The one source of a lab, in jupytext's percent format → a page and a notebook per language.

A Markdown cell is tagged `zh` or `en`; a code cell belongs to both, and one tagged `answer` is
folded. The text of a language keeps the line numbers of the file, so that a mistake found in it
has its line.
"""

import ast
import dataclasses
import functools
import pathlib
import re

from verify.pages import FIGURE, Page, PageError, parse, replace_values
from verify.settings import LANGUAGES

MARKER = re.compile(r"^# %%")
ONLY_JUPYTER = {"display", "exit", "get_ipython", "quit"}  # in a script they act otherwise
ADMONITION = re.compile(r"^(?:!!!|\?\?\?)")
HEADING_ID = re.compile(r"[ \t]+\{#[\w.-]+\}[ \t]*$", re.MULTILINE)
RELATIVE_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)")


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
        pages: what the verification knows of it, per language; the program is the same.
    """

    path: str
    cells: tuple[Cell, ...]
    pages: dict[str, Page]

    @property
    def name(self) -> str:
        """Its file name without the suffix."""
        return pathlib.PurePath(self.path).stem


def files(root: pathlib.Path) -> list[pathlib.Path]:
    """The labs of the handbook at `root`, sorted."""
    return sorted((root / "snippets" / "labs").glob("*.py"))


def read(file: pathlib.Path, root: pathlib.Path) -> Lab:
    """Read one lab.

    Args:
        file: the Python file.
        root: the handbook's folder; messages name files relative to it.

    Raises:
        PageError: with every mistake found in it.
    """
    path = file.relative_to(root).as_posix()
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PageError([f"{path}:{line}: the file is not UTF-8. Save it as UTF-8."]) from None
    return _read(path, text, root)


@functools.lru_cache(maxsize=256)
def _read(path: str, text: str, root: pathlib.Path) -> Lab:
    cells = _cells(path, text)
    address = f"labs/{pathlib.PurePath(path).stem}.ipynb"
    pages, errors = {}, []
    for language in LANGUAGES:
        try:
            page = parse(
                path, _text(path, text, cells, language), root, language, address, notebook=True
            )
        except PageError as error:
            errors += [message for message in error.messages if message not in errors]
            continue
        written = {cell.line for cell in cells if not cell.language}
        errors += [
            f"{path}:{block.line}: this Python block stands in a text. Give it a code cell of its own."
            for block in page.blocks
            if block.line not in written
        ]
        meta = {name: _of(page.meta.get(name), language) for name in ("title", "description")}
        errors += [
            f"{path}:1: the head gives no {name} for {language!r}. Add it: see the other labs."
            for name, value in meta.items()
            if not value
        ]
        tags = page.meta.get("tags")
        if isinstance(tags, dict) and tags.get(language):
            meta["tags"] = tags[language]
        pages[language] = dataclasses.replace(page, meta=meta)
    if pages:
        errors += _only_jupyter(next(iter(pages.values())))
    if errors:
        raise PageError(errors)
    return Lab(path, cells, pages)


def _only_jupyter(page: Page) -> list[str]:
    names = (
        (block.part.line + node.lineno - 1, node.id)
        for block in page.blocks
        for node in ast.walk(ast.parse(block.part.code))
        if isinstance(node, ast.Name)
    )
    return [
        f"{page.path}:{line}: {name!r} acts otherwise in Jupyter than in a script. Take it out."
        for line, name in names
        if name in ONLY_JUPYTER
    ]


def _of(names: object, language: str) -> str:
    return str(names.get(language) or "") if isinstance(names, dict) else ""


def _cells(path: str, text: str) -> tuple[Cell, ...]:
    import jupytext  # takes half a second, which a handbook without labs need not wait

    notebook = jupytext.reads(text, fmt="py:percent")
    read = [cell for cell in notebook.cells if cell.cell_type != "raw"]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if MARKER.match(line)]
    if len(read) != len(lines):
        raise PageError(
            [
                f"{path}:1: this lab is not in jupytext's percent format. Begin each cell with '# %%'."
            ]
        )
    errors, cells = [], []
    for line, cell in zip(lines, read, strict=True):
        tags = set(cell.metadata.get("tags", []))
        spoken = sorted(tags & set(LANGUAGES))
        if unknown := tags - {*LANGUAGES, "answer"}:
            errors.append(
                f"{path}:{line}: {min(unknown)!r} is no tag of a lab. There are: zh, en, answer."
            )
        if cell.cell_type == "markdown" and len(spoken) != 1:
            errors.append(
                f'{path}:{line}: this text names no language. Write # %% [markdown] tags=["zh"], or "en".'
            )
        if cell.cell_type == "code" and spoken:
            errors.append(f"{path}:{line}: code belongs to both languages. Take the tag out.")
        if cell.cell_type == "markdown" and ADMONITION.search(cell.source):
            errors.append(f"{path}:{line}: Jupyter shows no notes like this. Write a paragraph.")
        cells.append(Cell(line, "".join(spoken), "answer" in tags, cell.source))
    if errors:
        raise PageError(errors)
    return tuple(cells)


def _text(path: str, text: str, cells: tuple[Cell, ...], language: str) -> str:
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
                raise PageError(
                    [
                        f"{path}:{end + 1}: the cell above has no end. Leave an empty line before '# %%'."
                    ]
                )
            lines[cell.line - 1 : end + 1] = ["```python", *own, "```"]
    return "\n".join(lines) + "\n"


def notebook(lab: Lab, language: str, value=None, outputs: dict[int, list[dict]] | None = None):
    """The notebook of one language.

    Args:
        lab: what it is made from.
        language: whose texts it has.
        value: what to write for an inline value, given its expression.
        outputs: what each code cell gave, by its number, in Jupyter's format; without it, the
            notebook is one to download: no outputs, and Markdown as Jupyter reads it.

    Returns:
        An `nbformat` notebook, version 4.
    """
    from nbformat import v4

    cells, number = [], 0
    for cell in lab.cells:
        name = f"line-{cell.line}"
        tags = {"tags": ["answer"]} if cell.answer else {}
        if cell.language == language:
            shown = replace_values(cell.text, lambda _, expression: value(expression))
            shown = "\n".join(x for x in shown.split("\n") if not FIGURE.match(x)).strip()
            if outputs is None:
                shown = RELATIVE_LINK.sub(r"\1", HEADING_ID.sub("", shown))
            if shown:
                cells.append(v4.new_markdown_cell(shown, id=name, metadata=tags))
        elif not cell.language:
            hidden = {"jupyter": {"source_hidden": True}} if cell.answer else {}
            given = (outputs or {}).get(number, [])
            cells.append(
                v4.new_code_cell(
                    cell.text,
                    id=name,
                    metadata=tags | hidden,
                    outputs=[v4.new_output(**output) for output in given],
                )
            )
            number += 1
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
