"""What stands outside the screen, where only scrolling the whole page sideways would show it."""

import pathlib
from collections.abc import Iterator

from playwright.sync_api import Browser

SMALLEST = {"width": 320, "height": 568}
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const fixed = element => getComputedStyle(element).position === "fixed";
  const within = (element, kind) =>
    element !== document.body && (kind(element) || within(element.parentElement, kind));
  const outside = element => {
    const box = element.getBoundingClientRect();
    return box.width && box.height && (box.right > width + 0.5 || box.left < -0.5);
  };
  const names = [...document.querySelectorAll("body *")]
    .filter(element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter(element => outside(element) && !within(element.parentElement, scrolls) && !within(element, fixed))
    .map(element => `${element.outerHTML.slice(0, 90)} at ${element.getBoundingClientRect().right}`);
  const wide = document.documentElement.scrollWidth;
  return wide > width ? [`the page is ${wide} wide`, ...names] : names;
}"""


def sideways(browser: Browser, address: str, site: pathlib.Path) -> Iterator[str]:
    """Each page of a folder, unfolded, with what stands outside the smallest screen.

    Args:
        browser: opens the pages.
        address: where the folder is served, with a slash at the end.
        site: the folder.
    """
    page = browser.new_page(viewport=SMALLEST)
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix().removesuffix("index.html")
        page.goto(address + path, wait_until="networkidle")
        page.evaluate("document.documentElement.classList.remove('short')")
        page.evaluate(
            "document.querySelectorAll('details').forEach(found => { found.open = true; })"
        )
        yield from (f"{path}: {found}" for found in page.evaluate(OUTSIDE))
    page.close()
