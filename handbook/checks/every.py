"""All checks of all pages, before anything is built."""

from collections.abc import Iterator

from handbook.book.handbook import Handbook
from handbook.checks.asserts import check_asserts
from handbook.checks.cost import check_cost
from handbook.checks.pairs import check_pair
from handbook.checks.prose import check_prose
from handbook.checks.questions import check_question
from handbook.checks.spoken import check_spoken
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake
from handbook.pages.page import Page

# What the pytest report calls a check → what it checks of a page.
OF_A_PAGE = {
    "both languages agree": check_pair,
    "the question is whole": check_question,
    "its text is read as it is meant": check_prose,
    "what is said aloud is short": check_spoken,
    "each assert can fail": check_asserts,
    "its proof costs little": check_cost,
}


def check_page(page: Page, handbook: Handbook) -> list[Mistake]:
    """Every mistake of a page that could be read."""
    return [mistake for check in OF_A_PAGE.values() for mistake in check(page, handbook)]


def check_handbook(handbook: Handbook, language: str) -> list[Mistake]:
    """Every mistake of a language's pages, those included that cannot be read."""
    found = [m for page in handbook.pages(language) for m in check_page(page, handbook)]
    return [*handbook.mistakes(language), *found, *_unshown(handbook)]


def _unshown(handbook: Handbook) -> Iterator[Mistake]:
    """Programs that no page shows, if all pages can be read."""
    if any(map(handbook.mistakes, LANGUAGES)):
        return
    shown = {file for language in LANGUAGES for x in handbook.pages(language) for file in x.files}
    for file in sorted((handbook.root / "snippets").rglob("*.py")):
        if (path := file.relative_to(handbook.root).as_posix()) not in shown:
            what = "no page shows this program"
            yield Mistake(path, 1, what, "Include its sections in a page, or delete it.")
