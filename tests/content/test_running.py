"""Programs in the reader's browser: the button, what is loaded and when, and that every program runs.

IN_BROWSER=all runs every program that has a button, as once a week; IN_BROWSER=snippets/a.py,… these.
"""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from handbook import runtime
from handbook.pages.sections import without_marks
from handbook.settings import ROOT
from tests.support.visit import Visit

GUIDE = "guide/api-or-self-host/"
PROGRAM = "snippets/guide/api-or-self-host/api_or_own_gpu.py"
FEW = [  # each with other packages
    "snippets/index/errors_compound.py",
    "snippets/guide/compliance/what_you_owe_and_when.py",
    "snippets/guide/evaluation/what_a_wrong_judge_costs.py",
    "snippets/guide/wedge/how_many_silent_pilots_kill_a_wedge.py",
    "snippets/guide/innovation-advantage/thresholds_of_the_chapters.py",
    "snippets/questions/foundations/deep-learning/depth_is_not_parameter_count.py",
]


def test_nothing_is_loaded_before_the_click(visit):
    visit.open(GUIDE)
    expect(visit.openers.first).to_be_visible()
    assert visit.loaded() == [] and visit.workers() == []


def test_page_without_a_button_loads_nothing_new(visit):
    visit.open("about/contributing/")
    expect(visit.page.locator(".highlight").first).to_be_visible()
    visit.page.wait_for_load_state("networkidle")
    assert not [url for url in visit.asked if re.search(r"python|running|panel", url)]


def test_program_is_run_edited_stopped_and_reset(visit):
    visit.page.emulate_media(color_scheme="dark")
    visit.open(GUIDE)
    visit.openers.first.focus()
    visit.page.keyboard.press("Enter")
    visit.ended("run done")
    expect(visit.printed).to_contain_text("own GPUs are cheaper from")
    picture = visit.panel.locator("img")
    expect(picture).to_have_count(1)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    assert "invert" in picture.evaluate("image => getComputedStyle(image).filter")
    original = visit.code.input_value()
    assert original == without_marks((ROOT / PROGRAM).read_text("utf-8"))
    found = Axe().run(visit.page, {"include": [".run-panel"]}).response["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found]

    visit.code.fill("print(6 * 7, end='')")
    visit.code.press("Control+Enter")
    visit.ended("run done")
    expect(visit.printed).to_have_text("42")
    expect(picture).to_have_count(0)

    visit.run("x = 1\nassert x == 2, 'not so'")
    visit.ended("run failed")
    expect(visit.printed).to_contain_text("line 2")
    expect(visit.printed).to_contain_text("AssertionError: not so")

    [worker] = visit.workers()  # one for the visit
    closed = []
    worker.on("close", lambda ended: closed.append(ended))
    visit.run("print('on')\nwhile True: pass")
    expect(visit.printed).to_contain_text("on")
    visit.press("run stop")
    visit.ended("run stopped")
    visit.run("while True: print('x' * 1000)")
    visit.ended("run flooded")
    assert closed == [worker]
    visit.press("run reset")
    assert visit.code.input_value() == original
    assert visit.page.evaluate("window.refused") == []
    hosts = {url.split("/")[2] for url in visit.asked if url.startswith("http")}
    assert hosts == {visit.base.split("/")[2]}


def test_section_where_the_reader_is_can_be_edited_there(visit):
    visit.open(GUIDE)
    first, later = visit.openers.first, visit.openers.nth(6)
    later.click()
    expect(visit.panel).to_be_focused()
    block = later.locator("xpath=ancestor::div[contains(@class, 'highlight')][1]")
    shown = block.locator("pre code").inner_text().strip().splitlines()[0]
    at = visit.code.evaluate("code => code.value.slice(code.selectionStart).split('\\n')[0]")
    assert at == shown and visit.code.evaluate("code => code.scrollTop") > 0
    visit.code.fill("print(1)")
    first.click()
    expect(visit.panel).to_have_count(1)
    assert visit.code.input_value() == "print(1)"


@pytest.mark.parametrize("width", [320, 390])
def test_panel_fits_a_phone(visit, width):
    visit.page.set_viewport_size({"width": width, "height": 740})
    visit.open(GUIDE)
    visit.page.locator("[data-length=full]").click()
    visit.openers.first.click()
    expect(visit.code).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_could_not_be_loaded_is_said_and_tried_again(visit):
    visit.page.route("**/numpy*", lambda route: route.abort())
    visit.open("")
    visit.openers.first.click()
    visit.ended("run broken")
    visit.page.unroute("**/numpy*")
    visit.press("run")
    visit.ended("run done")


def test_programs_pass_in_a_browser(browser, address):
    """In one visit, one after the other, as the button runs them; every assert of theirs holds."""
    chosen = os.environ.get("IN_BROWSER", ",".join(FEW))
    files = sorted(runtime.runs(ROOT)) if chosen == "all" else chosen.split(",")
    page, failed = browser.new_page(), {}
    visit = Visit(page, address, "en")
    visit.open("")
    visit.openers.first.click()
    assert visit.ends()
    for file in files:
        code = without_marks((ROOT / file).read_text("utf-8"))
        packages = " ".join(runtime.packages_of(code))
        page.locator(".run-here").evaluate(
            "(x, packages) => x.dataset.packages = packages", packages
        )
        visit.run(code)
        expect(visit.status).not_to_have_text(visit.words["run stopped"])
        if not visit.ends():
            failed[file] = visit.printed.inner_text()[-400:] or visit.status.inner_text()
    page.close()
    assert not failed
