"""Parts of a page that stand elsewhere too: the answer of a question, its follow-ups."""

from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.book.questions import ANSWER, Question
from handbook.pages.page import Values
from handbook.site import links
from handbook.site.links import Resolve


def spoken(question: Question, handbook: Handbook, resolve: Resolve) -> str:
    """What is said aloud, as Markdown, its inline values computed.

    Args:
        question: whose answer.
        handbook: where the values are.
        resolve: where its links lead in the copy.
    """
    values = Values(question.page.values)
    lines = question.page.section_lines(ANSWER)
    shown = (values.put(line, number, lambda x: handbook.value(x) or "…") for number, line in lines)
    return links.in_markdown("\n".join(shown).strip(), question.page, resolve)


def section(html: str, id: str) -> str:
    """The HTML below the heading with this id, up to the next heading of its rank; "" if none."""
    return _after(LexborHTMLParser(html).css_first(f"[id='{id}']"))


def follow_ups(html: str) -> list[tuple[str, str]]:
    """(question, answer), both as HTML, of each folded follow-up, in order."""
    folded = LexborHTMLParser(html).css("details.question > summary")
    return [((summary.inner_html or "").strip(), _after(summary)) for summary in folded]


def _after(node) -> str:
    """The HTML that follows a node, up to the next heading of the first or second rank."""
    parts, following = [], node.next if node else None
    while following is not None and following.tag not in ("h1", "h2"):
        if following.tag not in ("-text", "-comment"):
            parts.append(following.html or "")
        following = following.next
    return "\n".join(parts)
