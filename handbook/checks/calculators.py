"""The form of a page: it is there when its list is, and the other way round."""

from collections.abc import Iterator

from handbook.book.calculators import DIRECTIVE, read
from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.pages.page import Page


def check_calculator(page: Page, handbook: Handbook) -> list[Mistake]:
    """Every mistake in the form of a page.

    Raises:
        Mistakes: its list is not whole.
    """
    return list(form_is_shown(page, handbook))


def form_is_shown(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """A page that has a list of inputs shows the form once, and no other page does."""
    lines = [number for number, line in page.text.prose() if line.strip() == DIRECTIVE]
    wanted = 1 if read(page, handbook.root) else 0
    if len(lines) != wanted:
        what = f"the form of {page.calculator} stands here {len(lines)} times, not {wanted}"
        line = lines[-1] if lines else 1
        yield Mistake(page.path, line, what, f"Write {DIRECTIVE} once on a page that has the list.")
