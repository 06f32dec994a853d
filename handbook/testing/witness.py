"""pytest-markdown-docs' own reading of a page, as a second witness of what is a Python block.

Its extractor reads CommonMark, and so sees the fences of the text itself; those inside notes, tabs
and lists only superfences finds. What it finds has to be among ours.
"""

import pathlib

from markdown_it import MarkdownIt
from pytest_markdown_docs.plugin import FenceSyntax, extract_fence_tests

from handbook.mistakes import Mistake
from handbook.pages.page import Page


def disagreements(page: Page) -> list[Mistake]:
    """Fences that pytest-markdown-docs finds and we do not, or with other code or on another line.

    Args:
        page: a page that we have read; its text is read again, includes expanded.
    """
    text = page.text
    ours = {block.fence.start: block.fence.code.rstrip() for block in page.blocks}
    wrong = []
    for found in extract_fence_tests(
        MarkdownIt(),
        "\n".join(text.lines),
        0,
        pathlib.Path(page.path),
        fence_syntax=FenceSyntax.superfences,
    ):
        opened = found.start_line - 1
        code = found.source.removeprefix("\n" * found.start_line).rstrip()
        if ours.get(opened) != code:
            what = (
                "pytest-markdown-docs finds a Python block here that is not one of those that run"
                if opened not in ours
                else "pytest-markdown-docs reads this block differently from what runs"
            )
            remedy = "Write it as a ```python fence that begins and ends on lines of its own."
            wrong.append(Mistake(page.path, text.origins[opened], what, remedy))
    return wrong
