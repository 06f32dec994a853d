"""The decks, in Anki's own package: they open, are studied, and take corrections."""

import contextlib

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from selectolax.lexbor import LexborHTMLParser

from handbook.languages import PREFIXES
from tests.support.handbooks import FIRST_COMMIT, commit, copy_of

QUESTION = "questions/sums/odd-numbers/"
TITLES = {"zh": "前 n 个奇数之和是多少", "en": "What do the first n odd numbers add up to"}


@pytest.fixture(params=PREFIXES)
def language(request) -> str:
    return request.param


@pytest.fixture
def collection(tmp_path):
    with contextlib.closing(Collection(str(tmp_path / "collection.anki2"))) as opened:
        yield opened


def take(collection: Collection, handbook, language: str):
    """Import the deck of a handbook as the dialog does; the log of what became of its notes."""
    file = handbook.root / "site" / PREFIXES[language] / "questions" / f"handbook-{language}.apkg"
    request = ImportAnkiPackageRequest(
        package_path=str(file), options=ImportAnkiPackageOptions(merge_notetypes=False)
    )
    return collection.import_anki_package(request).log


def cards(collection: Collection) -> dict[str, tuple[LexborHTMLParser, LexborHTMLParser]]:
    """Guid → the two sides of its card, as Anki shows them."""
    found = {}
    for id in collection.find_cards(""):
        card = collection.get_card(id)
        sides = (LexborHTMLParser(side) for side in (card.question(), card.answer()))
        found[card.note().guid] = tuple(sides)
    return found


def test_every_card_is_studied_from_the_first_on(published_whole, language, collection):
    take(collection, published_whole, language)
    collection.decks.select(collection.decks.id_for_name(_name(collection)))
    asked = []
    while card := collection.sched.getCard():
        asked.append((card.note().guid, LexborHTMLParser(card.question()).body.text()))
        collection.sched.answerCard(card, 4)
    assert TITLES[language] in asked[0][1]
    assert [guid for guid, _ in asked] == [
        f"{language}/sums/{name}"
        for name in (
            "odd-numbers/thirty-seconds",
            "odd-numbers/follow-up-1",
            "odd-numbers/follow-up-2",
            "even-numbers/thirty-seconds",
            "even-numbers/follow-up-1",
        )
    ]


def _name(collection: Collection) -> str:
    names = [deck.name for deck in collection.decks.all_names_and_ids()]
    return next(name for name in names if name != "Default" and "::" not in name)


def test_anki_finds_nothing_to_repair(published_whole, language, collection):
    take(collection, published_whole, language)
    notes = set(collection.find_notes(""))
    _, fine = collection.fix_integrity()
    assert fine and set(collection.find_notes("")) == notes and 0 not in notes


def test_each_topic_is_a_deck_below_that_of_the_language(published_whole, language, collection):
    take(collection, published_whole, language)
    (topic,) = [d.name for d in collection.decks.all_names_and_ids() if "::" in d.name]
    assert topic.split("::")[1] == {"zh": "求和", "en": "Sums"}[language]
    assert len(collection.find_cards(f'"deck:{topic}"')) == 5


def test_both_languages_stand_beside_each_other(published_whole, collection):
    for language in PREFIXES:
        assert len(take(collection, published_whole, language).new) == 5
    assert collection.fix_integrity()[1] and len(collection.find_cards("")) == 10


def test_correction_reaches_a_learner_and_keeps_what_is_learnt(
    published_whole, tmp_path, language, collection
):
    take(collection, published_whole, language)
    collection.decks.select(collection.decks.id_for_name(_name(collection)))
    collection.sched.answerCard(card := collection.sched.getCard(), 4)
    assert not take(collection, published_whole, language).updated

    handbook = copy_of(published_whole, tmp_path)
    handbook.environment = published_whole.environment
    wrong, right = {"zh": ("每个奇数", "每一个奇数"), "en": ("each odd", "every odd")}[language]
    handbook.replace(f"docs/{language}/{QUESTION[:-1]}.md", wrong, right)
    commit(handbook.root, FIRST_COMMIT + 86400)
    assert handbook.publish().returncode == 0

    log = take(collection, handbook, language)
    assert len(log.updated) == 3 and not log.new and not log.conflicting
    answer = cards(collection)[f"{language}/sums/odd-numbers/thirty-seconds"][1].body.text()
    assert right in answer
    assert collection.get_card(card.id).ivl > 0


def test_card_of_a_follow_up_names_the_question_and_shows_formulas(
    published_whole, language, collection
):
    take(collection, published_whole, language)
    front, back = cards(collection)[f"{language}/sums/odd-numbers/follow-up-1"]
    assert front.css_first(".context").text() == TITLES[language]
    assert front.css_first("math") and "2" in front.css_first("math").text()
    assert back.css("math")


def test_links_of_cards_lead_to_the_site(published_whole, language, collection):
    take(collection, published_whole, language)
    base = f"{published_whole.address}/{PREFIXES[language]}"
    _, back = cards(collection)[f"{language}/sums/odd-numbers/follow-up-2"]
    links = [node.attributes["href"] for node in back.css("a")]
    assert f"{base}questions/sums/even-numbers/#why" in links
    for _, back in cards(collection).values():
        assert all(x.attributes["href"].startswith("http") for x in back.css("a"))
        assert not back.css(".headerlink, .unfold, details.breaks")


def test_links_are_words_where_the_site_has_no_address(
    published_whole, tmp_path, language, collection
):
    handbook = copy_of(published_whole, tmp_path)
    assert handbook.publish().returncode == 0
    take(collection, handbook, language)
    for front, back in cards(collection).values():
        assert not front.css("a") and not back.css("a")
    _, back = cards(collection)[f"{language}/sums/odd-numbers/follow-up-2"]
    assert {"zh": "偶数那一题", "en": "the even ones"}[language] in back.body.text()


def test_code_of_a_card_is_coloured(published_whole, language, collection):
    take(collection, published_whole, language)
    _, back = cards(collection)[f"{language}/sums/odd-numbers/follow-up-2"]
    coloured = back.css_first(".highlight .nb")
    assert coloured.text() == "sum"
    (style,) = {
        card.note_type()["css"] for card in map(collection.get_card, collection.find_cards(""))
    }
    assert ".highlight .nb {" in style and ".nightMode .highlight .nb {" in style
