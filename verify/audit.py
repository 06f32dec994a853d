"""The finished HTML against the pages: every Python block shown is one that ran.

Then links, anchors, ids, languages, requests to other hosts and weight.
"""

import dataclasses
import functools
import gzip
import pathlib
import re
import urllib.parse

from selectolax.lexbor import LexborHTMLParser

from verify import catalogue, languages, records, settings
from verify.pages import Page, PageError
from verify.settings import LANGUAGES

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
NOT_LOADED = {"canonical", "alternate", "prev", "next"}
STYLE_REQUEST = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""")


@dataclasses.dataclass(frozen=True)
class Document:
    """A finished HTML file: where it came from, and what links can point at in it."""

    source: str
    tree: LexborHTMLParser
    ids: tuple[str, ...]


def audit(site: pathlib.Path, root: pathlib.Path) -> list[str]:
    """Check a finished site that is not published yet.

    Args:
        site: the folder with the Chinese site, and the English one in `en/`.
        root: the handbook it was built from.

    Returns:
        Every fault, as `path:line: what. What to do.`; empty if the site may be published.
    """
    known = settings.load(root)
    errors: list[str] = []
    sources: dict[pathlib.Path, tuple[str, Page]] = {}
    for language in LANGUAGES:
        for file in languages.pages_of(root, language):
            try:
                page = languages.read(file, root, language)
            except PageError as error:
                errors += error.messages
                continue
            target = html_of(page, site)
            sources[target] = (page.path, page)
            if not target.is_file():
                errors.append(
                    f"{page.path}:1: the page is missing from the site. Add it to the navigation."
                )
    errors += catalogue.check(root)
    documents = {
        file: _document(
            file, sources[file][0] if file in sources else file.relative_to(site).as_posix()
        )
        for file in sorted(site.rglob("*.html"))
    }
    for file, document in documents.items():
        errors += _whole(document, "en" if site / "en" in file.parents else "zh")
        errors += _links(file, document, documents, site)
        if file in sources:
            errors += _blocks(document, sources[file][1], known)
            limit = known.page_kib if document.source.endswith(".md") else known.lab_kib
            errors += _weight(file, document, limit)
    for file in site.rglob("*.css"):
        if STYLE_REQUEST.search(file.read_text("utf-8")):
            errors.append(
                f"{file.relative_to(site)}:1: this style asks another host. Bring the file here."
            )
    return errors


def html_of(page: Page, site: pathlib.Path) -> pathlib.Path:
    """The HTML file of a page."""
    base = site if page.language == "zh" else site / page.language
    address = pathlib.PurePath(page.address)
    folder = address.parent if address.name == "index.md" else address.with_suffix("")
    return base / folder / "index.html"


def _document(file: pathlib.Path, source: str) -> Document:
    tree = LexborHTMLParser(file.read_text("utf-8"))
    return Document(source, tree, tuple(node.attributes["id"] or "" for node in tree.css("[id]")))


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
    for node in document.tree.css("body *"):
        if handlers := [name for name in node.attributes if name.startswith("on")]:
            errors.append(
                f"{document.source}:1: <{node.tag} {handlers[0]}=…> runs a script. Take it out."
            )
    for name in sorted({i for i in document.ids if document.ids.count(i) > 1}):
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
    weight = len(gzip.compress(file.read_bytes())) / 1024
    if weight <= limit:
        return []
    return [
        f"{document.source}:1: the page weighs {weight:.0f} KiB gzipped, and {limit} is the limit. "
        "Draw fewer points or smaller images, or split the page."
    ]


def _plain(code: str) -> list[str]:
    return [line.rstrip() for line in code.strip("\n").split("\n")]


def _links(file, document: Document, documents, site: pathlib.Path) -> list[str]:
    errors = []
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
            if file.name != "404.html":
                errors.append(
                    f"{document.source}:1: the link {address} is absolute. Write it relative to the page."
                )
            continue
        target = _target(file, urllib.parse.unquote(parts.path))
        if not target.is_file() or site not in target.parents:
            errors.append(f"{document.source}:1: the link {address} leads nowhere. Correct it.")
        elif parts.fragment and target in documents:
            if urllib.parse.unquote(parts.fragment) not in _anchors(documents[target]):
                errors.append(
                    f"{document.source}:1: the link {address} names no heading of that page. Correct it."
                )
    return errors


def _relation(node) -> set[str]:
    return set((node.attributes.get("rel") or "").split())


@functools.cache
def _anchors(document: Document) -> frozenset[str]:
    return frozenset(document.ids)


def _target(file: pathlib.Path, path: str) -> pathlib.Path:
    target = (
        pathlib.Path(urllib.parse.urljoin(file.as_uri(), urllib.parse.quote(path))[7:])
        if path
        else file
    )
    target = pathlib.Path(urllib.parse.unquote(str(target)))
    return target / "index.html" if target.is_dir() else target
