"""The site for assistants (llms.txt) and for feed readers (RSS)."""

import email.utils
import pathlib
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable

from handbook.pages.page import Page
from handbook.words import words

FEED_LENGTH = 30
NEVER = 0.0


def llms(language: str, pages: Iterable[Page], address: str) -> str:
    """What there is to read, by the convention of llmstxt.org."""
    said = words("site", language)
    lines = [f"# {said['name']}", "", f"> {said['summary']}"]
    folder = None
    for page in pages:
        first = page.address.rpartition("/")[0]
        if first != folder:
            folder = first
            lines += ["", f"## {folder or said['name']}", ""]
        file = page.url if page.is_lab else f"{page.url}index.md"
        lines.append(f"- [{page.meta['title']}]({address}{file}): {page.meta['description']}")
    return "\n".join(lines) + "\n"


def feed(language: str, pages: Iterable[Page], root: pathlib.Path, address: str) -> str:
    """RSS 2.0: the pages that changed last."""
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
    changed = _changed(root)
    dated = sorted(
        ((changed.get(page.path, NEVER), page) for page in pages), key=lambda x: (-x[0], x[1].path)
    )
    for moment, page in dated[:FEED_LENGTH]:
        item = ElementTree.SubElement(channel, "item")
        link = address + page.url
        ElementTree.SubElement(item, "title").text = str(page.meta["title"])
        ElementTree.SubElement(item, "link").text = link
        ElementTree.SubElement(item, "guid").text = f"{link}#{int(moment)}"
        ElementTree.SubElement(item, "description").text = str(page.meta["description"])
        ElementTree.SubElement(item, "pubDate").text = email.utils.formatdate(moment, usegmt=True)
    ElementTree.indent(rss)
    return ElementTree.tostring(rss, "unicode", xml_declaration=True) + "\n"


def _changed(root: pathlib.Path) -> dict[str, float]:
    """Path → when it was last committed, in seconds; empty where there is no history."""
    command = "git -c core.quotepath=off log --format=%ct --name-only -- docs".split()
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    moments: dict[str, float] = {}
    moment = NEVER
    for line in done.stdout.splitlines():
        if line.isdigit():
            moment = float(line)
        elif line:
            moments.setdefault(line, moment)
    return moments
