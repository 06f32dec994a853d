"""LaTeX becomes MathML Core, or the reason why not: what browsers draw as it was written.

The converter says what it cannot read. What it does read is looked at once more, because a formula
that is wrong in silence reads like one that is right. Source: MathML Core, W3C.
"""

import html
import re
import xml.etree.ElementTree as ElementTree

from math_core import LatexError, LatexToMathML

CONVERTER = LatexToMathML(
    fancy_error=False,
    macros={
        "mbox": r"\text{#1}",
        "pmb": r"\boldsymbol{#1}",
        "substack": r"\begin{subarray}{c}#1\end{subarray}",
    },
)

# The same in words that the converter knows. Nothing on a page refers to a numbered line, and extra
# space between rows is left to the style.
REWRITTEN = [
    (re.compile(pattern), becomes)
    for pattern, becomes in (
        (r"\\\\\*?(?:\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|mu)\s*\])?", r"\\\\"),
        (r"\\\\\s*(?=\\end\b)", ""),
        (r"\\(?:notag|nonumber)(?![a-zA-Z])", ""),
        (r"(\\begin\{(?:aligned|alignedat|gathered|split|array)\})\s*\[[tbc]\]", r"\1"),
        (r"\\begin\{(?:alignat\*?|alignedat)\}\s*\{\d+\}", r"\\begin{aligned}"),
        (r"\\(begin|end)\{(?:align\*?|split|alignat\*?|alignedat)\}", r"\\\1{aligned}"),
        (r"\\(begin|end)\{multline\}", r"\\\1{multline*}"),
        (r"\\(begin|end)\{(?:gather\*?|equation\*?)\}", r"\\\1{gathered}"),
    )
]

CONTROL = ("it holds a character that cannot be seen", "Write it again by hand.")
# Read without complaint, and not shown as they were meant.
REFUSED = {
    r"(?<!\\)(?:\\\\)*%": ("% begins a comment", r"Write \% for the sign."),
    r"\\mathop\b": (r"\mathop puts its limits beside it", r"Write \operatorname*."),
    r"\\newline\b": (r"\newline is left out", r"Write \begin{gathered} … \\ … \end{gathered}."),
    r"\\(?:(?:re)?newcommand|def|let)\b": ("a formula defines no command", "Write it out."),
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069]": CONTROL,
    r"\\eqref\b": (r"\eqref leads nowhere", "Link to a heading."),
}
TEXT = re.compile(r"\\(?:text|mbox|textbf|textit|textrm)\s*\{[^{}]*\}")
# Between two prices: `from $2–$3`, `$2到$3`, `**35$** or **40$`.
PRICE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef–—]|\*\*\s|\s\*\*|^\d[\d.,]*\s*[/,-]$")

# Of MathML Core, and the HTML that stands in <mtext>; of its attributes those that browsers heed.
ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover"
    " mmultiscripts mprescripts mpadded mphantom mtable mtr mtd b i code".split()
)
ATTRIBUTES = frozenset(
    "accent accentunder class columnspan depth display displaystyle form height largeop"
    " linethickness lspace mathvariant maxsize minsize movablelimits rspace scriptlevel stretchy"
    " style symmetric voffset width".split()
)
STYLES = re.compile(r"text-align|justify-items|padding(-\w+)?|margin-left|border-\w+|width")


class Unreadable(Exception):
    """A formula that a page cannot show as it was written.

    Attributes:
        why: what is wrong, without a full stop.
        remedy: what to do.
    """

    def __init__(self, why: str, remedy: str = "Correct the LaTeX.") -> None:
        super().__init__(why, remedy)
        self.why, self.remedy = why, remedy


def mathml_of(latex: str, display: bool) -> str:
    """The formula as a `<math>` element.

    Args:
        latex: as it stands in the page, without dollars.
        display: whether it stands on lines of its own.

    Raises:
        Unreadable: the converter cannot read it, or what it made would not show all of it.
    """
    source = latex
    for pattern, becomes in REWRITTEN:
        source = pattern.sub(becomes, source)
    try:
        formula = CONVERTER.convert_with_local_state(source, displaystyle=display)
    except LatexError as error:
        why = re.sub(r"^\d+: ", "", str(error)).rstrip(".")
        raise Unreadable(why[:1].lower() + why[1:]) from None
    # Variation selectors choose between two scripts where a font has both; few have.
    formula = re.sub("[\ufe00\ufe01]", "", formula)
    # An arrow that combines with the letter before it, where there is none.
    formula = formula.replace("\u20d7", "→")
    formula = re.sub(r"&(?!amp;|lt;|gt;)\w+;", lambda name: html.unescape(name[0]), formula)
    try:
        tree = ElementTree.fromstring(formula)
    except ElementTree.ParseError:
        raise Unreadable(*CONTROL) from None
    for node in tree.iterfind(".//menclose[@notation='box']"):
        node.tag, node.attrib = "mrow", {"class": "boxed"}
    for check in CHECKS:
        check(source, tree)
    return ElementTree.tostring(tree, "unicode", short_empty_elements=False)


def is_no_price(source: str, _tree: ElementTree.Element) -> None:
    """What stands between two dollars is a formula."""
    if PRICE.search(TEXT.sub("", source)):
        raise Unreadable("it is not written as one", r"Write \$ for dollars, \text{…} for words.")


def nothing_is_lost(source: str, _tree: ElementTree.Element) -> None:
    """No command that the converter reads in a way of its own."""
    for pattern, (why, remedy) in REFUSED.items():
        if re.search(pattern, source):
            raise Unreadable(why, remedy)


def rows_are_kept(source: str, tree: ElementTree.Element) -> None:
    r"""Each `\\` begins a row of a table."""
    tables, rows = (sum(1 for _ in tree.iter(name)) for name in ("mtable", "mtr"))
    if rows != tables + source.count(r"\\"):
        raise Unreadable(r"\\ breaks no line here", r"Put the lines into \begin{gathered}.")


def no_latex_is_left(source: str, tree: ElementTree.Element) -> None:
    """What readers see holds no more of LaTeX than was asked for as a sign."""
    for text in tree.itertext():
        if starred := re.search(r"\*[a-zA-Z]+", text):
            raise Unreadable(f"{starred[0]} is left of a command")
    shown = "".join(tree.itertext())
    for sign, commands in {"\\": r"\\(?:text)?backslash\b", "&": r"\\&", "$": r"\\\$"}.items():
        if shown.count(sign) > len(re.findall(commands, source)):
            raise Unreadable(f"{sign} is left as it stands")


def browsers_draw_it(_source: str, tree: ElementTree.Element) -> None:
    """No element and no attribute that a browser passes over."""
    for node in tree.iter():
        ignored = [node.tag] if node.tag not in ELEMENTS else []
        ignored += sorted(node.attrib.keys() - ATTRIBUTES)
        ignored += [v for v in [node.get("mathvariant", "normal")] if v != "normal"]
        names = [s.split(":")[0].strip() for s in node.get("style", "").split(";") if s.strip()]
        ignored += [name for name in names if not STYLES.fullmatch(name)]
        if ignored:
            why = f"it would need {ignored[0]}, which pages do not draw"
            raise Unreadable(why, "Leave it out.")


CHECKS = (
    is_no_price,
    nothing_is_lost,
    rows_are_kept,
    no_latex_is_left,
    browsers_draw_it,
)
