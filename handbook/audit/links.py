"""The links of an HTML file: where each leads, and what the page loads."""

import posixpath
import urllib.parse
from collections.abc import Iterator

from handbook.audit.documents import Document, Site
from handbook.mistakes import Mistake

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
NOT_LOADED = {"canonical", "alternate", "prev", "next"}


def links_lead_somewhere(document: Document, site: Site) -> Iterator[Mistake]:
    """Every link leads to a file of the site and to an id in it, or openly to another site."""
    for node in document.tree.css("a[href], img, script[src], link[href], iframe, source[src]"):
        loaded = node.tag != "a"
        address = node.attributes.get(LOADED.get(node.tag, "href"))
        if address is None or node.tag == "link" and _relation(node) & NOT_LOADED:
            continue
        if fault := _fault(address, loaded, document, site):
            yield Mistake(document.source, 1, *fault)


def _fault(address: str, loaded: bool, document: Document, site: Site) -> tuple[str, str] | None:
    """What is wrong with an address, and what to do; None if nothing is."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "javascript":
        return f"the link {address[:40]} runs a script", "Take it out."
    if parts.scheme in ("data", "mailto"):
        return None
    if parts.scheme or parts.netloc:
        return (f"the page loads {address} from another host", "Bring it here.") if loaded else None
    if address.startswith("/"):
        if posixpath.basename(document.name) == "404.html":
            return None
        return f"the link {address} is absolute", "Write it relative to the page."
    target = _target(document.name, parts.path, site.files)
    if target is None:
        return f"the link {address} leads nowhere", "Correct it."
    if parts.fragment and target.endswith(".html"):
        ids = document.ids if target == document.name else site.ids_of(target)
        if urllib.parse.unquote(parts.fragment) not in ids:
            return f"the link {address} names no heading of that page", "Correct it."
    return None


CHECKS = (links_lead_somewhere,)


def _relation(node) -> set[str]:
    return set((node.attributes.get("rel") or "").split())


def _target(name: str, path: str, files: frozenset[str]) -> str | None:
    """The file that a relative link leads to, or None if there is none below the site's folder."""
    if not path:
        return name
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), urllib.parse.unquote(path)))
    found = (target, posixpath.normpath(f"{target}/index.html"))
    return next((candidate for candidate in found if candidate in files), None)
