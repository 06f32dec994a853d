"""The Python-Markdown extension: puts outputs, figures, inline values and the stamp into a page.

It works on the text before pymdownx.superfences does, so that what it adds stands at any depth:
in an admonition, a tab, a list or a quotation.
"""

import os
import pathlib

import markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.page import Page
from handbook.site import code, terms, warn
from handbook.site.showing import Showing


class ShowingPreprocessor(Preprocessor):
    """Adds what the programs gave, while fences still stand as text."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines with includes, outputs, figures, values, directives and stamp."""
        extension = self.md.handbook
        extension.page = page = self._page(extension.handbook)
        if page is None:
            return lines
        normal = self.md.preprocessors["normalize_whitespace"].run([*page.text.lines])
        return Showing(page, extension.handbook, self.md.htmlStash.store).lines(normal)

    def _page(self, handbook: Handbook) -> Page | None:
        """The page that is being rendered; None for the cells of a lab."""
        if "relpath" not in self.md.treeprocessors:  # MkDocs' own, the only one that knows
            what = "the generator does not say which page it renders, so none would have an output"
            remedy = "Build with MkDocs, or teach handbook/site/extension.py where else it stands."
            warn(Mistake("mkdocs.yml", 1, what, remedy))
            return None
        relpath = self.md.treeprocessors["relpath"]
        if not relpath.file.src_uri.endswith(".md"):
            return None
        path = pathlib.Path(relpath.file.abs_src_path).relative_to(handbook.root).as_posix()
        try:
            return handbook.page(path, path.split("/")[1])
        except Mistakes as error:
            for mistake in error.found:
                warn(mistake)
            return None


class FollowUpTreeprocessor(Treeprocessor):
    """Gives each follow-up the id that the list at the top leads to."""

    def run(self, root) -> None:
        """Number them in order."""
        folded = (x for x in root.iter("details") if x.get("class") == "question")
        for number, element in enumerate(folded, 1):
            element.set("id", f"follow-up-{number}")


class HandbookExtension(markdown.Extension):
    """`handbook.site.extension` in mkdocs.yml.

    Attributes:
        page: the page that is being rendered, if it is one of the handbook's.
    """

    def __init__(self, **options) -> None:
        self.config = {"root": ["", "the handbook's folder"]}
        super().__init__(**options)
        self.page: Page | None = None

    @property
    def handbook(self) -> Handbook:
        """The handbook that the page is part of."""
        return Handbook.at(pathlib.Path(os.fspath(self.getConfig("root"))).resolve())

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Register between whitespace (30) and superfences (25), and below raw_html (30)."""
        md.handbook = self
        md.preprocessors.register(ShowingPreprocessor(md), "handbook-showing", 28)
        # Before MkDocs collects what can be linked to.
        md.treeprocessors.register(FollowUpTreeprocessor(md), "handbook-follow-ups", 15)
        # Below inline (20), which has found code and links, and above relpath (0), which resolves links.
        md.treeprocessors.register(terms.TermTreeprocessor(md), "handbook-terms", 14)
        # Below raw_html, which puts the highlighted code in place.
        md.postprocessors.register(code.CodePostprocessor(md), "handbook-code", 4)
        # Where Markdown has its own for indented code, which superfences takes out.
        for check in code.CHECKS:
            md.parser.blockprocessors.register(check(md.parser), check.__name__, 80)


def makeExtension(**options) -> HandbookExtension:
    """Entry point that Python-Markdown looks for."""
    return HandbookExtension(**options)
