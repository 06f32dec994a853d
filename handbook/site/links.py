"""The links of a page in a copy that is taken away: whole addresses, or the words alone."""

import posixpath
import re
import urllib.parse
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from handbook.pages.page import Page, url_of

# What is no link, though it may look like one, comes first: code and formulas.
LINK = re.compile(
    r"""(?P<code>^[ \t>]*(?P<fence>`{3,}|~{3,}).*?^[ \t>]*(?P=fence)
        |(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)
        |(?<![\\$])\$(?=\S)[^$\n]+(?<=\S)\$)
    |(?<!!)\[(?P<text>(?:[^\[\]`]|`[^`]*`)+)\]\((?P<target>[^)\s]+)(?:[ ]+"[^"]*")?\)
    |<a\s[^>]*?href="(?P<href>[^"]*)"[^>]*>(?P<inside>.*?)</a>""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# On a card nothing unfolds, and nothing leads to a footnote.
ONLY_ON_A_PAGE = ".headerlink, .unfold, .footnote-ref, details.breaks"
# Where a link leads in the copy, given where it leads on the site, with its anchor; None: nowhere.
Resolve = Callable[[str], str | None]


def to_site(page: Page, address: str) -> Resolve:
    """Lead to the page itself where the site has an address, and nowhere where it has none.

    Args:
        page: whose links they are.
        address: where the site of its language will stand, or "".
    """
    return lambda target: f"{address}{target}" if address else None


def to_markdown(page: Page, address: str) -> Resolve:
    """Lead to the Markdown of a page, to an anchor or a lab on the page itself.

    Args:
        page: whose Markdown stands beside it.
        address: where the site of its language will stand, or "": then links are relative.
    """

    def resolve(target: str) -> str:
        is_page = target.endswith("/") or not target
        is_lab = re.match("labs/.", target)
        file = f"{target}index.md" if is_page and not is_lab else target
        return address + file if address else _relative(file, page.url)

    return resolve


def in_markdown(text: str, page: Page, resolve: Resolve) -> str:
    """Markdown with each relative link led elsewhere, or its words alone.

    Args:
        text: of the page or of a part of it, its links relative to the page's file.
        page: where it stands.
        resolve: where to.
    """

    def one(match: re.Match) -> str:
        if match["code"]:
            return match[0]
        raw = match["href"] is not None
        target, words = (
            (match["href"], match["inside"]) if raw else (match["target"], match["text"])
        )
        if is_elsewhere(target):
            return match[0]
        # Raw HTML is relative to the page's folder on the site, Markdown to the page's file.
        target = target if raw else _on_site(target, page)
        led = resolve(_joined(page.url, target))
        return f"[{words}]({led})" if led is not None else words

    return LINK.sub(one, text)


def in_html(html: str, page: Page, resolve: Resolve) -> str:
    """A part of a finished page, its relative links led elsewhere, or their words alone.

    What only a page can use (marks for links, meanings of terms, buttons that unfold) is left out.
    """
    tree = LexborHTMLParser(f"<body>{html}</body>")
    for node in tree.css(ONLY_ON_A_PAGE):
        node.decompose()
    for node in tree.css("a.term"):
        node.unwrap()
    for node in tree.css("a[href]"):
        if is_elsewhere(target := node.attributes["href"] or ""):
            continue
        if (led := resolve(_joined(page.url, target))) is None:
            node.unwrap()
        else:
            node.attrs["href"] = led
    return tree.body.inner_html or ""


def is_elsewhere(target: str) -> bool:
    """Whether a link leads to another host, or to a program such as mail."""
    parts = urllib.parse.urlsplit(target)
    return bool(parts.scheme or parts.netloc)


def _on_site(target: str, page: Page) -> str:
    """A link as Markdown has it, from the page's file, as a browser has it, from the page."""
    path, mark, anchor = target.partition("#")
    if not path:
        return target
    address = posixpath.normpath(posixpath.join(posixpath.dirname(page.address), path))
    return _relative(url_of(address) + mark + anchor, page.url)


def _joined(url: str, target: str) -> str:
    """A relative link of the page at `url`, from the root of its language."""
    return urllib.parse.urljoin(f"//x/{url}", target).removeprefix("//x/")


def _relative(target: str, url: str) -> str:
    """The way from the page at `url` to a target; both below the root of their language."""
    path, mark, anchor = target.partition("#")
    slash = "/" if path.endswith("/") or not path else ""
    way = posixpath.relpath(f"/{path}", f"/{url}") + slash
    return way + mark + anchor
