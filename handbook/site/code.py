"""How code looks in a page, and how it must not be written."""

import re

from markdown.blockprocessors import BlockProcessor
from markdown.postprocessors import Postprocessor

from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.site import warn

# Names, operators and punctuation have the colour of the code around them: marking them would make
# half of all elements of a page with programs, and every phone would lay them out.
UNCOLOURED = re.compile(r'<span class="[nop]">([^<]*)</span>')


class CodePostprocessor(Postprocessor):
    """Drops what Pygments marks and the page does not colour."""

    def run(self, text: str) -> str:
        """Return the page's HTML with fewer elements and the same text."""
        return UNCOLOURED.sub(r"\1", text)


class IndentedCodeProcessor(BlockProcessor):
    """Names what Markdown elsewhere would take for code: it would be shown here as prose."""

    def test(self, parent, block: str) -> bool:
        """Whether no container took the block and it is indented all the same."""
        return block.startswith(" " * self.tab_length)

    def run(self, parent, blocks: list[str]) -> None:
        """Report the block; it then counts as text."""
        page: Page | None = self.parser.md.handbook.page
        blocks[0] = blocks[0].lstrip()
        if page:
            first = blocks[0].split("\n")[0].strip()
            lines = enumerate(page.text.source, page.text.first)
            line = next((number for number, text in lines if text.strip() == first), 1)
            what = "indentation does not mark code here"
            remedy = "Write a ```python fence, or ```text for what does not run."
            warn(Mistake(page.path, line, what, remedy))


CHECKS = (IndentedCodeProcessor,)
