"""Formulas become MathML when the page is built: no script, readable aloud.

`pymdownx.arithmatex` (generic) finds the formulas; this turns what it found into MathML.
"""

import functools
import html
import re
import textwrap

import markdown
from markdown.postprocessors import Postprocessor

from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.site import warn
from handbook.site.mathml import Unreadable, mathml_of

SHOWN = 60  # characters of a formula in a message

# With the punctuation behind it, which may not begin a line.
FORMULA = re.compile(
    r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>([，。、；：！？）」』”’,.;:!?)]*)',
    re.DOTALL,
)


class MathematicsPostprocessor(Postprocessor):
    """Replaces what arithmatex marked."""

    def run(self, text: str) -> str:
        """Return the page's HTML with MathML in place of LaTeX."""
        return FORMULA.sub(functools.partial(_mathml, self.md), text)


def _mathml(md: markdown.Markdown, match: re.Match) -> str:
    display = match[2] == "["
    latex = html.unescape(match[3]).strip()
    try:
        formula = mathml_of(latex, display)
    except Unreadable as error:
        shown = textwrap.shorten(latex, SHOWN, placeholder=" …")
        what = f"the formula ${shown}$ cannot be shown: {error.why}"
        _name(md, latex.split("\n")[0], what, error.remedy)
        return match[0]
    if display:
        return f'<div class="formula" tabindex="0">{formula}</div>{match[4]}'
    return f'<span class="kept">{formula}{match[4]}</span>' if match[4] else formula


def _name(md: markdown.Markdown, words: str, what: str, remedy: str) -> None:
    page: Page | None = getattr(getattr(md, "handbook", None), "page", None)
    line = page.text.find(words) if page else 1
    warn(Mistake(page.path if page else "a page", line, what, remedy))


class MathematicsExtension(markdown.Extension):
    """`handbook.site.mathematics` in mkdocs.yml, after `pymdownx.arithmatex`."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Register below raw_html (30), which puts arithmatex' stashed formulas back."""
        md.postprocessors.register(MathematicsPostprocessor(md), "mathematics", 5)


def makeExtension(**options) -> MathematicsExtension:
    """Entry point that Python-Markdown looks for."""
    return MathematicsExtension(**options)
