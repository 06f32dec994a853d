"""Parts of a page that stand elsewhere too: the answer of a question, its follow-ups."""

import posixpath
import re

from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.book.questions import ANSWER, Question
from handbook.pages.page import Page, Values

RELATIVE = re.compile(r"\]\((?![a-z]+:)(?P<path>[^)#\s]*)(?P<anchor>[^)\s]*)\)")


def spoken(question: Question, handbook: Handbook) -> str:
    """What is said aloud, as Markdown, its inline values computed."""
    values = Values(question.page.values)
    lines = question.page.section_lines(ANSWER)
    shown = (values.put(line, number, lambda x: handbook.value(x) or "…") for number, line in lines)
    return "\n".join(shown).strip()


def moved(text: str, source: Page, target: Page) -> str:
    """Markdown of one page as it has to be written on another: its links lead where they led.

    Args:
        text: what stands on `source`.
        source: where it is written.
        target: where it is shown.
    """

    def link(match: re.Match) -> str:
        folder = posixpath.dirname(source.address)
        path = posixpath.join(folder, match["path"]) if match["path"] else source.address
        return f"]({posixpath.relpath(path, posixpath.dirname(target.address))}{match['anchor']})"

    return RELATIVE.sub(link, text)


def section(html: str, id: str) -> str:
    """The HTML below the heading with this id, up to the next heading of its rank; "" if none."""
    return _after(LexborHTMLParser(html).css_first(f"[id='{id}']"))


def follow_ups(html: str) -> list[tuple[str, str]]:
    """(question as text, answer as HTML) of each folded follow-up, in order."""
    folded = LexborHTMLParser(html).css("details.question > summary")
    return [(summary.text().strip(), _after(summary)) for summary in folded]


def _after(node) -> str:
    """The HTML that follows a node, up to the next heading of the first or second rank."""
    parts, following = [], node.next if node else None
    while following is not None and following.tag not in ("h1", "h2"):
        if following.tag not in ("-text", "-comment"):
            parts.append(following.html or "")
        following = following.next
    return "\n".join(parts)
