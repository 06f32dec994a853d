"""The terms of the glossary: its entries, and the first use of each in a page, which says what it means."""

import html
import posixpath
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from handbook.book.glossary import DIRECTIVE, Finder, Term, explains, used_in
from handbook.book.handbook import Handbook
from handbook.languages import other
from handbook.pages.page import Page
from handbook.site.around import href
from handbook.words import words

# Where a link would be in the way: in another, in a heading, in what folds, in code.
SILENT = {"a", "button", "code", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "pre", "samp"}
SILENT |= {"summary", "th"}


def glossary(page: Page, handbook: Handbook) -> list[str]:
    """The terms, the reader's language first, with the pages that use them."""
    used = used_in(handbook.glossary, handbook.pages(page.language), page.language)
    items = (_entry(page, term, used.get(term.en, [])) for term in handbook.glossary)
    return [f'<dl class="glossary">{"".join(items)}</dl>']


def _entry(page: Page, term: Term, used: list[Page]) -> str:
    said, theirs = words("page", page.language), other(page.language)
    own, foreign = (html.escape(getattr(term, x)) for x in (page.language, theirs))
    names = own if own == foreign else f'{own} <span lang="{theirs}">{foreign}</span>'
    shown = (
        f'<dt id="{term.anchor}">{names}</dt><dd>{html.escape(term.meaning[page.language])}</dd>'
    )
    if not used:
        return shown
    links = " · ".join(f'<a href="{href(page, x.url)}">{html.escape(x.title)}</a>' for x in used)
    text = said["label"].format(name=said["used in"], text=links)
    return f'{shown}<dd class="used" data-search-exclude>{text}</dd>'


class TermTreeprocessor(Treeprocessor):
    """Makes the first use of each term a link to its entry; assets/terms.js shows the meaning there."""

    def run(self, root: Element) -> None:
        """Find them, but those that the page is about."""
        page, handbook = self.md.handbook.page, self.md.handbook.handbook
        if not page or not explains(page) or not (place := _place(page, handbook)):
            return
        self.place, self.language = place, page.language
        self.finder = Finder([x for x in handbook.glossary if not x.everyday], page.language)
        self.seen = {term.en for term in self.finder.count(page.title)}
        self._walk(root)

    def _walk(self, element: Element) -> None:
        if element.tag in SILENT:
            return
        children = list(element)
        self._link(element, None)
        for child in children:
            self._walk(child)
            self._link(element, child)

    def _link(self, parent: Element, child: Element | None) -> None:
        """Put links into the text of an element that stands behind a child; None: before the first."""
        text = parent.text if child is None else child.tail
        if not text or isinstance(text, AtomicString):
            return
        at, start, links = 0 if child is None else list(parent).index(child) + 1, 0, []
        for match in self.finder.pattern.finditer(text):
            term = self.finder.term(match[0])
            if term.en in self.seen:
                continue
            self.seen.add(term.en)
            address = f"{self.place}#{term.anchor}"
            link = Element(
                "a", {"class": "term", "href": address, "data-meaning": term.meaning[self.language]}
            )
            link.text = AtomicString(match[0])
            links.append((text[start : match.start()], link))
            start = match.end()
        for before, link in links:
            if child is None:
                parent.text = before
            else:
                child.tail = before
            parent.insert(at, link)
            child, at = link, at + 1
        if links:
            child.tail = text[start:]


def _place(page: Page, handbook: Handbook) -> str:
    """The glossary, as a link in the Markdown of the page; "" if there is none."""
    found = (x.address for x in handbook.pages(page.language) if DIRECTIVE in x.text.lines)
    address = next(found, "")
    return address and posixpath.relpath(address, posixpath.dirname(page.address))
