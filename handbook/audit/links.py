"""The addresses in an HTML file: where each leads, what the page loads, and what it may load."""

import posixpath
import re
import urllib.parse
from collections.abc import Iterator

from handbook.audit.documents import Document, Site
from handbook.mistakes import Mistake

# The attributes that are addresses by the HTML Standard (Index, Attributes), by what it has made
# obsolete, and in SVG.
ATTRIBUTES = (
    "action", "background", "cite", "data", "formaction", "href", "imagesrcset", "itemid",
    "longdesc", "manifest", "ping", "poster", "src", "srcset", "usemap", "xlink:href",
)  # fmt: skip
SEVERAL = ("imagesrcset", "ping", "srcset")
# A drawing refers to its own parts, thousands of times.
ADDRESSED = ", ".join(f"[{x}]" for x in ATTRIBUTES if "href" not in x)
ADDRESSED += ', [href]:not(svg [href^="#"])'
FOLLOWED = {"a", "area", "blockquote", "del", "ins", "q"}  # by a reader, if at all
# What a browser fetches for an attribute, a kind of <link>, an element → the directive that permits
# it (Content Security Policy Level 3, Fetch directives); for all others it is default-src.
FETCHED = {
    "ping": "connect-src", "poster": "img-src", "srcset": "img-src", "formaction": "form-action",
    "stylesheet": "style-src", "icon": "img-src", "modulepreload": "script-src",
    "script": "script-src", "img": "img-src", "image": "img-src", "input": "img-src",
    "audio": "media-src", "video": "media-src", "source": "media-src", "track": "media-src",
    "iframe": "frame-src", "frame": "frame-src", "embed": "object-src", "object": "object-src",
    "form": "form-action", "base": "base-uri",
}  # fmt: skip
OWN_MACHINE = ("localhost", "127.0.0.1", "0.0.0.0", "::1")
NOT_LOADED = {"canonical", "alternate", "prev", "next"}
STYLED = "[style*='url(' i], [style*='image-set(' i]"
STYLE = re.compile(r"""(?:url|image-set)\(\s*["']?([^"')]*)""", re.IGNORECASE)
PAINTED = re.compile(
    r"""="url\(\s*(?:&quot;|')?([^#)&'"][^)&'"]*)"""
)  # as SVG's fill and filter are


def links_lead_somewhere(document: Document, site: Site) -> Iterator[Mistake]:
    """Every address leads to a file of the site and to an id in it, or openly to another site."""
    for address, directive in _addresses(document):
        if fault := _fault(address, directive, document, site):
            yield Mistake(document.source, document.line(address), *fault)


def links_are_whole(document: Document, _site: Site) -> Iterator[Mistake]:
    """Every link in the text has an address, and something that a reader can click."""
    for node in document.tree.css("article a[href]"):
        address, text = node.attributes["href"] or "", node.text().strip()
        if not address:
            what = f"the link {text!r} has no address"
            yield Mistake(document.source, document.line(f"[{text}]()"), what, "Write it.")
        elif (
            not text
            and not node.css_first("img, svg, math")
            and "aria-label" not in node.attributes
        ):
            what = f"the link to {address} has no words"
            yield Mistake(
                document.source, document.line("[]("), what, "Write them between [ and ]."
            )


def styles_are_permitted(document: Document, _site: Site) -> Iterator[Mistake]:
    """No style attribute stands where the policy of the page lets the browser ignore it."""
    if not document.permits("style-src-attr", "'unsafe-inline'"):
        if styled := document.tree.css_first("[style]"):
            what = f"the page's policy lets browsers ignore <{styled.tag} style=…>"
            yield Mistake(document.source, document.line("style="), what, "Take it out.")


CHECKS = (
    links_lead_somewhere,
    links_are_whole,
    styles_are_permitted,
)


def _addresses(document: Document) -> Iterator[tuple[str, str]]:
    """Each address, and the directive that permits to load it; "" for one that a reader follows."""
    for node in document.tree.css(ADDRESSED):
        for name, value in node.attributes.items():
            if name in ATTRIBUTES and value is not None:
                found = (
                    re.split(r"[\s,]+(?:[\d.]+[wxh](?:,|$))?", value)
                    if name in SEVERAL
                    else [value]
                )
                directive = _directive(node, name)
                if directive is not None:
                    yield from ((address, directive) for address in found if address)
    for node in document.tree.css(STYLED):
        yield from ((x, "img-src") for x in STYLE.findall(node.attributes["style"] or ""))
    yield from ((address, "img-src") for address in PAINTED.findall(document.html))


def _directive(node, attribute: str) -> str | None:
    """What permits to load the address in an attribute; None if nothing is there to check."""
    kinds = [attribute, node.tag]
    if node.tag == "link":
        relations = (node.attributes.get("rel") or "").split()
        if NOT_LOADED.intersection(relations):
            return None
        kinds += relations
    fetched = next((FETCHED[kind] for kind in kinds if kind in FETCHED), "default-src")
    return "" if node.tag in FOLLOWED and attribute != "ping" else fetched


def _fault(address: str, directive: str, document: Document, site: Site) -> tuple[str, str] | None:
    """What is wrong with an address, and what to do; None if nothing is."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "javascript":
        return f"the link {address[:40]} runs a script", "Take it out."
    elsewhere = parts.scheme in ("http", "https") or not parts.scheme and parts.netloc
    if directive:
        if elsewhere:
            return f"the page loads {address} from another host", "Bring it here."
        if not document.permits(directive, f"{parts.scheme}:" if parts.scheme else "'self'"):
            what = f"the page's policy lets no browser load {address[:40]} ({directive})"
            return what, "Take it out; a page has text, code, figures and pictures of its own."
    if parts.hostname in OWN_MACHINE:
        return f"the link {address} leads to the reader's own machine", "Link to the page itself."
    if elsewhere or parts.scheme in ("data", "mailto")[not directive :]:
        return None
    if parts.scheme:
        return f"the link {address[:40]} is of no kind that pages use", "Correct it."
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


def _target(name: str, path: str, files: frozenset[str]) -> str | None:
    """The file that a relative link leads to, or None if there is none below the site's folder."""
    if not path:
        return name
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), urllib.parse.unquote(path)))
    found = (target, posixpath.normpath(f"{target}/index.html"))
    return next((candidate for candidate in found if candidate in files), None)
