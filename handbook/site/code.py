"""How code looks in a page, and how it must not be written."""

import pathlib
import re
from collections import Counter

from markdown.blockprocessors import BlockProcessor
from markdown.postprocessors import Postprocessor

from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.site import around, warn

# Names, operators and punctuation have the colour of the code around them: marking them would make
# half of all elements of a page with programs, and every phone would lay them out.
UNCOLOURED = re.compile(r'<span class="[nop]">([^<]*)</span>')


TITLE = re.compile(r'<span class="filename">([^<]+)</span>')


class CodePostprocessor(Postprocessor):
    """Drops what Pygments marks and the page does not colour; leads from a block to its program."""

    def run(self, text: str) -> str:
        """Return the page's HTML with fewer elements, and a link in the title of each block."""
        text = UNCOLOURED.sub(r"\1", text)
        page: Page | None = self.md.handbook.page
        return _with_links(text, page) if page else text


def _with_links(text: str, page: Page) -> str:
    """The title of each block is a link to its program, with its place among the blocks of it."""
    files = {pathlib.PurePath(p.parts[0].file).name: p for p in page.programs if p.parts[0].section}
    shown: Counter[str] = Counter()

    def link(match: re.Match) -> str:
        program = files.get(match[1])
        if program is None:
            return match[0]
        shown[match[1]] += 1
        file, of = around.up(page) + program.parts[0].file, len(program.parts)
        place = f" <small>{shown[match[1]]}/{of}</small>" if of > 1 else ""
        return f'<span class="filename"><a href="{file}" download>{match[1]}</a>{place}</span>'

    return TITLE.sub(link, text)


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
