"""The published pages in a real browser: the policy in each page lets it work, and nothing more."""

import pathlib
import re
import subprocess
import sys
import urllib.parse

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

FORMS = pathlib.Path(__file__).parents[2] / ".github" / "ISSUE_TEMPLATE"
PAGES = [
    "",
    "lessons/waves/",
    "questions/",
    "questions/review/",
    "questions/cards/",
    "questions/sums/odd-numbers/",
    "questions/sums/even-numbers/",
    "about/glossary/",
    "labs/light/",
    "about/verification/",
    "404.html",
]


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES[:-1])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(page, address, scheme, path, language):
    page.emulate_media(color_scheme=scheme)
    page.goto(address + language + path, wait_until="networkidle")
    folded = page.locator("details:not([open]) > summary")
    for _ in range(folded.count()):
        folded.first.click()
    found = Axe().run(page).response["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found]


def test_lab_figure_follows_the_palette(page, address):
    page.emulate_media(color_scheme="dark")
    page.goto(address + "labs/light/", wait_until="networkidle")
    ink = "getComputedStyle(document.querySelector('figure.drawing svg text')).fill"
    text = "getComputedStyle(document.querySelector('article p')).color"
    assert page.evaluate(ink) == page.evaluate(text)


@pytest.mark.parametrize("width", [360, 1280])
def test_figure_has_its_size_before_it_is_painted(page, address, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address + "labs/light/", wait_until="networkidle")
    height = "document.querySelector('figure.drawing').getBoundingClientRect().height"
    hide = "document.querySelector('figure.drawing').style.contentVisibility = "
    page.evaluate(hide + "'hidden'")
    before = page.evaluate(height)
    page.evaluate(hide + "'visible'")
    assert before > 100 and abs(page.evaluate(height) - before) < 1


def refused(page: Page) -> list[str]:
    return page.evaluate("window.refused")


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES)
def test_page_keeps_its_policy(page, address, language, path):
    if language and path == "404.html":
        language = ""  # one page for both languages, at the root
    page.goto(address + language + path, wait_until="networkidle")
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
    page.locator("label[for=__palette_1]").first.click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert refused(page) == []
    # A mouth full of 404s would be one too: the page for what is missing names addresses at the root.
    assert not [line for line in page.said if line.startswith("error")], page.said
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        address.split("/")[2]
    }


@pytest.mark.parametrize("language, word", [("", "正弦"), ("en/", "sine")])
def test_search_works_under_the_policy(page, address, language, word):
    page.goto(f"{address}{language}?q={word}", wait_until="networkidle")
    page.wait_for_selector(".md-search-result__link")
    assert "lessons/waves/" in page.locator(".md-search-result__link").first.get_attribute("href")
    assert refused(page) == []


def test_code_can_be_copied_and_figures_are_drawn_under_the_policy(page, address):
    page.goto(address + "lessons/waves/", wait_until="networkidle")
    page.locator("summary").first.click()
    box = page.locator("figure.drawing svg").bounding_box()
    assert box["width"] > 200 and box["height"] > 100
    page.locator(".md-code__button, .md-clipboard").first.click()
    assert refused(page) == []


@pytest.mark.parametrize(
    "code, directive",
    [
        ("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))", "script-src"),
        ("new Image().src = 'https://example.org/x.png'", "img-src"),
        ("new FontFace('F', 'url(https://example.org/f.woff2)').load().catch(() => 0)", "font-src"),
        ("fetch('https://example.org/').catch(() => 0)", "connect-src"),
        ("document.body.setAttribute('onclick', '1'); document.body.click()", "script-src"),
    ],
)  # fmt: skip
def test_policy_refuses_what_was_not_in_the_page(page, address, code, directive):
    page.goto(address, wait_until="networkidle")
    page.evaluate(code)
    # An expression would be evaluated at each look, which the policy refuses from the second on.
    page.wait_for_function("() => window.refused.length > 0", timeout=60_000)
    assert refused(page)[0].startswith(directive)


QUESTION = "questions/sums/odd-numbers/"
WORDS = {
    "": {
        "test": "自测",
        "show": "看答案",
        "knew": "会了",
        "not": "还不会",
        "old": "天前",
        "due": "已经过期",
    },
    "en/": {
        "test": "Test yourself",
        "show": "Show the answer",
        "knew": "I knew it",
        "not": "Not yet",
        "old": "days old",
        "due": "has passed",
    },
}


@pytest.fixture(params=WORDS)
def language(request) -> str:
    return request.param


class Study:
    """A question page as somebody who tests himself uses it."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page, self.words, self.base = page, WORDS[language], address + language

    def open(self, name: str = QUESTION) -> None:
        self.page.goto(self.base + name)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=self.words[name], exact=True).click()

    def answers_are_shown(self) -> bool:
        return self.page.locator("#thirty-seconds").is_visible()

    def mark(self, name: str, how: str) -> None:
        self.open(name)
        self.press("test")
        self.press("show")
        self.press(how)
        self.page.locator("[role=status]", has_text="1" if how == "not" else "3").wait_for()


def test_self_test_folds_the_answer_until_asked(page, address, language):
    study = Study(page, address, language)
    study.open()
    assert study.answers_are_shown()
    study.press("test")
    assert not study.answers_are_shown() and page.locator("h1").is_visible()
    study.press("show")
    assert study.answers_are_shown()
    study.press("knew")
    assert page.locator("[role=status]").inner_text().strip()


def test_self_test_works_with_the_keyboard_alone(page, address, language):
    study = Study(page, address, language)
    study.open()
    page.get_by_role("button", name=study.words["test"]).focus()
    page.keyboard.press("Enter")
    assert not study.answers_are_shown()
    page.keyboard.press("Enter")
    assert study.answers_are_shown()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("[role=status]").inner_text().strip()


def test_index_shows_progress_and_review_lists_what_is_due(page, address, language):
    study = Study(page, address, language)
    page.clock.install()
    study.mark(QUESTION, "knew")
    study.mark("questions/sums/even-numbers/", "not")
    study.open("questions/")
    expect(page.locator("ol.questions .state")).to_have_count(2)
    assert "1" in page.locator(".progress").inner_text()
    states = page.locator("ol.questions .state").all_inner_texts()
    assert len(set(states)) == 2
    study.open("questions/review/")
    expect(page.locator("ol.questions li:visible")).to_have_count(0)
    page.clock.fast_forward("48:00:00")
    page.reload()
    due = page.locator(".review ol.questions li a")
    expect(due).to_have_count(1)
    assert "even-numbers" in due.get_attribute("href")


def test_marks_stay_in_the_browser(page, address, language):
    study = Study(page, address, language)
    study.mark(QUESTION, "knew")
    assert "sums/odd-numbers" in page.evaluate("localStorage['handbook.study']")
    assert {url.split("/")[2] for url in page.asked} == {address.split("/")[2]}


def test_index_is_filtered_by_level(page, address, language):
    page.goto(address + language + "questions/")
    assert page.locator("ol.questions li:visible").count() == 2
    page.locator(".filters select").nth(-2).select_option("2")
    shown = page.locator("ol.questions li:visible")
    assert shown.count() == 1 and shown.get_attribute("data-level") == "2"


def test_index_is_sorted_by_how_often_a_question_is_asked(page, address, language):
    page.goto(address + language + "questions/")
    items, order = page.locator("ol.questions li:visible"), page.locator(".filters select").last
    by_topic = ["sums/odd-numbers", "sums/even-numbers"]
    names = "all => all.map(item => item.dataset.question)"
    assert items.evaluate_all(names) == by_topic
    order.select_option("asked")
    assert items.evaluate_all(names) == by_topic[::-1]
    assert page.locator("h2#sums").is_hidden() and "order=asked" in page.url
    page.reload()
    assert items.evaluate_all(names) == by_topic[::-1]
    order.select_option("")
    assert items.evaluate_all(names) == by_topic and page.locator("h2#sums").is_visible()


def test_question_leads_to_what_comes_before_and_next(page, address, language):
    page.goto(address + language + QUESTION)
    page.locator(".next a").click()
    page.wait_for_url("**/even-numbers/")
    page.locator(".about a[href*=odd-numbers]").click()
    page.wait_for_url("**/odd-numbers/")


def test_language_switch_stays_on_the_page_and_the_section(page, address, language):
    page.goto(address + language + QUESTION + "#why")
    page.locator("a.language-switch").click()
    other = "en/" if language == "" else ""
    page.wait_for_url(f"{address}{other}{QUESTION}#why")


def test_old_run_and_facts_past_their_date_say_so(page, address, language):
    page.clock.install()
    page.clock.fast_forward(40 * 24 * 3600 * 1000)
    page.goto(address + language + QUESTION)
    stamp, facts = page.locator(".stamp.aged"), page.locator(".facts.aged")
    assert WORDS[language]["old"] in stamp.inner_text()
    assert WORDS[language]["due"] in facts.inner_text()


def test_fresh_run_does_not_say_it_is_old(page, address, language):
    page.goto(address + language + QUESTION)
    page.locator(".stamp").wait_for()
    assert page.locator(".stamp.aged").count() == 0


def test_report_of_a_mistake_names_page_section_and_version(page, address, language):
    page.goto(address + language + QUESTION)
    page.locator("#follow-ups").scroll_into_view_if_needed()
    link = page.locator(".report a")
    link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    link.click()
    opened = urllib.parse.urlsplit(link.get_attribute("href"))
    given = dict(urllib.parse.parse_qsl(opened.query))
    form = yaml.safe_load((FORMS / given["template"]).read_text("utf-8"))
    fields = {field["id"]: given.get(field["id"], "") for field in form["body"]}
    assert opened.path == "/repository/issues/new" and given["title"].endswith(QUESTION)
    assert QUESTION + "#" in fields["page"] and "1a2b3c" in fields["version"]


def test_short_question_prints_on_one_page(page, address, language):
    page.goto(address + language + QUESTION)
    page.locator(".reading [data-length=short]").click()
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.parametrize("length", ["short", "full"])
def test_question_prints_as_it_is_read(page, address, language, length):
    page.goto(address + language + QUESTION)
    page.locator(f".reading [data-length={length}]").click()
    page.emulate_media(media="print")
    for hidden in (".md-header", ".md-footer", ".study", ".reading", ".unfold", ".take"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in ("h1", "#thirty-seconds", "#must-say", ".asked", "#wrong-answer"):
        assert page.locator(shown).first.is_visible(), shown
    for full in ("#evidence", ".highlight", "#why", "#follow-ups", "#sources", "#sources ~ ul"):
        assert page.locator(full).first.is_visible() == (length == "full"), full


def test_page_is_read_without_javascript(browser, address, language):
    page = browser.new_page(java_script_enabled=False)
    page.goto(address + language + QUESTION)
    assert page.locator("#thirty-seconds").is_visible()
    assert page.locator("details.take a").first.get_attribute("href")
    page.goto(address + language + "questions/")
    assert page.locator("ol.questions li:visible").count() == 2
    page.close()


def test_page_holds_at_twice_the_size(page, address, language):
    page.set_viewport_size({"width": 640, "height": 512})  # 1280 by 1024 at 200 %
    page.goto(address + language + QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_motion_is_reduced_where_asked(page, address, language):
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + language + QUESTION)
    slowest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].map(x => parseFloat(getComputedStyle(x).transitionDuration)))"
    )
    assert slowest < 0.01


def test_program_runs_by_its_address(page, address, language):
    page.goto(address + language + QUESTION)
    page.locator("details.take summary").click()
    command = page.locator("code.run").first.inner_text()
    assert command.startswith("uv run http://127.0.0.1")
    uv = pathlib.Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [uv, "run", "--no-project", "--python", sys.executable, command.split()[-1]],
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert done.stdout == "sum 100\n", done.stderr
