"""What readers type brings the page they want first, in the published site and a real browser."""

import pytest

from handbook.book import expectations
from handbook.languages import PREFIXES
from handbook.settings import ROOT
from tests.support.browser import launched
from tests.support.serving import serving

CASES = [(x.language, x.words, x.page) for x in expectations.read(ROOT)]


@pytest.fixture(scope="module")
def search():
    """A function that gives the pages found for a word, best first."""
    assert (ROOT / "site" / "index.html").is_file(), "there is no site. Run make site first"
    with serving(ROOT / "site") as address, launched() as browser:
        opened = {}
        for language, folder in PREFIXES.items():
            opened[language] = browser.new_page()
            opened[language].goto(f"{address}/{folder}", wait_until="networkidle")
            opened[language].keyboard.press("/")

        def ask(language: str, word: str) -> list[str]:
            page, entry = opened[language], opened[language].locator("input[name=query]")
            base = f"{address}/{PREFIXES[language]}"
            found = page.locator(".md-search-result__link")
            entry.fill("")
            entry.press("End")  # Material asks when a key comes up
            found.first.wait_for(state="detached")
            entry.fill(word)
            entry.press("End")
            found.first.wait_for(state="attached")
            links = found.evaluate_all("all => all.map(a => a.href)")
            pages = [link.removeprefix(base).partition("#")[0].partition("?")[0] for link in links]
            return list(dict.fromkeys(pages))

        yield ask


@pytest.mark.parametrize("language, word, page", CASES)
def test_word_brings_its_page_first(search, language, word, page):
    assert search(language, word)[0] == page


def test_there_are_forty_words():
    assert len(CASES) >= 40
