"""A search is asked however its words came into the box, and marks what it found where it leads."""

import urllib.parse

import pytest
from playwright.sync_api import expect

from handbook.settings import ROOT
from handbook.words import words

WORDS = {"": "正弦", "en/": "sine"}


@pytest.fixture(params=WORDS)
def language(request) -> str:
    return request.param


@pytest.fixture
def box(page, address, language):
    """The box of the search, open and empty, and the index loaded, which asks by itself once."""
    page.goto(address + language, wait_until="networkidle")
    page.keyboard.press("/")
    box = page.locator("input[name=query]")
    box.press_sequentially(WORDS[language])
    first(page)
    box.press("ControlOrMeta+a")
    box.press("Delete")
    page.locator(".md-search-result__link").first.wait_for(state="detached")
    return box


def first(page) -> str:
    result = page.locator(".md-search-result__link").first
    result.wait_for(state="attached")
    return result.get_attribute("href")


def test_words_that_are_pasted_are_searched(page, box, language):
    page.keyboard.insert_text(WORDS[language])
    assert "lessons/waves/" in first(page)


def test_words_of_an_input_method_are_searched(page, box, language):
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "zx", "selectionStart": 2, "selectionEnd": 2})
    devtools.send("Input.insertText", {"text": WORDS[language]})
    assert box.input_value() == WORDS[language]
    assert "lessons/waves/" in first(page)


def test_result_marks_the_words_on_its_page(page, box, language):
    page.keyboard.insert_text(WORDS[language])
    first(page)
    page.locator(".md-search-result__link").first.click()
    page.wait_for_url("**/lessons/waves/?h=*")
    marked = page.locator("article mark[data-md-highlight]")
    marked.first.wait_for()
    assert {text.lower() for text in marked.all_inner_texts()} >= {WORDS[language]}


def test_latin_and_han_need_no_space_between_them(page, address):
    page.goto(address, wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.insert_text("n个奇数")
    assert "questions/" in first(page)


@pytest.mark.parametrize("typed", ("sqvares", "what are sqvares", "squares of cosines"))
def test_questions_and_typing_mistakes_find_their_page(page, address, typed):
    page.goto(address + "en/", wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.insert_text(typed)
    assert "lessons/waves/" in first(page)


@pytest.mark.parametrize("typed", ("ｓｑｕａｒｅｓ", "oddnumbers", "what is a cosine?"))
def test_full_width_letters_joined_words_and_question_marks_are_understood(page, address, typed):
    page.goto(address + "en/", wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.insert_text(typed)
    assert first(page)


def test_search_without_hits_says_what_to_do(page, box, address, language):
    said = words("browser", "en" if language else "zh")
    unfound = page.locator(".unfound[role=status]")
    page.keyboard.insert_text("qqwwzz")
    expect(unfound).to_contain_text("qqwwzz")
    links = {link.inner_text(): link.get_attribute("href") for link in unfound.locator("a").all()}
    assert links[said["unfound list"]] == f"{address}{language}questions/"
    asked = urllib.parse.urlsplit(links[said["unfound ask"]])
    given = dict(urllib.parse.parse_qsl(asked.query))
    assert asked.path == "/repository/issues/new"
    assert given == {
        "template": "missing.yml",
        "title": said["unfound title"].format(query="qqwwzz"),
    }
    assert (ROOT / ".github/ISSUE_TEMPLATE" / given["template"]).is_file()
    box.fill(WORDS[language])
    first(page)
    expect(unfound).to_be_empty()
