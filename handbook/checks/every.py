"""All checks of all pages, before anything is built."""

from handbook.book.handbook import Handbook
from handbook.checks.asserts import check_asserts
from handbook.checks.calculators import check_calculator
from handbook.checks.cost import check_cost
from handbook.checks.pairs import check_pair
from handbook.checks.prose import check_prose
from handbook.checks.questions import check_question
from handbook.checks.spoken import check_spoken
from handbook.checks.whole import check_whole
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.page import Page

# What the pytest report calls a check → what it checks of a page.
OF_A_PAGE = {
    "both languages agree": check_pair,
    "the question is whole": check_question,
    "its text is read as it is meant": check_prose,
    "what is said aloud is short": check_spoken,
    "each assert can fail": check_asserts,
    "its proof costs little": check_cost,
    "its form is whole": check_calculator,
}


def check_page(page: Page, handbook: Handbook) -> list[Mistake]:
    """Every mistake of a page that could be read."""
    found: list[Mistake] = []
    for check in OF_A_PAGE.values():
        try:
            found += check(page, handbook)
        except Mistakes as error:  # in a list that the check reads, such as the glossary
            found += error.found
    return found


def check_language(handbook: Handbook, language: str) -> list[Mistake]:
    """Every mistake of the pages of a language, those included that cannot be read."""
    found = list(handbook.mistakes(language))
    for page in handbook.pages(language):
        found += check_page(page, handbook)
    return found


def check_handbook(handbook: Handbook) -> list[Mistake]:
    """Every mistake of the pages and of the whole."""
    found = check_whole(handbook)
    for language in LANGUAGES:
        found += check_language(handbook, language)
    return found
