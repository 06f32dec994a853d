"""The finished HTML against the pages: every Python block shown is one that ran.

Then links, anchors, ids, languages, requests to other hosts and weight.
"""

import collections
import dataclasses
import functools
import gzip
import pathlib
import posixpath
import re
import urllib.parse

from selectolax.lexbor import LexborHTMLParser

from verify import catalogue, languages, records, settings
from verify.pages import Page, PageError
from verify.settings import LANGUAGES

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
NOT_LOADED = {"canonical", "alternate", "prev", "next"}
HANDLER = re.compile(r"""<[^>]*[\s"'/]on\w+\s*=""", re.IGNORECASE)
STYLE_REQUEST = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""")


@dataclasses.dataclass(frozen=True)
class Document:
    """A finished HTML file.

    Attributes:
        name: its path below the site's folder.
        source: the page it was made from, as messages name it.
        html: its text.
        tree: the same, parsed.
        ids: what links can point at in it.
    """

    name: str
    source: str
    html: str
    tree: LexborHTMLParser
    ids: tuple[str, ...]


def audit(site: pathlib.Path, root: pathlib.Path, language: str) -> list[str]:
    """Check one language of a finished site that is not published yet.

    Args:
        site: the folder with the Chinese site, and the English one in `en/`.
        root: the handbook it was built from.
        language: one of `settings.LANGUAGES`.

    Returns:
        Every fault, as `path:line: what. What to do.`; empty if the site may be published.
    """
    known = settings.load(root)
    errors: list[str] = []
    sources: dict[str, Page] = {}
    files = frozenset(
        path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()
    )
    for file in languages.pages_of(root, language):
        try:
            page = languages.read(file, root, language)
        except PageError as error:
            errors += error.messages
            continue
        target = html_of(page, site)
        sources[target] = page
        if target not in files:
            errors.append(
                f"{page.path}:1: the page is missing from the site. Add it to the navigation."
            )
    errors += catalogue.check(root, language)
    ids_of = functools.cache(lambda name: frozenset(_document(site, name, sources).ids))
    for name in sorted(file for file in files if _language_of(file) == language):
        if name.endswith(".css") and STYLE_REQUEST.search((site / name).read_text("utf-8")):
            errors.append(f"{name}:1: this style asks another host. Bring the file here.")
        if not name.endswith(".html"):
            continue
        document = _document(site, name, sources)
        errors += _whole(document, language)
        errors += _links(document, files, ids_of)
        if name in sources:
            errors += _blocks(document, sources[name], known)
            errors += _weight(site / name, document, known.page_kib)
    return errors


def _language_of(name: str) -> str:
    """The language that a file of the site belongs to."""
    first = name.partition("/")[0]
    return first if first in LANGUAGES else LANGUAGES[0]


def html_of(page: Page, site: pathlib.Path) -> str:
    """The HTML file of a page, below the folder of the whole site."""
    base = settings.site_of(page.language, site)
    address = pathlib.PurePath(page.address)
    folder = address.parent if address.name == "index.md" else address.with_suffix("")
    return (base / folder / "index.html").relative_to(site).as_posix()


def _document(site: pathlib.Path, name: str, sources: dict[str, Page]) -> Document:
    html = (site / name).read_text("utf-8")
    tree = LexborHTMLParser(html)
    ids = tuple(node.attributes["id"] or "" for node in tree.css("[id]"))
    return Document(name, sources[name].path if name in sources else name, html, tree, ids)


def _whole(document: Document, language: str) -> list[str]:
    errors = []
    named = document.tree.css_first("html").attributes.get("lang")
    if named != language:
        errors.append(
            f"{document.source}:1: <html> names the language {named!r}, and the page is in {language!r}. "
            "Set theme.language."
        )
    if not document.tree.css_first("meta[http-equiv=Content-Security-Policy]"):
        errors.append(
            f'{document.source}:1: the page has no Content-Security-Policy. Begin its head with <meta charset="utf-8">.'
        )
    if foreign := document.tree.css_first("article script, article style, article iframe"):
        errors.append(
            f"{document.source}:1: the text holds a <{foreign.tag}>. Take it out; a page is text, code and figures."
        )
    # Looking at every element takes long, and few pages hold what looks like a handler.
    for node in document.tree.css("body *") if HANDLER.search(document.html) else ():
        if handlers := [name for name in node.attributes if name.startswith("on")]:
            errors.append(
                f"{document.source}:1: <{node.tag} {handlers[0]}=…> runs a script. Take it out."
            )
    for name in sorted(i for i, count in collections.Counter(document.ids).items() if count > 1):
        errors.append(
            f"{document.source}:1: the id {name!r} stands twice. Give one heading another id."
        )
    if "wzxhzdk" in (document.tree.body.text() or ""):
        errors.append(
            f"{document.source}:1: a placeholder was left in the page. Check its indentation."
        )
    return errors


def _blocks(document: Document, page: Page, known: settings.Settings) -> list[str]:
    shown = [node.text().rstrip() for node in document.tree.css("div.language-python code")]
    ran = [block.part.code.rstrip() for block in page.blocks]
    errors = []
    for number, block in enumerate(page.blocks):
        if number >= len(shown) or _plain(shown[number]) != _plain(ran[number]):
            return [
                f"{page.path}:{block.line}: this block ran but is not what the page shows in its place. "
                "Take it out of comments and raw HTML."
            ]
    if len(shown) > len(ran):
        errors.append(
            f"{page.path}:1: the page shows {len(shown)} Python blocks and {len(ran)} ran. "
            "Write each as a ```python fence."
        )
    if document.tree.css_first(":not(.highlight) > pre > code[class*=python]"):
        errors.append(
            f"{page.path}:1: raw HTML shows Python that did not run. Write a ```python fence."
        )
    found = [records.load(records.key_of(program, known), known) for program in page.programs]
    expected = sum(
        bool(found[block.program].result.outputs[block.index].strip())
        for block in page.blocks
        if found[block.program]
    )
    if (outputs := len(document.tree.css("div.output"))) != expected:
        errors.append(
            f"{page.path}:1: {expected} blocks printed and {outputs} outputs are shown. Run make site."
        )
    if (values := len(document.tree.css("span.value"))) != len(page.values):
        errors.append(
            f"{page.path}:1: {len(page.values)} inline values are written and {values} are shown. "
            "Do not write them in headings, code or formulas."
        )
    return errors


def _weight(file: pathlib.Path, document: Document, limit: int) -> list[str]:
    text = file.read_bytes()
    weight = len(gzip.compress(text)) / 1024 if len(text) > limit * 1024 else 0
    if weight <= limit:
        return []
    return [
        f"{document.source}:1: the page weighs {weight:.0f} KiB gzipped, and {limit} is the limit. "
        "Draw fewer points or smaller images, or split the page."
    ]


def _plain(code: str) -> list[str]:
    return [line.rstrip() for line in code.strip("\n").split("\n")]


def _links(document: Document, files: frozenset[str], ids_of) -> list[str]:
    """What is wrong with the links of a document.

    Args:
        document: where they stand.
        files: every file below the site's folder.
        ids_of: what links can point at in one of them.
    """
    errors = []
    anchors = set(document.ids)
    for node in document.tree.css("a[href], img, script[src], link[href], iframe, source[src]"):
        loaded = node.tag != "a"
        address = node.attributes.get(LOADED.get(node.tag, "href"))
        if address is None or node.tag == "link" and _relation(node) & NOT_LOADED:
            continue
        parts = urllib.parse.urlsplit(address)
        if parts.scheme == "javascript":
            errors.append(
                f"{document.source}:1: the link {address[:40]} runs a script. Take it out."
            )
            continue
        if parts.scheme in ("data", "mailto"):
            continue
        if parts.scheme or parts.netloc:
            if loaded:
                errors.append(
                    f"{document.source}:1: the page loads {address} from another host. Bring it here."
                )
            continue
        if address.startswith("/"):
            if posixpath.basename(document.name) != "404.html":
                errors.append(
                    f"{document.source}:1: the link {address} is absolute. Write it relative to the page."
                )
            continue
        target = _target(document.name, parts.path, files)
        if target is None:
            errors.append(f"{document.source}:1: the link {address} leads nowhere. Correct it.")
        elif parts.fragment and target.endswith(".html"):
            here = anchors if target == document.name else ids_of(target)
            if urllib.parse.unquote(parts.fragment) not in here:
                errors.append(
                    f"{document.source}:1: the link {address} names no heading of that page. Correct it."
                )
    return errors


def _relation(node) -> set[str]:
    return set((node.attributes.get("rel") or "").split())


def _target(name: str, path: str, files: frozenset[str]) -> str | None:
    """The file that a relative link leads to, or None if there is none below the site's folder."""
    if not path:
        return name
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), urllib.parse.unquote(path)))
    found = (target, posixpath.normpath(f"{target}/index.html"))
    return next((candidate for candidate in found if candidate in files), None)
