"""Formulas become MathML when the page is built: no script, no font, no request, readable aloud.

`pymdownx.arithmatex` (generic) finds the formulas; this turns what it found into MathML.
"""

import html
import re

import markdown
from latex2mathml import converter
from markdown.postprocessors import Postprocessor

FORMULA = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)


class MathematicsPostprocessor(Postprocessor):
    """Replaces what arithmatex marked."""

    def run(self, text: str) -> str:
        """Return the page's HTML with MathML in place of LaTeX."""
        return FORMULA.sub(_mathml, text)


def _mathml(match: re.Match) -> str:
    display = "inline" if match[2] == "(" else "block"
    formula = converter.convert(html.unescape(match[3]).strip(), display=display)
    return formula if display == "inline" else f'<div class="formula">{formula}</div>'


class MathematicsExtension(markdown.Extension):
    """`verify.mathematics` in mkdocs.yml, after `pymdownx.arithmatex`."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Register below raw_html (30), which puts arithmatex' stashed formulas back."""
        md.postprocessors.register(MathematicsPostprocessor(md), "mathematics", 5)


def makeExtension(**options) -> MathematicsExtension:
    """Entry point that Python-Markdown looks for."""
    return MathematicsExtension(**options)
