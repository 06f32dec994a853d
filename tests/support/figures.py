"""How large a reader sees the labels of a drawing."""

from playwright.sync_api import Page

SIZES = """drawing => [...drawing.querySelectorAll("text, tspan")]
  .filter(text => text.textContent.trim())
  .map(text => {
    const { a, b } = text.getScreenCTM();
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
  })"""


def smallest_label(page: Page, selector: str) -> float:
    """The size of the smallest label of a drawing, in pixels of the screen; 99 without labels."""
    return min(page.locator(selector).first.evaluate(SIZES), default=99.0)
