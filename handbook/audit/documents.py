"""The files of a finished site, and what each HTML file holds."""

import dataclasses
import functools
import pathlib
import re

from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.languages import language_of
from handbook.pages.page import Block, Page
from handbook.sandbox.result import Result

UNSEEN = re.compile(r"<!--.*?-->|<(svg|math)\b.*?</\1>", re.DOTALL)
POLICY = "meta[http-equiv=Content-Security-Policy]"


@dataclasses.dataclass(frozen=True)
class Document:
    """A finished HTML file.

    Attributes:
        name: its path below the site's folder.
        source: the page it was made from, as messages name it.
        page: that page, or None.
        html: its text.
        tree: the same, parsed.
        ids: what links can point at in it.
    """

    name: str
    source: str
    page: Page | None
    html: str
    tree: LexborHTMLParser
    ids: tuple[str, ...]

    @functools.cached_property
    def article(self) -> str:
        """The HTML of its articles, without comments, drawings and formulas."""
        start, end = self.html.find("<article"), self.html.rfind("</article>")
        return UNSEEN.sub("", self.html[start:end]) if start >= 0 else ""

    @functools.cached_property
    def _policy(self) -> dict[str, list[str]]:
        """Directive → sources, of its Content-Security-Policy."""
        meta = self.tree.css_first(POLICY)
        directives = (meta.attributes.get("content") or "").split(";") if meta else ()
        return {name: sources for name, *sources in map(str.split, directives)}

    def permits(self, directive: str, source: str) -> bool:
        """Whether its policy lets a browser load from a source, such as `'self'` or `data:`."""
        if not self._policy:  # which is a fault by itself
            return True
        return source in self._policy.get(directive, self._policy["default-src"])

    def line(self, words: str) -> int:
        """The line of the source on which some words stand first; 1 if it is not known."""
        return self.page.text.find(words) if self.page else 1


class Site:
    """A finished site that is not published yet, while one of its languages is audited.

    Attributes:
        handbook: what it was made from.
        language: the language that is audited.
        files: every file, below the folder of the whole site.
        pages: HTML file → the page that it was made from.
    """

    def __init__(self, folder: pathlib.Path, handbook: Handbook, language: str) -> None:
        self.folder, self.handbook, self.language = folder, handbook, language
        self.files = frozenset(
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        )
        self.pages = {page.html: page for page in handbook.pages(language)}
        self._ids: dict[str, frozenset[str]] = {}
        self._results: dict[str, list[tuple[Block, Result]]] = {}

    def own(self, suffix: str) -> list[str]:
        """The files of the language that end so, sorted."""
        found = (file for file in self.files if file.endswith(suffix))
        return sorted(file for file in found if language_of(file) == self.language)

    def text(self, name: str) -> str:
        """The text of a file."""
        return (self.folder / name).read_text("utf-8")

    def document(self, name: str) -> Document:
        """An HTML file, parsed."""
        html, page = self.text(name), self.pages.get(name)
        tree = LexborHTMLParser(html)
        ids = tuple(node.attributes["id"] or "" for node in tree.css("[id]"))
        return Document(name, page.path if page else name, page, html, tree, ids)

    def results(self, page: Page) -> list[tuple[Block, Result]]:
        """The blocks of a page, each with what its program gave."""
        if page.html not in self._results:
            found = ((block, self.handbook.record(block.program)) for block in page.blocks)
            self._results[page.html] = [(b, record.result) for b, record in found if record]
        return self._results[page.html]

    def ids_of(self, name: str) -> frozenset[str]:
        """What links can point at in an HTML file."""
        if name not in self._ids:
            self._ids[name] = frozenset(self.document(name).ids)
        return self._ids[name]
