"""The Python blocks of a text, and the programs that they form."""

import dataclasses
import itertools
import pathlib
import re
from collections.abc import Iterator

from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.fences import Fence, looks_like_python
from handbook.pages.sections import sections
from handbook.pages.text import Text, decode
from handbook.program import Part, syntax_of

TITLE = re.compile(r'title="([^"]*)"')


@dataclasses.dataclass
class Shown:
    """A Python fence on its way to becoming a block."""

    line: int
    fence: Fence
    part: Part
    figures: list[int] = dataclasses.field(default_factory=list)
    group: int = 0  # index of its program on the page
    index: int = 0  # index of its part in that program


def python_blocks(text: Text, root: pathlib.Path) -> Iterator[Shown | Mistake]:
    """Every block that a reader would take for Python."""
    for fence in text.fences:
        if not looks_like_python(fence.language):
            continue
        line = text.origins[fence.start]
        info = marks.FENCE.match(text.lines[fence.start])["info"]
        if not marks.INFO.fullmatch(info):
            what = f"{info!r} is not a way to mark a block here"
            remedy = (
                'Write ```python, optionally with title="…", hl_lines="…" or linenums="…"; for '
                "code that is not to run use ```text."
            )
            yield Mistake(text.path, line, what, remedy)
            continue
        try:
            part = _part(text, fence, root)
        except Mistakes as error:
            yield from error.found
            continue
        if "\t" in part.code:  # which Markdown shows as spaces
            at = part.code[: part.code.index("\t")].count("\n") + part.line
            what, remedy = "a tab stands in this code", r"Write spaces, or \t within quotes."
            yield Mistake(part.file, at, what, remedy)
            continue
        try:
            syntax_of(part.code)
        except (SyntaxError, ValueError) as error:
            at = (getattr(error, "lineno", 1) or 1) + part.line - 1
            what = f"this is not valid Python: {getattr(error, 'msg', error)}"
            remedy = "Correct it, or use ```text for what is not to run."
            yield Mistake(part.file, at, what, remedy)
        else:
            yield Shown(line, fence, part)


def _part(text: Text, fence: Fence, root: pathlib.Path) -> Part:
    """The part of a program that a fence shows: a section of a snippet, or its own text."""
    line = text.origins[fence.start]
    between = text.source[line - text.first + 1 : text.origins[fence.end - 1] - text.first]
    written = [row for row in between if row.strip(" \t>")]
    includes = [match for row in written if (match := marks.INCLUDE.match(row))]
    if not includes:
        return Part(fence.code, text.path, line + 1)
    if len(written) > 1:
        what = "this block mixes an include with other lines"
        remedy = "Let a block hold one include, or code of its own."
        raise Mistakes([Mistake(text.path, line, what, remedy)])
    name, section = includes[0]["path"], includes[0]["section"]
    if section is None:
        what = "this include names no section"
        raise Mistakes([Mistake(text.path, line + 1, what, f"Write {name}:section.")])
    path = f"snippets/{name}"
    found = sections(decode(root / path, path), path)
    if section not in found:
        what = f"the section {section!r} of snippets/{name} is not marked as sections are here"
        remedy = f"Write '# --8<-- [start:{section}]' and '# --8<-- [end:{section}]' there."
        raise Mistakes([Mistake(text.path, line + 1, what, remedy)])
    return dataclasses.replace(found[section], code=fence.code)


def unrendered_fences(text: Text, _shown: list[Shown], _root: pathlib.Path) -> Iterator[Mistake]:
    """Lines that look like fences but are not rendered as blocks."""
    for number, line in text.prose():
        if marks.FENCE.match(line):
            what = f"this fence does not render as a block ({line.strip()!r})"
            remedy = 'Close it, and write its first line as ```python, optionally with title="…".'
            yield Mistake(text.path, number, what, remedy)


def give_figures(text: Text, shown: list[Shown]) -> None:
    """Give each figure line to the block above it."""
    for index in _figure_lines(text):
        if above := [block for block in shown if block.fence.start < index]:
            above[-1].figures.append(text.origins[index])


def figures_without_block(text: Text, shown: list[Shown], _root: pathlib.Path) -> Iterator[Mistake]:
    """Figure lines above the first block, which no block can have drawn."""
    for index in _figure_lines(text):
        if not any(block.fence.start < index for block in shown):
            what = "this figure line stands under no Python block"
            remedy = "Put it below the block that draws the figure."
            yield Mistake(text.path, text.origins[index], what, remedy)


def drawings_end_with_show(
    text: Text, shown: list[Shown], _root: pathlib.Path
) -> Iterator[Mistake]:
    """What a page shows as a figure, a reader who runs the file sees too; a notebook shows it."""
    for block in shown:
        if block.figures and ".show(" not in block.part.code and text.path.endswith(".md"):
            what = "this block draws a figure and does not show it"
            last = block.part.line + len(block.part.code.splitlines()) - 1
            yield Mistake(block.part.file, last, what, "End it with plt.show().")


def titles_name_their_program(
    text: Text, shown: list[Shown], _root: pathlib.Path
) -> Iterator[Mistake]:
    """A block that includes a program has the name of that file above it, or none."""
    for block in shown:
        title = TITLE.search(text.lines[block.fence.start])
        name = pathlib.PurePosixPath(block.part.file).name
        if title and block.part.section and title[1] != name:
            what = f"the title of this block is {title[1]!r}, and its program {name!r}"
            yield Mistake(text.path, block.line, what, f'Write title="{name}".')


def _figure_lines(text: Text) -> Iterator[int]:
    for index, line in enumerate(text.lines):
        if index not in text.fenced and marks.FIGURE.match(line):
            yield index


def group(shown: list[Shown]) -> None:
    """Consecutive blocks of one snippet file are one program; every other block is one alone."""
    together: list[Shown] = []
    for block in shown:
        section = block.part.section
        goes_on = together and section and together[-1].part.file == block.part.file
        if goes_on and all(section != before.part.section for before in together):
            block.group, block.index = together[-1].group, len(together)
            together.append(block)
        else:
            block.group = together[-1].group + 1 if together else 0
            together = [block]


def incomplete_programs(text: Text, shown: list[Shown], root: pathlib.Path) -> Iterator[Mistake]:
    """Programs of which the page does not show all sections, in order."""
    for of_program in by_program(shown):
        first = of_program[0]
        if not first.part.section:
            continue
        file = first.part.file
        expected = list(sections(decode(root / file, file), file))
        names = [block.part.section for block in of_program]
        if names != expected:
            what = (
                f"the page shows the sections {', '.join(names)} of {file}, which has "
                f"{', '.join(expected)}"
            )
            remedy = "Show all of them, in that order, with no other program between."
            yield Mistake(text.path, first.line, what, remedy)


def by_program(shown: list[Shown]) -> list[list[Shown]]:
    """The blocks of each program, in order."""
    return [list(blocks) for _, blocks in itertools.groupby(shown, key=lambda b: b.group)]
