"""The files of a finished site, and what each HTML file holds."""

import dataclasses
import pathlib

from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.languages import language_of
from handbook.pages.page import Page


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

    def ids_of(self, name: str) -> frozenset[str]:
        """What links can point at in an HTML file."""
        if name not in self._ids:
            self._ids[name] = frozenset(self.document(name).ids)
        return self._ids[name]
