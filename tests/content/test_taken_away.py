"""What is taken away from the published site leads somewhere, and its decks are studied in Anki."""

import contextlib
import json
import posixpath
import re

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest
from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.book.questions import follow_ups
from handbook.languages import LANGUAGES, PREFIXES
from handbook.settings import ROOT
from handbook.site.links import LINK, is_elsewhere

SITE = ROOT / "site"
MARKDOWN = sorted(SITE.rglob("index.md"))
NOTEBOOKS = sorted(SITE.rglob("*.ipynb"))


def name(file) -> str:
    return file.relative_to(SITE).as_posix()


def links(text: str) -> list[str]:
    """Where the Markdown links of a text lead, those to other hosts left out."""
    found = (match["target"] or match["href"] for match in LINK.finditer(text))
    return [target for target in found if target and not is_elsewhere(target)]


def test_there_are_files_to_take_away():
    assert len(MARKDOWN) > 90 and len(NOTEBOOKS) > 80


@pytest.mark.parametrize("file", MARKDOWN, ids=name)
def test_links_of_markdown_lead_to_a_file_of_the_site(file):
    text = file.read_text("utf-8")
    for link in links(text):
        path, _, anchor = link.partition("#")
        target = SITE / posixpath.normpath(posixpath.join(posixpath.dirname(name(file)), path))
        target = target / "index.html" if target.is_dir() else target
        assert target.is_file(), link
        if anchor:
            assert re.search(rf'\bid="?{re.escape(anchor)}["\s>]', target.read_text("utf-8")), link
    outside = LINK.sub(lambda match: "" if match["code"] else match[0], text)
    assert "](figure)" not in outside and "`{python" not in outside


@pytest.mark.parametrize("file", NOTEBOOKS, ids=name)
def test_notebook_of_a_site_without_address_has_no_relative_link(file):
    cells = json.loads(file.read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert not [link for text in texts for link in links(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_deck_is_whole_in_anki(language, tmp_path):
    questions = Handbook.at(ROOT).questions(language).values()
    file = SITE / PREFIXES[language] / "questions" / f"handbook-{language}.apkg"
    with contextlib.closing(Collection(str(tmp_path / "collection.anki2"))) as collection:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(file)))
        assert collection.fix_integrity()[1]
        cards = [collection.get_card(id) for id in collection.find_cards("")]
        assert len(cards) == sum(1 + len(follow_ups(question.page)) for question in questions)
        first = min(cards, key=lambda card: card.due)
        assert first.note().guid.startswith(f"{language}/{next(iter(questions)).name}/")
        for card in cards:
            front, back = (LexborHTMLParser(side) for side in (card.question(), card.answer()))
            context = front.css_first(".context")
            assert bool(context) == ("follow-up" in card.note().guid)
            assert len(back.body.text()) > len(front.body.text()) + 10
            assert all(is_elsewhere(link.attributes["href"]) for link in back.css("a[href]"))
            assert not back.css("button, .headerlink, details, [class*=footnote]")
        topics = {question.topic for question in questions}
        decks = [deck for deck in collection.decks.all_names_and_ids() if "::" in deck.name]
        assert len(decks) == len(topics)
