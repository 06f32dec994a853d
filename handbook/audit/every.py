"""One language of a finished site: every check of every file."""

import pathlib
import re
from collections.abc import Iterator

from handbook.audit import blocks, calculators, elements, links, markup, rounds, running
from handbook.audit.documents import Site
from handbook.book.handbook import Handbook
from handbook.languages import PREFIXES
from handbook.mistakes import Mistake

# What browsers show as a document, and what of that is made here without a page.
DOCUMENT = re.compile(r"\.(?:s?html?|xht|xhtml|mhtml?|svg|xml)$", re.IGNORECASE)
GENERATED = ("404.html", "assets/logo.svg", "feed.xml", "sitemap.xml")
STYLE_REQUEST = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""")


def audit(folder: pathlib.Path, handbook: Handbook, language: str) -> list[Mistake]:
    """Check one language of a finished site that is not published yet.

    Args:
        folder: holds the Chinese site, and the English one in `en/`.
        handbook: what it was built from.
        language: one of `languages.LANGUAGES`.

    Returns:
        Every fault; empty if the site may be published.
    """
    site = Site(folder, handbook, language)
    wrong = [mistake for check in SITE_CHECKS for mistake in check(site)]
    for name in site.own(".html"):
        document = site.document(name)
        wrong += [mistake for check in DOCUMENT_CHECKS for mistake in check(document, site)]
    return wrong


def pages_are_there(site: Site) -> Iterator[Mistake]:
    """Each page has its HTML file."""
    for name, page in site.pages.items():
        if name not in site.files:
            what = "the page is missing from the site"
            yield Mistake(page.path, 1, what, "Add it to the navigation.")


def documents_are_known(site: Site) -> Iterator[Mistake]:
    """What a browser shows as a document is a page that was read, or made here, by name."""
    led_on = (f"{name}/index.html" for page in site.pages.values() for name in page.was)
    known = {*site.pages, *(PREFIXES[site.language] + name for name in (*GENERATED, *led_on))}
    for name in site.own(""):
        if DOCUMENT.search(name) and name not in known:
            what = "no page was read for this file, and it is none that the site makes"
            yield Mistake(name, 1, what, "Write it as a page, in Markdown.")


def styles_ask_nobody(site: Site) -> Iterator[Mistake]:
    """No style loads anything from another host."""
    for name in site.own(".css"):
        if STYLE_REQUEST.search(site.text(name)):
            yield Mistake(name, 1, "this style asks another host", "Bring the file here.")


SITE_CHECKS = (
    pages_are_there,
    documents_are_known,
    styles_ask_nobody,
    running.runtime_is_listed,
    rounds.rounds_are_recorded,
)
DOCUMENT_CHECKS = (
    *markup.CHECKS,
    *elements.CHECKS,
    *links.CHECKS,
    *blocks.CHECKS,
    *running.CHECKS,
    *calculators.CHECKS,
)
