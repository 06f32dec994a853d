"""A figure opens over the whole screen of a phone, where its labels can be read."""

import pytest

from tests.support.figures import smallest_label

PHONE = {"width": 390, "height": 844}


def left(sheet) -> float:
    """How far it has scrolled, once it stands still."""
    return sheet.evaluate(
        """async sheet => {
          for (let last = -1; last !== sheet.scrollLeft;) {
            last = sheet.scrollLeft;
            await new Promise(done => setTimeout(done, 200));
          }
          return sheet.scrollLeft;
        }"""
    )


@pytest.fixture(params=["", "en/"])
def figure(request, page, address):
    """The opener of a figure, on a phone in the dark."""
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    page.goto(address + request.param + "labs/light/")
    page.locator("figure.drawing .enlarge").first.wait_for()
    return page.locator("figure.drawing .enlarge").first


def test_tap_opens_it_and_its_labels_are_large_enough(page, figure):
    assert figure.get_attribute("aria-label")
    figure.click()
    assert smallest_label(page, "dialog svg") >= 10
    box = page.locator("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate("window.refused") == []


def test_keyboard_opens_enlarges_scrolls_and_closes_it_and_stays_where_it_was(page, figure):
    figure.focus()
    page.keyboard.press("Enter")
    drawing, sheet = page.locator("dialog svg"), page.locator("dialog > div")
    before = drawing.bounding_box()["width"]
    page.keyboard.press("+")
    assert drawing.bounding_box()["width"] > before
    page.get_by_role("button", name="缩小").or_(page.get_by_role("button", name="Smaller")).press(
        "Enter"
    )
    assert abs(drawing.bounding_box()["width"] - before) < 1
    for _ in range(3):
        page.keyboard.press("+")
    sheet.focus()
    at = left(sheet)
    page.keyboard.press("ArrowRight", delay=300)
    assert left(sheet) > at
    page.keyboard.press("n")  # Material's key for the next page
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert figure.evaluate("opener => opener === document.activeElement")
    assert page.locator("figure.drawing svg").first.is_visible() and "labs/light" in page.url


def test_enlarged_figure_is_in_the_ink_of_the_palette(page, figure):
    figure.click()
    ink = "getComputedStyle(document.querySelector('dialog svg text')).fill"
    paper = "getComputedStyle(document.querySelector('dialog')).backgroundColor"
    assert page.evaluate(ink) == page.evaluate(
        "getComputedStyle(document.querySelector('article p')).color"
    )
    assert page.evaluate(paper) == page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_nothing_is_loaded_for_figures_where_there_is_none(page, address):
    page.goto(address + "questions/", wait_until="networkidle")
    assert not [url for url in page.asked if "figures.js" in url]
