"""The page that is shown against the blocks that ran: code, outputs, inline values."""

from collections.abc import Iterator

from handbook.audit.documents import Document, Site
from handbook.mistakes import Mistake


def blocks_are_those_that_ran(document: Document, _site: Site) -> Iterator[Mistake]:
    """Every Python block that is shown is one that ran, and the other way round."""
    if not (page := document.page):
        return
    shown = [_lines(node.text()) for node in document.tree.css("div.language-python code")]
    for number, block in enumerate(page.blocks):
        if number >= len(shown) or shown[number] != _lines(block.part.code):
            what = "this block ran but is not what the page shows in its place"
            remedy = "Take it out of comments and raw HTML."
            yield Mistake(page.path, block.line, what, remedy)
            return
    if len(shown) > len(page.blocks):
        what = f"the page shows {len(shown)} Python blocks and {len(page.blocks)} ran"
        yield Mistake(page.path, 1, what, "Write each as a ```python fence.")


def no_python_in_raw_html(document: Document, _site: Site) -> Iterator[Mistake]:
    """Raw HTML shows no Python."""
    raw = document.tree.css_first(":not(.highlight) > pre > code[class*=python]")
    if document.page and raw:
        what = "raw HTML shows Python that did not run"
        yield Mistake(document.page.path, 1, what, "Write a ```python fence.")


def outputs_are_shown(document: Document, site: Site) -> Iterator[Mistake]:
    """As many outputs are shown as blocks printed."""
    if not (page := document.page):
        return
    records = ((block, site.handbook.record(block.program)) for block in page.blocks)
    printed = sum(bool(r.result.outputs[b.index].strip()) for b, r in records if r)
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
    no_python_in_raw_html,
    outputs_are_shown,
    values_are_shown,
)


def _lines(code: str) -> list[str]:
    return [line.rstrip() for line in code.rstrip().strip("\n").split("\n")]
