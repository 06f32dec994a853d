"""A week of self-tests: when a question comes back, where that is kept, and what the lists show."""

import datetime
import json
import re

import pytest
from playwright.sync_api import expect

from handbook.words import words

FIRST = "sums/odd-numbers"
DAY = 24 * 60 * 60


@pytest.fixture(params=["", "en/"])
def base(request, page, address) -> str:
    page.clock.install()
    return address + request.param


def mark(page, base: str, question: str, knew: bool) -> str:
    """What the page says after the self-test."""
    page.goto(f"{base}questions/{question}/")
    for at in (0, 0, 0 if knew else 1):
        page.locator(".study button").nth(at).click()
    return page.locator(".study [role=status]").inner_text()


def box(page, question: str = FIRST) -> int:
    return json.loads(page.evaluate("localStorage['handbook.study']"))[question]["box"]


def test_box_rises_only_when_the_question_is_due(page, base):
    for _ in range(4):
        assert "3" in mark(page, base, FIRST, True)
    assert box(page) == 1
    for days, risen in ((2, 1), (2, 2), (6, 2), (2, 3)):
        page.clock.fast_forward(days * DAY * 1000)
        mark(page, base, FIRST, True)
        assert box(page) == risen
    mark(page, base, FIRST, False)
    assert box(page) == 0


def test_what_was_marked_in_the_evening_is_due_in_the_morning(page, address):
    page.clock.install(time=datetime.datetime(2026, 3, 2, 21))
    mark(page, address, FIRST, False)
    for hours, due in ((2, 0), (10, 1)):
        page.clock.fast_forward(hours * 60 * 60 * 1000)
        page.goto(f"{address}questions/review/")
        expect(page.locator(".review button").first).to_be_visible()
        expect(page.locator(".review li[data-question]")).to_have_count(due)


def test_nothing_is_said_to_be_kept_where_storage_fails(page, base):
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); }")
    kept = mark(page, base, FIRST, True)
    assert kept and "3" not in kept
    assert page.evaluate("localStorage['handbook.study']") is None


def test_page_says_after_reload_when_it_comes_back(page, base):
    mark(page, base, FIRST, False)
    page.reload()
    said = page.locator(".study [role=status]")
    said.filter(has_text="20").wait_for()
    page.clock.fast_forward(2 * DAY * 1000)
    page.reload()
    page.locator(".study button").wait_for()
    assert said.inner_text() and "20" not in said.inner_text()


def test_focus_stays_after_the_last_button(page, base):
    page.goto(f"{base}questions/{FIRST}/")
    page.locator(".study button").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.className") == "study"


def test_link_within_the_page_ends_the_test(page, base):
    page.goto(f"{base}questions/{FIRST}/")
    page.locator(".study button").click()
    assert not page.locator("#thirty-seconds").is_visible()
    page.evaluate("location.hash = 'thirty-seconds'")
    page.locator("#thirty-seconds").wait_for()


def test_filter_is_in_the_address(page, base):
    page.goto(f"{base}questions/")
    page.locator(".filters select").nth(-2).select_option("2")
    shown = page.locator("ol.questions li:visible").count()
    assert "level=2" in page.url
    page.goto(f"{base}questions/{FIRST}/")
    page.go_back()
    page.locator(".filters select").nth(-2).wait_for()
    assert page.locator(".filters select").nth(-2).input_value() == "2"
    expect(page.locator("ol.questions li:visible")).to_have_count(shown)


def test_filter_hides_a_topic_that_has_nothing_left(page, base):
    page.goto(f"{base}questions/")
    page.locator(".filters select").nth(-2).select_option("3")
    expect(page.locator("ol.questions li:visible")).to_have_count(0)
    expect(page.locator("article h2#sums")).to_be_hidden()


def test_index_leads_to_what_is_due_and_spoils_nothing(page, base):
    mark(page, base, FIRST, False)
    page.goto(f"{base}questions/")
    page.locator(".state").wait_for()
    assert page.locator(".progress a").count() == 0
    assert page.locator("ol.questions small").count() == 0
    page.clock.fast_forward(2 * DAY * 1000)
    page.reload()
    page.locator(".progress a").click()
    page.locator(".review ol.questions li").wait_for()
    assert page.url == f"{base}questions/review/"


def test_empty_review_leads_on_and_says_what_comes(page, base):
    page.goto(f"{base}questions/review/")
    page.locator(".review a").wait_for()
    assert "20" not in page.locator(".review").inner_text()
    mark(page, base, FIRST, False)
    page.goto(f"{base}questions/review/")
    page.locator(".review p", has_text="20").wait_for()
    page.locator(".review a").click()
    assert page.url == f"{base}questions/"


def test_marks_leave_as_a_file_and_come_back(page, base, tmp_path):
    mark(page, base, FIRST, True)
    page.goto(f"{base}questions/review/")
    with page.expect_download() as started:
        page.locator(".review button").first.click()
    saved = tmp_path / "marks.json"
    started.value.save_as(saved)
    page.evaluate("localStorage.clear()")
    page.locator(".review input[type=file]").set_input_files(saved)
    page.locator(".review [role=status]", has_text="1").wait_for()
    assert box(page) == 1
    assert page.evaluate("window.refused") == []


def test_file_that_holds_no_marks_changes_nothing(page, base, tmp_path):
    mark(page, base, FIRST, True)
    page.goto(f"{base}questions/review/")
    (tmp_path / "x.json").write_text('{"a": {"box": 99, "due": "soon"}}')
    page.locator(".review input[type=file]").set_input_files(tmp_path / "x.json")
    page.locator(".review [role=status]").filter(has_text=".").or_(
        page.locator(".review [role=status]").filter(has_text="。")
    ).wait_for()
    assert box(page) == 1 and '"a"' not in page.evaluate("localStorage['handbook.study']")


SOLVED = {"code": "x = 1", "solved": True, "at": 5}
FILE = {
    "questions": {FIRST: {"box": 1, "due": 9, "knew": True, "at": 5}},
    "problems": {"attention": SOLVED},
    "rounds": {"0123abcd": {"found": True, "at": 5}},
}


def take(page, base, tmp_path, text: str) -> str:
    """What the page says when it has read a file."""
    page.goto(f"{base}questions/review/")
    (tmp_path / "marks.json").write_text(text, "utf-8")
    page.locator(".review input[type=file]").set_input_files(tmp_path / "marks.json")
    page.locator(".review [role=status]").filter(has_text=re.compile(r"[.。]$")).wait_for()
    return page.locator(".review [role=status]").inner_text()


def stored(page, name: str) -> dict:
    return json.loads(page.evaluate(f"localStorage['handbook.{name}'] ?? '{{}}'"))


def test_problems_and_rounds_leave_and_come_with_the_marks(page, base, tmp_path):
    assert "3" in take(page, base, tmp_path, json.dumps(FILE))
    with page.expect_download() as started:
        page.locator(".review button").first.click()
    started.value.save_as(tmp_path / "saved.json")
    assert json.loads((tmp_path / "saved.json").read_text("utf-8")) == FILE


def test_what_was_solved_stays_solved_and_the_later_attempt_stands(page, base, tmp_path):
    take(page, base, tmp_path, json.dumps(FILE))
    later = {"code": "x = 2", "solved": False, "at": 6}
    rounds = {"0123abcd": {"found": False, "at": 6}}
    take(page, base, tmp_path, json.dumps({"problems": {"attention": later}, "rounds": rounds}))
    assert stored(page, "attempts") == {"attention": later | {"solved": True}}
    assert stored(page, "rounds") == {"0123abcd": {"found": True, "at": 6}}
    earlier = {"code": "x = 0", "solved": False, "at": 1}
    take(page, base, tmp_path, json.dumps({"problems": {"attention": earlier}}))
    assert stored(page, "attempts")["attention"]["code"] == "x = 2"


def test_file_of_marks_alone_can_still_be_read(page, base, tmp_path):
    assert "1" in take(page, base, tmp_path, json.dumps(FILE["questions"]))
    assert stored(page, "study") == FILE["questions"]


@pytest.mark.parametrize(
    "text", ["{", "null", "[1]", '"x"', '{"problems": {"attention": {"code": 1}}, "rounds": null}']
)
def test_broken_file_loses_nothing(page, base, tmp_path, text):
    take(page, base, tmp_path, json.dumps(FILE))
    language = "en" if base.endswith("/en/") else "zh"
    assert take(page, base, tmp_path, text) == words("browser", language)["no marks"]
    for name, kind in (("study", "questions"), ("attempts", "problems"), ("rounds", "rounds")):
        assert stored(page, name) == FILE[kind]


def test_progress_of_questions_and_rounds_is_on_one_page(page, base):
    said = words("browser", "en" if base.endswith("/en/") else "zh")
    mark(page, base, FIRST, True)
    page.goto(f"{base}rounds/?topic=sums")
    page.locator(".sheet [role=option]").nth(2).click()
    page.goto(f"{base}questions/review/")
    expect(page.locator(".kept-here")).to_have_text(said["progress"].format(known=1, all=2))
    left = said["rounds left"].format(left=1, all=2)
    expect(page.locator("ul.rounds .state")).to_have_text(left)
    page.locator("ul.rounds a").click()
    page.locator(".sheet").wait_for()
    assert page.url == f"{base}rounds/?topic=sums"


def test_page_says_when_it_comes_back_at_once(page, base):
    page.clock.install(time=datetime.datetime(2026, 11, 29, 12))
    said = mark(page, base, FIRST, True)
    assert ("December 2, 2026" if base.endswith("/en/") else "2026年12月2日") in said


def test_door_counts_no_page_that_has_gone(page, base):
    mark(page, base, FIRST, False)
    gone = {"box": 0, "due": 9, "knew": False, "at": 5}
    page.evaluate(
        "gone => { const notes = JSON.parse(localStorage['handbook.study']);"
        " localStorage['handbook.study'] = JSON.stringify({...notes, 'sums/gone': gone}); }",
        gone,
    )
    page.clock.fast_forward(2 * DAY * 1000)
    page.goto(f"{base}questions/review/")
    expect(page.locator(".review li[data-question]")).to_have_count(1)
    page.evaluate(
        "base => { const door = Object.assign(document.createElement('a'), {href: base + 'questions/review/'});"
        " return import(base + 'assets/notes.js').then(({ invite }) => invite(door))"
        ".then(() => { window.said = door.textContent; }); }",
        base,
    )
    said = words("browser", "en" if base.endswith("/en/") else "zh")["begin"]
    assert page.evaluate("window.said") == said.format(count=1)


@pytest.mark.parametrize("due", [1e15, "soon", None, 4e12])
def test_date_of_a_mark_in_a_file_is_mended_and_said(page, base, tmp_path, due):
    note = {"box": 1, "due": due, "knew": True, "at": 5}
    told = take(page, base, tmp_path, json.dumps({"questions": {FIRST: note}}))
    said = words("browser", "en" if base.endswith("/en/") else "zh")
    assert told == f"{said['taken'].format(count=1)} {said['mended'].format(mended=1)}"
    kept = stored(page, "study")[FIRST]
    days = (kept["due"] - page.evaluate("Date.now()")) / 1000 / DAY
    assert kept["knew"] and -1 <= days <= 3


def test_mark_from_the_future_wins_over_nothing_and_is_not_lost(page, base, tmp_path):
    mark(page, base, FIRST, False)
    file = {
        "questions": {
            FIRST: {"box": 4, "due": 9, "knew": True, "at": 1e15},
            "sums/even-numbers": {"box": 4, "due": 9, "knew": True, "at": 1e15},
        },
        "problems": {"attention": {"code": "x = 1", "solved": True, "at": "yesterday"}},
        "rounds": {"0123abcd": {"found": True, "at": 1e15}},
    }
    told = take(page, base, tmp_path, json.dumps(file))
    said = words("browser", "en" if base.endswith("/en/") else "zh")
    assert said["mended"].format(mended=4) in told
    assert box(page) == 0 and box(page, "sums/even-numbers") == 4
    assert stored(page, "attempts")["attention"] == {"code": "x = 1", "solved": True, "at": 0}
    assert stored(page, "rounds")["0123abcd"] == {"found": True, "at": 0}


def test_filter_without_results_says_so_and_is_cleared(page, base):
    page.goto(f"{base}questions/?level=3")
    nothing = page.locator(".nothing[role=status]")
    expect(nothing).not_to_be_empty()
    nothing.locator("button").click()
    expect(nothing).to_be_empty()
    expect(page.locator("ol.questions li:visible")).to_have_count(2)
    assert page.url == f"{base}questions/"
