"""Formulas become MathML when the page is built: no script, no font, no request, readable aloud.

`pymdownx.arithmatex` (generic) finds the formulas; this turns what it found into MathML.
"""

import functools
import html
import logging
import re

import markdown
from latex2mathml import converter
from markdown.postprocessors import Postprocessor

# Under `mkdocs.`, or a strict build would not count the warnings.
log = logging.getLogger("mkdocs.handbook")

FORMULA = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)


class MathematicsPostprocessor(Postprocessor):
    """Replaces what arithmatex marked."""

    def run(self, text: str) -> str:
        """Return the page's HTML with MathML in place of LaTeX."""
        return FORMULA.sub(functools.partial(_mathml, self.md), text)


def _mathml(md: markdown.Markdown, match: re.Match) -> str:
    display = "inline" if match[2] == "(" else "block"
    latex = html.unescape(match[3]).strip()
    try:
        formula = converter.convert(latex, display=display)
        if latex.replace(r"\{", "").count("{") != latex.replace(r"\}", "").count("}"):
            raise ValueError("its braces do not match")
        if unknown := re.search(r"<m\w>(\\[a-zA-Z]+)", formula):
            raise ValueError(f"{unknown[1]} is unknown")
    except Exception as error:  # latex2mathml has no class of its own for them
        page = getattr(md.handbook, "page", None)
        lines = enumerate(page.body.splitlines(), page.body_line) if page else []
        line = next((n for n, text in lines if latex.split("\n")[0] in text), 1)
        reason = str(error) or re.sub(r"(?<!^)([A-Z])", r" \1", type(error).__name__).lower()
        log.warning(
            f"{page.path if page else 'a page'}:{line}: this formula cannot be read: {reason}. "
            "Correct the LaTeX."
        )
        return match[0]
    return formula if display == "inline" else f'<div class="formula" tabindex="0">{formula}</div>'


class MathematicsExtension(markdown.Extension):
    """`verify.mathematics` in mkdocs.yml, after `pymdownx.arithmatex`."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Register below raw_html (30), which puts arithmatex' stashed formulas back."""
        md.postprocessors.register(MathematicsPostprocessor(md), "mathematics", 5)


def makeExtension(**options) -> MathematicsExtension:
    """Entry point that Python-Markdown looks for."""
    return MathematicsExtension(**options)
