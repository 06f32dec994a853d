"""The text of a page is read as it was meant."""

from collections.abc import Iterator

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.pages import marks
from handbook.pages.page import Page


def check_prose(page: Page, handbook: Handbook) -> list[Mistake]:
    """Everything in the text of a page that would be read otherwise than it was meant."""
    return [mistake for check in CHECKS for mistake in check(page, handbook)]


def values_are_written_as_values(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """What looks like an inline value is one."""
    for line, words in page.text.prose():
        for ticks, text in marks.CODE_SPAN.findall(words):
            if marks.NEAR_VALUE.match(text):
                if ticks != "`" or not marks.VALUE.match(text.strip()):
                    what = (
                        f"{ticks}{text}{ticks} is nearly an inline value, and would stay as it is"
                    )
                    yield Mistake(page.path, line, what, "Write `{python} expression`.")


CHECKS = (
    values_are_written_as_values,
)  # fmt: skip
