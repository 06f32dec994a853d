"""The first use of a term says what it means; the glossary says where it is used."""

import pytest

MEANING = {"": "多维数组", "en/": "An array"}
QUESTION = "questions/sums/even-numbers/"


@pytest.fixture(params=["", "en/"])
def question(request, page, address):
    """A question that uses a term, on a phone."""
    page.meaning, page.base = MEANING[request.param], address + request.param
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(page.base + QUESTION)
    page.locator(".reading [data-length=full]").click()
    page.locator("a.term[role=button]").wait_for()
    return page


def test_only_the_first_use_outside_headings_and_code_is_marked(question):
    (term,) = question.locator("a.term").all()
    assert term.inner_text() in ("张量", "tensor")
    before = "term => term.parentElement.firstElementChild.tagName"
    assert term.evaluate(before) == "CODE"
    assert question.locator(":is(h1, h2, h3, code) a.term").count() == 0


def test_tap_shows_the_meaning_on_the_screen_and_another_tap_closes_it(question):
    question.locator("a.term").click()
    note = question.locator(".meaning:popover-open")
    assert question.meaning in note.inner_text() and note.get_attribute("role") == "status"
    box = note.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    assert (
        question.url.split("#")[0] == question.base + QUESTION
        and question.evaluate("window.refused") == []
    )
    question.mouse.click(160, 24)
    note.wait_for(state="hidden")


@pytest.mark.parametrize("key", ["Enter", " "])
def test_keyboard_opens_it_leads_to_the_entry_and_escape_closes_it(question, key):
    question.locator("a.term").focus()
    question.keyboard.press(key)
    note = question.locator(".meaning:popover-open")
    note.wait_for()
    question.keyboard.press("Escape")
    note.wait_for(state="hidden")
    question.keyboard.press(key)
    question.keyboard.press("Tab")
    question.keyboard.press("Enter")
    question.wait_for_url(f"{question.base}about/glossary/#tensor")


def test_without_javascript_a_term_leads_to_its_entry(browser, address):
    page = browser.new_page(java_script_enabled=False)
    page.goto(address + QUESTION)
    page.locator("a.term").click()
    page.wait_for_url(f"{address}about/glossary/#tensor")
    page.close()


def test_entry_has_the_readers_language_first_and_the_pages_that_use_it(question):
    question.goto(f"{question.base}about/glossary/")
    first = question.locator("dl.glossary dt#tensor")
    assert first.inner_text().split() == (
        ["tensor", "张量"] if "/en/" in question.url else ["张量", "tensor"]
    )
    assert question.meaning in question.locator("dl.glossary dd").first.inner_text()
    question.locator("dd.used a").click()
    question.wait_for_url(question.base + QUESTION)
