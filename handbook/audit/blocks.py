"""The page that is shown against what ran: blocks of code, outputs, drawings, inline values."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from handbook.audit.documents import Document, Site
from handbook.mistakes import Mistake
from handbook.pages.page import Page


def blocks_are_those_that_ran(document: Document, _site: Site) -> Iterator[Mistake]:
    """What is shown as a block of code is a fence of the page, in order, and every fence is shown."""
    page, shown = document.page, _shown(document)
    if any(page is None or "highlight" not in _classes(node.parent) for node in shown):
        what = "raw HTML shows code that did not run"
        yield Mistake(document.source, document.line("<pre"), what, "Write a ```python fence.")
    elif page:
        yield from _against_fences(page, shown)


def figures_are_shown(document: Document, site: Site) -> Iterator[Mistake]:
    """As many drawings are shown as blocks drew, and no other."""
    if not (page := document.page):
        return
    drawn = sum(len(result.figures[block.index]) for block, result in site.results(page))
    if (shown := len(document.tree.css("article svg:not(svg svg)"))) != drawn:
        what = f"{drawn} figures were drawn and {shown} drawings are shown"
        yield Mistake(page.path, document.line("<svg"), what, "Draw them in a program.")


def outputs_are_shown(document: Document, site: Site) -> Iterator[Mistake]:
    """As many outputs are shown as blocks printed."""
    if not (page := document.page):
        return
    printed = sum(bool(r.outputs[block.index].strip()) for block, r in site.results(page))
    if (shown := len(document.tree.css("div.output"))) != printed:
        what = f"{printed} blocks printed and {shown} outputs are shown"
        yield Mistake(page.path, 1, what, "Run make site.")


def values_are_shown(document: Document, _site: Site) -> Iterator[Mistake]:
    """As many inline values are shown as are written."""
    if not (page := document.page):
        return
    if (shown := len(document.tree.css("span.value"))) != len(page.values):
        what = f"{len(page.values)} inline values are written and {shown} are shown"
        remedy = "Do not write them in headings, code or formulas."
        yield Mistake(page.path, 1, what, remedy)


CHECKS = (
    blocks_are_those_that_ran,
    figures_are_shown,
    outputs_are_shown,
    values_are_shown,
)


def _against_fences(page: Page, shown: list[LexborNode]) -> Iterator[Mistake]:
    """The blocks of code that are shown against the fences, in order, up to the first that differs."""
    python = {block.fence for block in page.blocks}
    for number, fence in enumerate(page.text.fences):
        if number >= len(shown) or _lines(shown[number].text()) != _lines(fence.code):
            what = (
                "this block ran but is not what the page shows in its place"
                if fence in python
                else "this block is not what the page shows in its place"
            )
            remedy = "Take it out of comments and raw HTML."
            yield Mistake(page.path, page.text.origins[fence.start], what, remedy)
            return
    if (count := len(page.text.fences)) < len(shown):
        what = f"the page shows {len(shown)} blocks of code, and {count} are fences"
        yield Mistake(page.path, 1, what, "Write each as a fence.")


def _shown(document: Document) -> list[LexborNode]:
    """Every `<pre>` but those of outputs, which are counted, and of numbers beside lines."""
    found = document.tree.css("pre")
    return [x for x in found if not _classes(x.parent) & {"output", "linenodiv"}]


def _classes(node: LexborNode) -> set[str]:
    return set((node.attributes.get("class") or "").split())


def _lines(code: str) -> list[str]:
    return [line.rstrip() for line in code.rstrip().strip("\n").split("\n")]
