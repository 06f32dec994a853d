"""The text of a page → its blocks, programs and values, and every mistake in how it is written."""

import ast
import pathlib
import re
from collections.abc import Iterable, Iterator

from handbook.mistakes import Mistake, Mistakes
from handbook.pages import blocks, layout, marks
from handbook.pages.blocks import Shown, by_program, give_figures, group, python_blocks
from handbook.pages.front_matter import LAB, PAGE, Kind, read_front_matter, split_front_matter
from handbook.pages.page import Block, Heading, Page, Table, Value
from handbook.pages.text import Text, cut, decode
from handbook.program import Program

# What must not stand in a text: (text, its blocks, the handbook's folder) → mistakes.
CHECKS = (
    blocks.unrendered_fences,
    blocks.figures_without_block,
    blocks.incomplete_programs,
    blocks.drawings_end_with_show,
    blocks.titles_name_their_program,
    layout.includes_stand_in_python,
    layout.blocks_are_indented_by_fours,
    layout.languages_are_known,
)
NAME_ONE = "Name the file of one of the page's snippets, without .py."


def read_page(file: pathlib.Path, root: pathlib.Path) -> Page:
    """Read one Markdown page.

    Args:
        file: the file, below docs/<language>/.
        root: the handbook's folder; messages name files relative to it.

    Raises:
        Mistakes: every mistake found in the page.
    """
    path = file.relative_to(root).as_posix()
    _, language, address = path.split("/", 2)
    return parse(path, decode(file, path), root, language, address)


def parse(
    path: str,
    text: str,
    root: pathlib.Path,
    language: str,
    address: str,
    *,
    notebook: bool = False,
) -> Page:
    """Read the text of a page.

    Args:
        path: the file that messages name.
        text: the whole text; its lines are those of the file.
        root: the handbook's folder.
        language: one of `languages.LANGUAGES`.
        address: the page below docs/<language>.
        notebook: whether all blocks are one program, the cells of a notebook.

    Raises:
        Mistakes: every mistake found in the text.
    """
    header, body = split_front_matter(text, path)
    meta, wrong = _meta(header, path, LAB if notebook else PAGE)
    first = text[: len(text) - len(body)].count("\n") + 1
    page_text = cut(path, body, first, root)
    shown, unshown = _sift(python_blocks(page_text, root))
    wrong += unshown
    give_figures(page_text, shown)
    if notebook:
        for index, block in enumerate(shown):
            block.index = index
    else:
        group(shown)
    wrong += [mistake for check in CHECKS for mistake in check(page_text, shown, root)]
    values, misfits = _sift(_values(page_text, shown))
    if wrong + misfits:
        raise Mistakes(wrong + misfits)
    name = path.removeprefix("snippets/") if notebook else ""
    programs = _programs(page_text, shown, values, name)
    return Page(
        path=path,
        language=language,
        address=address,
        meta=meta,
        text=page_text,
        blocks=tuple(
            Block(s.line, s.fence, s.part, programs[s.group], s.index, tuple(s.figures))
            for s in shown
        ),
        programs=programs,
        values=tuple(
            Value(line, expression, programs[group], _part_above(line, group, shown))
            for line, expression, group in values
        ),
        headings=tuple(_headings(page_text)),
        tables=tuple(_tables(page_text)),
    )


def _meta(header: str, path: str, names: dict[str, Kind]) -> tuple[dict, list[Mistake]]:
    """The front matter, or the mistakes in it: those in the text are told with them."""
    try:
        return read_front_matter(header, path, names), []
    except Mistakes as error:
        return {}, [*error.found]


def _sift(results: Iterable) -> tuple[list, list[Mistake]]:
    """What was found, and the mistakes that were found in its place."""
    every = list(results)
    wrong = [result for result in every if isinstance(result, Mistake)]
    return [result for result in every if not isinstance(result, Mistake)], wrong


def _values(text: Text, shown: list[Shown]) -> Iterator[tuple[int, str, int] | Mistake]:
    """Line, expression and program of each inline value."""
    for line, words in text.prose():
        found: list[tuple[str | None, str]] = []
        marks.replace_values(words, lambda *value, found=found: found.append(value) or "")
        for stem, expression in found:
            group = _program_of_value(stem, line, shown)
            try:
                ast.parse(expression, mode="eval")
            except SyntaxError as error:
                what = f"the inline value `{expression}` is not a Python expression: {error.msg}"
                yield Mistake(text.path, line, what, "Correct it.")
                continue
            if group is None:
                needed = f"a program named {stem!r}" if stem else "a program"
                what = f"the inline value `{expression}` needs {needed} on this page"
                yield Mistake(text.path, line, what, NAME_ONE)
            elif not stem and len({b.group for b in shown}) > 1 and line < shown[0].line:
                what = f"the inline value `{expression}` stands above all programs of the page"
                yield Mistake(text.path, line, what, NAME_ONE)
            else:
                yield line, expression, group


def _program_of_value(stem: str | None, line: int, shown: list[Shown]) -> int | None:
    """The program whose snippet file has the given stem; else the nearest above; else the first."""
    if stem:
        named = (b for b in shown if b.part.section and pathlib.PurePath(b.part.file).stem == stem)
        return next((block.group for block in named), None)
    above = [block.group for block in shown if block.line < line]
    return above[-1] if above else (0 if shown else None)


def _part_above(line: int, group: int, shown: list[Shown]) -> int:
    """The last part of a program above a line; its last part if all stand below."""
    parts = [block for block in shown if block.group == group]
    above = [block for block in parts if block.line < line]
    return (above or parts)[-1].index


def _programs(
    text: Text, shown: list[Shown], values: list[tuple[int, str, int]], name: str
) -> tuple[Program, ...]:
    """The programs of a page; `name` is that of a lab's one program."""
    programs = []
    for number, of_program in enumerate(by_program(shown)):
        first = of_program[0].part
        in_page = f"{text.path}:{first.line - 1}"
        programs.append(
            Program(
                name=name or (first.file.removeprefix("snippets/") if first.section else in_page),
                parts=tuple(block.part for block in of_program),
                expressions=tuple(sorted({e for _, e, group in values if group == number})),
                notebook=bool(name),
            )
        )
    return tuple(programs)


def _headings(text: Text) -> Iterator[Heading]:
    for line, words in text.prose():
        if heading := marks.HEADING.match(words):
            named = marks.HEADING_ID.search(words)
            yield Heading(line, len(heading["marks"]), named["id"] if named else "")


def _tables(text: Text) -> Iterator[Table]:
    """Consecutive lines that begin and end with `|`."""
    start, rows, columns, last = 0, 0, 0, -1
    for number, line in [*text.prose(), (10**9, "")]:
        row = marks.TABLE_ROW.match(line)
        if row and rows and number == last + 1:
            rows += 1
        else:
            if rows > 1:
                yield Table(start, rows, columns)
            start, rows = number, 1 if row else 0
            columns = len(re.split(r"(?<!\\)\|", row["cells"])) if row else 0
        last = number
