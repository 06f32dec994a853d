"""An HTML file by itself: its language, its policy, what may stand in its text, its weight."""

import collections
import gzip
import re
from collections.abc import Iterator

from handbook.audit.documents import POLICY, Document, Site
from handbook.mistakes import Mistake

HANDLER = re.compile(r"""<[^>]*[\s"'/]on\w+\s*=""", re.IGNORECASE)


def language_is_named(document: Document, site: Site) -> Iterator[Mistake]:
    """<html> names the language of its folder."""
    named = document.tree.css_first("html").attributes.get("lang")
    if named != site.language:
        what = f"<html> names the language {named!r}, and the page is in {site.language!r}"
        yield Mistake(document.source, 1, what, "Set theme.language.")


def head_says_what_the_page_is(document: Document, _site: Site) -> Iterator[Mistake]:
    """Title and description are those of the front matter, as a browser reads them."""
    if not (page := document.page):
        return
    title = document.tree.css_first("title")
    named = document.tree.css_first("meta[name=description]")
    shown = {
        "title": title.text().rpartition(" - ")[0] if title else "",
        "description": (named.attributes.get("content") or "") if named else "",
    }
    for name, text in shown.items():
        if text.split() != str(page.meta.get(name, "")).split():
            what = f"the head of the page says the {name} is {text!r}"
            yield Mistake(page.path, 1, what, "Escape it in docs/overrides/main.html.")


def title_is_that_of_the_page(document: Document, _site: Site) -> Iterator[Mistake]:
    """A page has one heading of the first level at most, and it is the title."""
    titles = document.tree.css("article h1") if document.page else []
    for number, node in enumerate(titles):
        text = " ".join(node.text().removesuffix("\N{PILCROW SIGN}").split())
        if number or text.split() != str(document.page.meta.get("title", "")).split():
            what = f"the heading {text!r} is not the title of the page"
            remedy = "Write the title as in the front matter; begin other headings with ##."
            yield Mistake(document.source, document.line(text), what, remedy)


def policy_is_there(document: Document, _site: Site) -> Iterator[Mistake]:
    """The page tells the browser what it may load."""
    if not document.tree.css_first(POLICY):
        what = "the page has no Content-Security-Policy"
        yield Mistake(document.source, 1, what, 'Begin its head with <meta charset="utf-8">.')


def no_handler(document: Document, _site: Site) -> Iterator[Mistake]:
    """No element runs a script when something happens."""
    # Looking at every element takes long, and few pages hold what looks like a handler.
    for node in document.tree.css("body *") if HANDLER.search(document.html) else ():
        if handlers := [name for name in node.attributes if name.startswith("on")]:
            what = f"<{node.tag} {handlers[0]}=…> runs a script"
            yield Mistake(document.source, 1, what, "Take it out.")


def ids_are_unique(document: Document, _site: Site) -> Iterator[Mistake]:
    """No id stands twice."""
    for id, count in sorted(collections.Counter(document.ids).items()):
        if count > 1:
            what = f"the id {id!r} stands twice"
            yield Mistake(document.source, 1, what, "Give one heading another id.")


def no_placeholder(document: Document, _site: Site) -> Iterator[Mistake]:
    """Nothing is left of what Markdown puts in place for a while."""
    if "wzxhzdk" in (document.tree.body.text() or ""):
        what = "a placeholder was left in the page"
        yield Mistake(document.source, 1, what, "Check its indentation.")


def weight_is_bounded(document: Document, site: Site) -> Iterator[Mistake]:
    """The file of a page weighs no more than the limit."""
    text, limit = document.html.encode(), site.handbook.settings.page_kib
    if document.page is None or len(text) <= limit * 1024:
        return
    if (weight := len(gzip.compress(text)) / 1024) > limit:
        what = f"the page weighs {weight:.0f} KiB gzipped, and {limit} is the limit"
        remedy = "Draw fewer points or smaller images, or split the page."
        yield Mistake(document.source, 1, what, remedy)


CHECKS = (
    language_is_named,
    head_says_what_the_page_is,
    title_is_that_of_the_page,
    policy_is_there,
    no_handler,
    ids_are_unique,
    no_placeholder,
    weight_is_bounded,
)
