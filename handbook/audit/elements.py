"""The article of a page: which elements may stand in it, and what Markdown elsewhere leaves in text."""

import html
import re
from collections.abc import Iterator

from handbook.audit.documents import Document, Site
from handbook.mistakes import Mistake

# What Markdown, its extensions here and handbook.site make, and the few that authors write.
TEXT = (
    (
        "a abbr article blockquote br button code dd del details div dl dt em figcaption figure h1 h2 h3"
        " h4 h5 h6 hr img input ins kbd label li ol p pre samp section small span strong sub summary sup table"
        " tbody td tfoot th thead time tr ul"
        " fieldset form legend option output select"  # of a form, which audit/calculators.py accounts for
    ).split()
)
DRAWING = (
    "svg circle clippath clipPath defs ellipse g image line lineargradient linearGradient marker"
    " path pattern polygon polyline radialgradient radialGradient rect stop text textpath textPath"
    " title tspan use"
).split()
FORMULA = (
    "math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot"
    " mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none"
    " semantics annotation"
).split()
UNKNOWN = f"article :not({','.join([*TEXT, *DRAWING, *FORMULA])})"
TAG_NAME = re.compile(r"<(/?[a-zA-Z][^\s>/]*)")
# Holds text that its writer wants to be seen as it is.
AS_IT_IS = re.compile(
    r'<(pre|code|samp|button|script|style)\b.*?</\1>|<span class="value".*?</span>', re.DOTALL
)
TAG = re.compile(r"<[^>]*>")
# At the start of a line of text; an item has its mark no more.
ITEM = re.compile(
    r"(?:^|<p>)[ \t]*((?:[-+*\u2022\u00b7]|\d{1,2}[.)])[ \t]+[^\s<][^\n<]*)", re.MULTILINE
)
# What is left of Markdown that is none here; whose it is.
# Apart, for one pattern of all takes six times as long.
LEFT_OVER = tuple(
    (re.compile(pattern, re.MULTILINE), meant)
    for pattern, meant in (
        (r":::+ ?\w*", "a note of Docusaurus and VitePress"),
        (r"^[ \t]*/{3,}(?: .*)?$", "a block of pymdownx"),
        (r"\{\{.*?\}\}|\{%.*?%\}|\{\*.*?\*\}", "a macro"),
        (r"\[![A-Za-z]+\]", "a note of GitHub"),
        (r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?!\w)", "an emoji, or a role of Sphinx"),
        (r"^[ \t]*\.\. [\w-]+::", "a directive of Sphinx"),
        (r"\[\[[^\[\]]+\]\]", "a link of a wiki"),
        (r"(?<=\w)~\w+~|\w\^\w+\^", "a letter above or below the line"),
        (r"\^\^(?=\S).+?\^\^", "text put in"),
        (r"^: ", "a list of definitions"),
        (r"~~(?=\S).+?~~", "text struck out"),
        (r"==(?=\S)[^=\n]+==", "marked text"),
        (r"(?<!\w)\+\+\w[^\n]*?\+\+(?!\w)", "a key"),
        (r"\{(?:\+\+|--|~~|==|>>).*?\}", "a critic's mark"),
        (r"^[ \t]*(?:!!!|\?\?\?\+?|===)(?: .*)?$", "a note or a tab that is not written as here"),
        (r"\{[#.:%][^}\n]*\}", "an attribute list"),
        (r"\[\^[^\]\s]+\]", "a footnote that is nowhere explained"),
        (r"\]\([^)\n]*\)|\]\[[^\]\n]*[A-Za-z][^\]\n]*\]", "a link or a picture"),
        (r"(?<=\w)\]\[\]", "a link"),
        (r"\*\*", "strong text"),
        (r"(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])", "emphasis"),
        (r"<!--|-->", "a comment"),
        (r"\\$", "a line break"),
        (r"(?<!`)`{1,2}(?!`)", "code"),
        (r"^[ \t]*#{1,6}(?:[ \t]|\w)", "a heading"),
        (r"\|[ \t]*:?-{3,}", "a table"),
        (r"^[ \t]*\[[ xX]\] ", "a list of tasks"),
        (r"\$\$|\\[\[\]()]|\\[a-zA-Z]+", "a formula"),
        (r"-+8<-+", "an include"),
        (r"\{\s*\.?[Pp]ython\b[^}]*\}", "an inline value"),
        (r"&(?:[a-z]+|#\d+);", "a character reference"),
        (r"^import .* from ['\"]", "an import of MDX"),
    )
)


def elements_are_known(document: Document, _site: Site) -> Iterator[Mistake]:
    """Every element of the article is on a list: a word in angle brackets would not be seen."""
    written = {name.lower(): name for name in TAG_NAME.findall(document.article)}
    # As a browser reads them, and as they are written: a </s> that nothing opened it leaves out.
    unknown = {node.tag for node in document.tree.css(UNKNOWN)}
    unknown.update(name for name in written if name.strip("/") not in TEXT)
    for name in sorted(unknown):
        if not name.startswith("/") or name[1:] not in unknown:
            shown = f"<{written.get(name, name)}"
            what = f"{shown}> is no element of a page"
            remedy = "Write a word in angle brackets in backticks; take HTML out."
            yield Mistake(document.source, document.line(shown), what, remedy)


def notes_hold_text(document: Document, _site: Site) -> Iterator[Mistake]:
    """No note has a title alone: its text would stand below it as if it were none of its."""
    alone = ".admonition > .admonition-title:only-child, details > summary:only-child"
    for title in document.tree.css(f"article :is({alone})"):
        text = title.text().strip()
        what = f"the note {text!r} holds nothing"
        line = document.line(text)
        yield Mistake(document.source, line, what, "Indent its text by four spaces.")


def nothing_is_left_over(document: Document, _site: Site) -> Iterator[Mistake]:
    """No mark stands in the text that is read elsewhere, and here printed as it is."""
    text = html.unescape(
        TAG.sub("", AS_IT_IS.sub("\N{OBJECT REPLACEMENT CHARACTER}", document.article))
    )
    for pattern, meant in LEFT_OVER:
        if match := pattern.search(text):
            left = match[0].strip()
            what = f"{left[:40]!r} is left in the text; elsewhere it would be {meant}"
            remedy = "Write it as other pages do, or in backticks."
            yield Mistake(document.source, document.line(left), what, remedy)


def lists_are_lists(document: Document, _site: Site) -> Iterator[Mistake]:
    """No line of a paragraph begins as an item of a list does."""
    for match in ITEM.finditer(AS_IT_IS.sub("\N{OBJECT REPLACEMENT CHARACTER}", document.article)):
        item = html.unescape(match[1])
        what = f"{item[:40]!r} is in no list"
        remedy = "Leave a line empty above a list; begin each item with '- ' or '1. '."
        yield Mistake(document.source, document.line(item), what, remedy)


CHECKS = (
    elements_are_known,
    lists_are_lists,
    notes_hold_text,
    nothing_is_left_over,
)
