"""A round of "find the bug": guessed by a click, by keys or by its number, and kept."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from handbook.words import words


@pytest.fixture(params=["", "en/"])
def base(request, page, address) -> str:
    return address + request.param


@pytest.fixture
def said(base) -> dict[str, str]:
    return words("browser", "en" if base.endswith("/en/") else "zh")


@pytest.fixture
def rounds(page, base):
    page.goto(f"{base}rounds/")
    page.locator("ul.rounds a").click()
    page.locator(".sheet").wait_for()


def kept(page) -> list[bool]:
    return [
        x["found"] for x in json.loads(page.evaluate("localStorage['handbook.rounds']")).values()
    ]


def press(page, said, name: str) -> None:
    page.locator(".round").get_by_role("button", name=said[name], exact=True).click()


def test_page_fetches_rounds_only_when_a_topic_is_chosen(page, base):
    page.goto(f"{base}rounds/")
    page.locator("ul.rounds a").wait_for()
    assert not page.locator(".needs-script").is_visible()
    assert not [url for url in page.asked if url.endswith("sums.json")]
    page.locator("ul.rounds a").click()
    page.locator(".sheet").wait_for()
    assert [url for url in page.asked if url.endswith("sums.json")]


def test_wrong_line_is_said_and_the_right_one_shows_the_change(page, base, said, rounds):
    lines, status = page.locator(".sheet [role=option]"), page.locator(".round [role=status]")
    lines.nth(3).click()
    expect(status).to_have_text(said["round no"].format(line=4))
    assert page.locator(".round a").count() == 0 and kept(page) == [False]
    lines.nth(2).click()
    expect(status).to_contain_text(said["round yes"].format(line=3))
    expect(page.locator(".ended")).to_be_focused()
    expect(page.locator(".ended del")).to_have_text(lines.nth(2).locator("code").inner_text())
    expect(page.locator(".ended ins")).to_have_text("total = sum(range(1, 20, 2))")
    expect(page.locator(".ended div code")).to_have_text("assert total == 10**2")
    assert kept(page) == [True]
    left = said["rounds left"].format(left=1, all=2)
    expect(page.locator("ul.rounds .state")).to_have_text(left)
    found = Axe().run(page, {"include": ["article"]}).response["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found]
    assert page.evaluate("window.refused") == []
    page.locator(".ended a").click()
    assert page.url == f"{base}questions/sums/odd-numbers/"


def test_those_not_found_come_first_and_all_are_counted(page, said, rounds):
    page.locator(".sheet [role=option]").nth(2).click()
    first = page.locator(".ended del").inner_text()
    press(page, said, "round next")
    expect(page.locator(".sheet")).to_be_focused()
    press(page, said, "round show")
    expect(page.locator(".ended del")).not_to_have_text(first)
    expect(page.locator(".round [role=status]")).to_have_text(said["round told"].format(line=3))
    assert sorted(kept(page)) == [False, True]
    page.reload()  # The one that was shown comes again.
    page.locator(".sheet [role=option]").nth(2).click()
    expect(page.locator(".ended del")).not_to_have_text(first)
    expect(page.locator("ul.rounds .state")).to_have_text(said["rounds found"].format(all=2))


def test_keys_and_the_number_do_what_a_click_does(page, said, rounds):
    page.locator(".sheet").focus()
    for key in ("End", "Home", "ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    status = page.locator(".round [role=status]")
    expect(status).to_have_text(said["round no"].format(line=2))
    number = page.get_by_role("spinbutton", name=said["round line"])
    number.fill("99")
    number.press("Enter")
    expect(status).to_have_text(said["round no"].format(line=2))  # There is no such line.
    number.fill("3")
    number.press("Enter")
    expect(status).to_contain_text(said["round yes"].format(line=3))
    page.locator(".sheet [role=option]").nth(4).click()  # It is over.
    expect(status).to_contain_text(said["round yes"].format(line=3))


def test_time_is_said_to_whom_it_matters(page, base, said):
    page.clock.install()
    page.goto(f"{base}rounds/?topic=sums")
    page.get_by_label(said["round timed"]).check()
    page.clock.fast_forward(83_000)
    press(page, said, "round show")
    took = said["round took"].format(minutes=1, seconds="#").split("#")[0]
    expect(page.locator(".round [role=status]")).to_contain_text(took)
    press(page, said, "round next")
    expect(page.get_by_label(said["round timed"])).to_be_checked()


def test_round_that_cannot_be_fetched_or_kept_says_so(page, base, said):
    page.route("**/sums.json", lambda route: route.abort())
    page.goto(f"{base}rounds/?topic=sums")
    expect(page.locator(".round")).to_have_text(said["run missing"])
    page.unroute("**/sums.json")
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.goto(f"{base}rounds/?topic=sums")
    page.locator(".sheet [role=option]").nth(2).click()
    expect(page.locator(".round [role=status]")).to_contain_text(said["not kept"])


def test_a_phone_scrolls_the_program_and_not_the_page(page, base):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{base}rounds/?topic=sums")
    page.locator(".sheet [role=option]").nth(2).click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_scripts_the_page_says_what_it_needs(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}rounds/?topic=sums")
    assert page.locator(".needs-script").is_visible()
    context.close()
