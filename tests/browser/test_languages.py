"""From one language to the other a reader stays where he is, in the light he chose."""

import pytest

QUESTION = "questions/sums/odd-numbers/"
OTHER = {"": "en/", "en/": ""}


@pytest.fixture(params=OTHER)
def language(request, page) -> str:
    page.set_viewport_size({"width": 900, "height": 400})
    return request.param


def switch(page, address, language) -> None:
    page.locator("a.language-switch").click()
    page.wait_for_url(f"{address}{OTHER[language]}{QUESTION}*")


@pytest.mark.parametrize("begun", ["", "#thirty-seconds", "#must-say"])
def test_switch_keeps_the_section_in_view(page, address, language, begun):
    page.goto(address + language + QUESTION + begun)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("() => scrollY > 600")
    switch(page, address, language)
    assert page.url.endswith("#sources")


@pytest.mark.parametrize("section", ["must-say", "evidence", "follow-up-1"])
def test_switch_keeps_the_section_that_was_asked_for(page, address, language, section):
    page.goto(f"{address}{language}{QUESTION}#{section}")
    page.locator(f"#{section}").wait_for()
    switch(page, address, language)
    assert page.url.endswith(f"#{section}")


def test_switch_at_the_top_names_no_section(page, address, language):
    page.goto(address + language + QUESTION + "#why")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("() => scrollY === 0")
    switch(page, address, language)
    assert page.url.endswith(QUESTION)


def test_dark_is_kept_in_the_other_language(page, address, language):
    page.goto(address + language + "lessons/waves/")
    page.locator("label[for=__palette_1]").first.click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    page.goto(address + OTHER[language] + QUESTION)
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    page.locator("label[for=__palette_0]").first.click()
    page.wait_for_selector("body[data-md-color-scheme=default]")
    page.goto(address + language)
    page.wait_for_selector("body[data-md-color-scheme=default]")
