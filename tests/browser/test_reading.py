"""A page is read short or full: programs and sources fold, links lead to what is folded."""

import pytest

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
QUESTION = "questions/sums/odd-numbers/"
CODE, OUTPUT = "#evidence ~ .highlight", "#evidence ~ .output"


@pytest.fixture(params=["", "en/"])
def question(request, page, address):
    """A question, on a desk."""
    page.set_viewport_size(DESK)
    page.address = address + request.param + QUESTION
    page.goto(page.address)
    page.locator(".reading [aria-pressed=true]").wait_for()
    return page


def seen(page, selector: str) -> bool:
    return page.locator(selector).first.is_visible()


def choose(page, length: str) -> None:
    page.locator(f".reading [data-length={length}]").click()


def test_short_shows_what_is_said_and_what_programs_gave(question):
    assert seen(question, CODE) and seen(question, "#why") and not seen(question, ".unfold")
    choose(question, "short")
    for shown in ("#thirty-seconds", "#must-say", ".asked", OUTPUT, "#wrong-answer", ".unfold"):
        assert seen(question, shown), shown
    for folded in (CODE, "#why", "#why + p", "#sources ~ ul", "details.question"):
        assert not seen(question, folded), folded


def test_choice_is_remembered_by_the_next_page(question):
    choose(question, "short")
    question.goto(question.address.replace("odd-numbers", "even-numbers"))
    question.locator(".reading [data-length=short][aria-pressed=true]").wait_for()
    assert not seen(question, CODE)
    choose(question, "full")
    question.reload()
    question.locator(".reading [data-length=full][aria-pressed=true]").wait_for()
    assert seen(question, CODE)


def test_phone_begins_short_and_a_screen_full(question):
    assert question.locator(".reading [data-length=full][aria-pressed=true]").count() == 1
    question.set_viewport_size(PHONE)
    question.reload()
    question.locator(".reading [data-length=short][aria-pressed=true]").wait_for()
    assert not seen(question, CODE)


def test_program_unfolds_and_folds_by_the_keyboard(question):
    choose(question, "short")
    opener = question.locator(".unfold button").first
    assert "add_odd_numbers.py" in opener.inner_text() and "3" in opener.inner_text()
    opener.focus()
    question.keyboard.press("Enter")
    assert seen(question, CODE) and opener.get_attribute("aria-expanded") == "true"
    question.keyboard.press("Enter")
    assert not seen(question, CODE) and opener.get_attribute("aria-expanded") == "false"


def test_sources_unfold(question):
    choose(question, "short")
    question.locator("#sources ~ .unfold button").click()
    assert seen(question, "#sources ~ ul")


def test_number_of_a_source_leads_to_the_list_unfolded(question):
    choose(question, "short")
    question.evaluate("location.hash = 'sources'")
    question.locator("#sources ~ ul").first.wait_for()
    assert question.locator("#sources + .unfold > button").get_attribute("aria-expanded") == "true"
    assert not seen(question, CODE)


def test_follow_up_in_a_sentence_leads_to_the_whole_answer(question):
    choose(question, "short")
    assert question.locator(".asked li").count() == 2
    question.locator(".asked a").nth(1).click()
    whole = question.locator("#follow-up-2")
    assert whole.get_attribute("open") is not None and whole.locator("p").last.is_visible()
    assert not question.locator("#follow-up-1").is_visible()


def test_link_into_what_short_leaves_out_makes_the_page_full(question):
    choose(question, "short")
    question.locator("#must-say ~ ul a[href='#why']").click()
    question.locator("#why").wait_for()
    assert question.locator("#why").bounding_box()["y"] < DESK["height"]
    question.goto(question.address + "#follow-up-1")
    question.reload()
    question.locator("#follow-up-1 p >> nth=-1").wait_for()


def test_all_of_a_page_is_read_without_javascript(browser, address):
    page = browser.new_page(java_script_enabled=False, viewport=PHONE)
    page.goto(address + QUESTION)
    assert seen(page, CODE) and seen(page, "#why") and seen(page, "#sources ~ ul")
    assert not seen(page, ".reading") and not seen(page, ".unfold")
    page.close()


@pytest.mark.parametrize("path", ["", "lessons/waves/"])
def test_home_page_shows_its_program_and_others_offer_the_choice(page, address, path):
    page.set_viewport_size(PHONE)
    page.goto(address + path)
    assert (page.locator(".reading").count() == 1) == bool(path)
    assert seen(page, ".language-python.highlight") == (not path)


def test_punctuation_stays_with_its_formula(question):
    (kept,) = question.locator("#thirty-seconds + p .kept").all()
    style = kept.evaluate("element => getComputedStyle(element).whiteSpace")
    assert style == "nowrap" and kept.inner_text().strip()[-1] in "：:"
