"""The published questions are short enough for twenty minutes and a phone, and set without slips."""

import statistics

import pytest
from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES, PREFIXES
from handbook.settings import ROOT
from tests.support.browser import launched
from tests.support.figures import smallest_label
from tests.support.serving import serving
from tests.support.sideways import sideways

PHONE = {"width": 390, "height": 844}
BARS = 180  # of a phone's browser
LABEL = 10  # pixels
MEDIAN_AT_MOST, AT_MOST = 5, 8  # screens of a phone
OPENING = "，。、；：！？）」』”’"  # may not begin a line


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_question_is_read_in_a_few_screens_of_a_phone(language):
    questions = Handbook.at(ROOT).questions(language).values()
    screens = {}
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport=PHONE)
        for question in questions:
            page.goto(f"{address}/{question.page.html.removesuffix('index.html')}")
            page.locator(".reading [data-length=short][aria-pressed=true]").wait_for()
            height = page.evaluate("document.querySelector('article').scrollHeight")
            screens[question.name] = height / PHONE["height"]
    long = {name: round(n, 1) for name, n in screens.items() if n > AT_MOST}
    assert not long
    assert statistics.median(screens.values()) <= MEDIAN_AT_MOST


def test_nothing_stands_outside_the_smallest_phone():
    site = (ROOT / "site").resolve()
    with serving(site) as address, launched() as browser:
        assert not [*sideways(browser, f"{address}/", site)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_screen_of_a_phone_says_what_this_is_and_holds_three_doors(language):
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport=PHONE)
        page.goto(f"{address}/{PREFIXES[language]}")
        doors = page.locator("article h1 + p + .doors > div")
        assert doors.count() == 3 and all(door.locator("h2 a").count() for door in doors.all())
        box = doors.last.bounding_box()
        assert box["y"] + box["height"] < PHONE["height"] - BARS


# What a sheet holds, in pixels of CSS, within margins of 14 mm.
PAPER = {"A4": (688, 1016), "Letter": (710, 949)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", PAPER)
def test_each_question_of_the_set_to_print_fits_on_a_page(language, paper):
    width, height = PAPER[paper]
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{address}/{PREFIXES[language]}questions/cards/")
        page.emulate_media(media="print")
        cards = page.locator("section.card")
        assert cards.count() == len(Handbook.at(ROOT).questions(language))
        tall = cards.evaluate_all("all => all.map(card => card.getBoundingClientRect().height)")
        assert max(tall) < height


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_begins_with_the_punctuation_behind_a_formula(language):
    for page in Handbook.at(ROOT).pages(language):
        tree = LexborHTMLParser((ROOT / "site" / page.html).read_text("utf-8"))
        for formula in tree.css("article math[display=inline]"):
            after = formula.next
            if after and after.tag == "-text" and (after.text() or " ")[0] in OPENING:
                kept = formula.parent.attributes.get("class") == "kept"
                assert kept, f"{page.path}: {formula.text()}{after.text()[:10]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_every_enlarged_figure_are_read_on_a_phone(language):
    small = {}
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport=PHONE)
        for path in (found.html for found in Handbook.at(ROOT).pages(language)):
            if 'figure class="drawing' not in (ROOT / "site" / path).read_text("utf-8"):
                continue
            page.goto(f"{address}/{path.removesuffix('index.html')}")
            openers = page.locator("figure.drawing .enlarge")
            openers.first.wait_for(state="attached")
            for number in range(openers.count()):
                openers.nth(number).evaluate("opener => opener.click()")
                label = smallest_label(page, "dialog svg")
                page.keyboard.press("Escape")
                page.locator("dialog").wait_for(state="detached")
                if label < LABEL:
                    small[path, number] = round(label, 1)
    assert not small


WIDE = """() => [...document.querySelectorAll(".md-typeset__scrollwrap")]
    .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth)
    .map(box => box.querySelector("table").outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_runs_over_the_edge_of_a_phone(language):
    found = {}
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport=PHONE)
        for path in (found.html for found in Handbook.at(ROOT).pages(language)):
            if "<table>" not in (ROOT / "site" / path).read_text("utf-8"):
                continue
            page.set_viewport_size(PHONE)
            page.goto(f"{address}/{path.removesuffix('index.html')}", wait_until="networkidle")
            if page.locator(".reading").count():
                page.locator(".reading [data-length=full]").click()
            for width in (390, 360):
                page.set_viewport_size(PHONE | {"width": width})
                for _ in range(50):  # the page lays its tables out anew after it has been resized
                    page.wait_for_timeout(100)
                    if not (wide := page.evaluate(WIDE)):
                        break
                else:
                    found[path, width] = wide
    assert not found


SMALL = """() => [...document.querySelectorAll(
    ".md-content :is(button, select, input:not([type=file], [type=checkbox], [type=radio]))")]
    .filter(x => x.checkVisibility() && !x.matches(".enlarge, .md-code__button, .md-annotation *"))
    .filter(x => x.getBoundingClientRect().height < 43.9 || x.getBoundingClientRect().width < 43.9)
    .map(x => x.outerHTML.slice(0, 90))"""
TAPPED = (
    "questions/",
    "questions/review/",
    "questions/foundations/gradients/",
    "problems/ppo/",
    "rounds/?topic=problems",
    "guide/evaluation/",
)


@pytest.mark.parametrize("path", TAPPED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_tapped_has_forty_four_pixels(language, path):
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport=PHONE)
        page.goto(f"{address}/{PREFIXES[language]}{path}", wait_until="networkidle")
        page.locator(".md-content :is(button, select, input):enabled:visible").first.wait_for()
        assert not page.evaluate(SMALL)
        if (test := page.locator(".study button")).count():
            test.first.click()
            assert not page.evaluate(SMALL)


LONG = """lines => [...document.querySelectorAll(".md-content .output > pre")]
    .filter(x => x.checkVisibility() && x.textContent.trim().split("\\n").length > lines)
    .map(x => x.textContent.slice(0, 60))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_output_folds_in_the_short_form_and_unfolds(language):
    with serving((ROOT / "site").resolve()) as address, launched() as browser:
        page = browser.new_page(viewport=PHONE)
        page.goto(f"{address}/{PREFIXES[language]}problems/ppo/")
        page.locator(".reading [data-length=short][aria-pressed=true]").wait_for()
        assert not page.evaluate(LONG, 20)
        page.locator(".output > .unfold > button:enabled:visible").first.click()
        assert len(page.evaluate(LONG, 20)) == 1
        page.locator(".reading [data-length=full]").click()
        assert len(page.evaluate(LONG, 20)) >= 2
        assert not page.locator(".output > .unfold").first.is_visible()
