"""How fences and includes stand in a text: what another reader of Markdown would see otherwise."""

import pathlib
import re
from collections.abc import Iterator

from handbook.mistakes import Mistake
from handbook.pages import marks
from handbook.pages.blocks import Shown
from handbook.pages.fences import language_is_known, looks_like_python
from handbook.pages.text import Text

ITEM = re.compile(r"([ >]*)(?:[-*+]|\d+\.) +\S")


def includes_stand_in_python(
    text: Text, _shown: list[Shown], _root: pathlib.Path
) -> Iterator[Mistake]:
    """A program is included in a Python fence, where it runs, and nowhere else."""
    python = [fence for fence in text.fences if looks_like_python(fence.language)]
    within = {text.origins[i] for fence in python for i in range(fence.start, fence.end)}
    for number, line in enumerate(text.source, text.first):
        if marks.INCLUDE.match(line) and number not in within:
            what = f"this include stands in no ```python fence: {line.strip()}"
            yield Mistake(text.path, number, what, "Put it in one.")


def blocks_are_indented_by_fours(
    text: Text, _shown: list[Shown], _root: pathlib.Path
) -> Iterator[Mistake]:
    """Below a list item a fence, or a list, is indented by four spaces; with fewer it is not in it."""
    found = [(text.origins[fence.start], fence.prefix, "fence") for fence in text.fences]
    items = ((line, ITEM.match(words)) for line, words in text.prose())
    found += [(line, match[1], "item of a list") for line, match in items if match]
    for line, prefix, thing in found:
        if extra := _indent(prefix) % 4:
            what = f"this {thing} is indented by {extra} spaces too many, or {4 - extra} too few"
            remedy = "Indent it by four spaces for each list, note or tab that it stands in."
            yield Mistake(text.path, line, what, remedy)


def languages_are_known(text: Text, _shown: list[Shown], _root: pathlib.Path) -> Iterator[Mistake]:
    """The language of a fence is one of Pygments': other tools make notes of fences, or drawings."""
    for fence in text.fences:
        info = marks.FENCE.match(text.lines[fence.start])["info"]
        if info.startswith("{") or not language_is_known(fence.language):
            what = f"{info!r} is no language that is known here"
            yield Mistake(text.path, text.origins[fence.start], what, "Write ```text.")


def _indent(prefix: str) -> int:
    """The spaces before a block, without the one behind the mark of a quotation."""
    _, mark, spaces = prefix.rpartition(">")
    return len(spaces) - (bool(mark) and spaces.startswith(" "))
