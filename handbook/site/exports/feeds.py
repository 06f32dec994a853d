"""The site for feed readers."""

import email.utils
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable

from handbook.pages.page import Page
from handbook.site.exports.history import Dates
from handbook.words import words

FEED_LENGTH = 30


def feed(language: str, pages: Iterable[Page], address: str, dates: Dates) -> str:
    """RSS 2.0: the pages that changed last.

    Args:
        language: of the feed.
        pages: those that it may name.
        address: where the site of this language will stand.
        dates: when the pages were changed.
    """
    said = words("site", language)
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    for name, text in (
        ("title", said["name"]),
        ("link", address),
        ("description", said["summary"]),
        ("language", language),
    ):
        ElementTree.SubElement(channel, name).text = text
    dated = sorted(
        ((dates.of(page.files), page) for page in pages), key=lambda x: (-x[0], x[1].path)
    )
    for moment, page in dated[:FEED_LENGTH]:
        item = ElementTree.SubElement(channel, "item")
        link = address + page.url
        ElementTree.SubElement(item, "title").text = str(page.meta["title"])
        ElementTree.SubElement(item, "link").text = link
        ElementTree.SubElement(item, "guid").text = f"{link}#{moment}"
        ElementTree.SubElement(item, "description").text = str(page.meta["description"])
        ElementTree.SubElement(item, "pubDate").text = email.utils.formatdate(moment, usegmt=True)
    ElementTree.indent(rss)
    return ElementTree.tostring(rss, "unicode", xml_declaration=True) + "\n"
