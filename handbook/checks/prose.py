"""The text of a page is read as it was meant: what is nearly a value, what is no formula."""

import itertools
import re
from collections.abc import Iterator

from pymdownx import arithmatex

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.pages import marks
from handbook.pages.page import Page

FORMULA = re.compile(arithmatex.RE_SMART_DOLLAR_INLINE)
DISPLAYED = re.compile(r"\$\$.+?\$\$", re.DOTALL)
WORDS = re.compile(r"\\(?:text\w*|mbox|operatorname\*?)\s*\{[^{}]*\}")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
NUMBER = re.compile(r"[\d.,]*\d(?:/[\d.]+)?")
LATEX = re.compile(r"[\\^_={}()<>+]|[A-Za-z]")
CUT_OFF = re.compile(r"[-–—/(,:~+]$")
SENTENCE = re.compile(r"\s[a-z]{2,}\b")


def check_prose(page: Page, handbook: Handbook) -> list[Mistake]:
    """Everything in the text of a page that would be read otherwise than it was meant."""
    return [mistake for check in CHECKS for mistake in check(page, handbook)]


def values_are_written_as_values(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """What looks like an inline value is one."""
    for line, words in page.text.prose():
        for ticks, text in marks.CODE_SPAN.findall(words):
            if marks.NEAR_VALUE.match(text):
                if ticks != "`" or not marks.VALUE.match(text.strip()):
                    what = (
                        f"{ticks}{text}{ticks} is nearly an inline value, and would stay as it is"
                    )
                    yield Mistake(page.path, line, what, "Write `{python} expression`.")


def formulas_are_no_prices(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """What stands between two dollars is a formula."""
    for line, formula in _formulas(page):
        if _is_price(formula):
            what = f"${formula}$ would be set as a formula"
            remedy = r"Write \$ for a dollar, and \text{…} around words in a formula."
            yield Mistake(page.path, line, what, remedy)


CHECKS = (
    values_are_written_as_values,
    formulas_are_no_prices,
)


def _formulas(page: Page) -> Iterator[tuple[int, str]]:
    """Line and LaTeX of everything that stands between dollars within a paragraph."""
    prose = enumerate(page.text.prose())
    for _, together in itertools.groupby(prose, lambda x: (x[1][0] - x[0], bool(x[1][1].strip()))):
        lines = [(line, marks.CODE_SPAN.sub("", words)) for _, (line, words) in together]
        text = DISPLAYED.sub(lambda x: "\n" * x[0].count("\n"), "\n".join(x for _, x in lines))
        for match in FORMULA.finditer(text):
            if match[3]:
                yield lines[text.count("\n", 0, match.start())][0], match[3]


def _is_price(formula: str) -> bool:
    if CHINESE.search(WORDS.sub("", formula)) or "**" in formula:
        return True
    if not formula[0].isdigit() or NUMBER.fullmatch(formula):
        return False
    if CUT_OFF.search(formula) or not LATEX.search(formula):
        return True
    return not re.search(r"[\\^_=]", formula) and bool(SENTENCE.search(formula))
