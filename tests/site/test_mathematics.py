"""Formulas become MathML, in any Markdown; one that cannot be read stops a strict build by name."""

import logging

import markdown
import pytest

from handbook.mistakes import Mistake


@pytest.fixture
def convert():
    """Markdown without the extension that knows pages."""
    options = {"pymdownx.arithmatex": {"generic": True}}
    extensions = ["pymdownx.arithmatex", "handbook.site.mathematics"]
    return markdown.Markdown(extensions=extensions, extension_configs=options).convert


def test_formulas_in_a_line_and_on_their_own_become_mathml(convert):
    html = convert("So $\\sin x$.\n\n$$\n\\frac{1}{2}\n$$\n")
    assert html.count("<math") == 2 and "\\" not in html
    assert '<p>So <span class="kept"><math>' in html
    assert '<div class="formula" tabindex="0"><math display="block"><mfrac>' in html


@pytest.mark.parametrize(
    "formula, reason",
    [
        (
            "\\unheardof x",
            'the formula $\\unheardof x$ cannot be shown: unknown command "\\unheardof"',
        ),
        ("\\frac{1}{2", "the formula $\\frac{1}{2$ cannot be shown: expected closing token"),
    ],
)
def test_a_formula_that_cannot_be_read_is_named_outside_pages_too(convert, caplog, formula, reason):
    with caplog.at_level(logging.WARNING, logger="mkdocs.handbook"):
        html = convert(f"Text ${formula}$.")
    (record,) = caplog.records
    assert isinstance(record.msg, Mistake) and record.name == "mkdocs.handbook"
    assert str(record.msg).startswith("a page:1: ") and reason in str(record.msg)
    assert "<math" not in html and formula.split()[0] in html
