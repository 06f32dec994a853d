"""The set to print keeps each question on one page."""

import re

import pytest


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_no_question_is_split_between_two_pages(page, address, language, paper):
    page.goto(address + language + "questions/cards/")
    fill = """cards => cards.slice(1).forEach(card => card.remove()) || Array.from({length: 5}, () => {
        const copy = cards[0].cloneNode(true);
        copy.removeAttribute("id");
        copy.querySelector("p").textContent = "word ".repeat(640);
        cards[0].after(copy);
    })"""
    cards = page.locator("section.card")
    cards.evaluate_all(fill)
    cards.first.evaluate("card => card.remove()")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})
    heights = cards.evaluate_all("all => all.map(x => x.getBoundingClientRect().height)")
    assert all(520 < height < 900 for height in heights), heights
    printed = page.pdf(format=paper)
    # Each fills more than half a page: five of them, each whole, are five pages.
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 5
