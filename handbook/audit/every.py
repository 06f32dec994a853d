"""One language of a finished site: every check of every file."""

import pathlib
import re
from collections.abc import Iterator

from handbook.audit import blocks, links, markup
from handbook.audit.documents import Site
from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake

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


def styles_ask_nobody(site: Site) -> Iterator[Mistake]:
    """No style loads anything from another host."""
    for name in site.own(".css"):
        if STYLE_REQUEST.search(site.text(name)):
            yield Mistake(name, 1, "this style asks another host", "Bring the file here.")


SITE_CHECKS = (
    pages_are_there,
    styles_ask_nobody,
)
DOCUMENT_CHECKS = (*markup.CHECKS, *links.CHECKS, *blocks.CHECKS)
