"""What the short form of a page needs: what unfolds a program, and what is asked next, in a sentence."""

import itertools
import pathlib
import re
from collections.abc import Callable

from handbook.book.questions import EVIDENCE, SOURCES, follow_ups, question_of
from handbook.pages.page import Page, Value, Values
from handbook.site.markup import unfold_html
from handbook.words import words

LONG = 20  # lines of an output


def folds(page: Page) -> dict[int, tuple[str, str]]:
    """What stands for folded programs and sources; nothing on a page that has no short form.

    The home page shows its one program.

    Returns:
        Index of a line of the text → prefix and HTML of what unfolds the blocks, or the list, below.
    """
    if not page.blocks or not page.url:
        return {}
    said, found = words("page", page.language), {}
    together = itertools.groupby(page.blocks, key=lambda block: (block.program, block.fence.prefix))
    for (program, prefix), group in together:
        blocks = list(group)
        name = pathlib.PurePath(program.name).name if blocks[0].part.section else "Python"
        lines = sum(len(block.part.code.splitlines()) for block in blocks)
        text = said["program"].format(name=name, lines=lines)
        found[blocks[0].fence.start] = prefix, unfold_html(text, len(blocks))
    if sources := page.section(SOURCES):
        count = len(re.findall(r"^(?:- |\d+\. )", sources, re.MULTILINE))
        below = _heading(page, SOURCES) + 1
        found[below] = "", unfold_html(said["sources"].format(count=count), 1)
    return found


def fold_of_output(page: Page, prefix: str, text: str) -> str:
    """What unfolds a long output; "" for a short one, in what unfolds anyway, and on the home page."""
    lines = len(text.splitlines())
    if lines <= LONG or prefix or not page.url:
        return ""
    return unfold_html(words("page", page.language)["lines"].format(lines=lines), 1)


def place_of_follow_ups(page: Page) -> int:
    """Before which line of the text the list of follow-ups stands; -1 if there is none."""
    return _heading(page, EVIDENCE) if question_of(page) and follow_ups(page) else -1


def follow_up_lines(page: Page, said: Callable[[Value], str]) -> list[str]:
    """The follow-ups as Markdown, each with its answer in a sentence and a link to the whole one.

    Args:
        page: a question.
        said: what to write for an inline value.
    """
    text, values, items = page.text, Values(page.values), []
    for asked in follow_ups(page):
        lines = (values.put(text.lines[x], text.origins[x], said) for x in asked.short)
        answer = " ".join(line.strip() for line in lines)
        items += [f"- [{asked.asked}](#follow-up-{asked.number})", f"    {answer}"]
    start = '<div class="asked" markdown="1" data-search-exclude>'
    label = words("page", page.language)["asked"]
    return ["", start, "", f"**{label}**", "", *items, "", "</div>", ""]


def _heading(page: Page, id: str) -> int:
    """Index of the line of the text that is the heading with this id, or -1."""
    line = next((heading.line for heading in page.headings if heading.id == id), 0)
    return page.text.origins.index(line) if line else -1
