"""Formulas become MathML when the page is built: no script, no font, no request, readable aloud.

`pymdownx.arithmatex` (generic) finds the formulas; this turns what it found into MathML.
"""

import functools
import html
import re

import markdown
from latex2mathml import converter
from markdown.postprocessors import Postprocessor

from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.site import warn

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
    display = "inline" if match[2] == "(" else "block"
    latex = html.unescape(match[3]).strip()
    try:
        formula = converter.convert(latex, display=display)
        for check in CHECKS:
            check(latex, formula)
    except Exception as error:  # latex2mathml has no class of its own for them
        reason = str(error) or re.sub(r"(?<!^)([A-Z])", r" \1", type(error).__name__).lower()
        page: Page | None = getattr(getattr(md, "handbook", None), "page", None)
        line = page.text.find(latex.split("\n")[0]) if page else 1
        what = f"this formula cannot be read: {reason}"
        warn(Mistake(page.path if page else "a page", line, what, "Correct the LaTeX."))
        return match[0]
    if display == "block":
        return f'<div class="formula" tabindex="0">{formula}</div>{match[4]}'
    return f'<span class="kept">{formula}{match[4]}</span>' if match[4] else formula


def braces_match(latex: str, _formula: str) -> None:
    """As many braces open as close."""
    if latex.replace(r"\{", "").count("{") != latex.replace(r"\}", "").count("}"):
        raise ValueError("its braces do not match")


def commands_are_known(_latex: str, formula: str) -> None:
    """No command was left as it stands."""
    if unknown := re.search(r"<m\w>(\\[a-zA-Z]+)", formula):
        raise ValueError(f"{unknown[1]} is unknown")


CHECKS = (
    braces_match,
    commands_are_known,
)


class MathematicsExtension(markdown.Extension):
    """`handbook.site.mathematics` in mkdocs.yml, after `pymdownx.arithmatex`."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Register below raw_html (30), which puts arithmatex' stashed formulas back."""
        md.postprocessors.register(MathematicsPostprocessor(md), "mathematics", 5)


def makeExtension(**options) -> MathematicsExtension:
    """Entry point that Python-Markdown looks for."""
    return MathematicsExtension(**options)
