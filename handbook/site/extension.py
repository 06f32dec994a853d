"""The Python-Markdown extension: puts outputs, figures, inline values and the stamp into a page.

It works on the text before pymdownx.superfences does, so that what it adds stands at any depth:
in an admonition, a tab, a list or a quotation.
"""

import os
import pathlib
import re

import markdown
from markdown.preprocessors import Preprocessor

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.fences import end_of_annotations
from handbook.pages.page import Block, Page, Value, Values
from handbook.site import around, code, lists, markup, reports, warn
from handbook.words import words

# What `<!-- handbook:name -->` stands for.
DIRECTIVES = {
    "summary": reports.summary,
    "longest": reports.longest,
    "report": reports.programs,
    "glossary": reports.glossary,
    "faults": reports.fault_cases,
    "benchmarks": reports.benchmarks,
    "questions": lists.questions,
    "cards": lists.cards,
    "review": lists.review,
}


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
        """The page that is being rendered; None for the cells of a lab, and for other Markdown."""
        relpath = "relpath" in self.md.treeprocessors and self.md.treeprocessors["relpath"]
        if not relpath or not relpath.file.src_uri.endswith(".md"):
            return None
        path = pathlib.Path(relpath.file.abs_src_path).relative_to(handbook.root).as_posix()
        try:
            return handbook.page(path, path.split("/")[1])
        except Mistakes as error:
            for mistake in error.found:
                warn(mistake)
            return None


class Showing:
    """One page, while what its programs gave is put into its lines."""

    def __init__(self, page: Page, handbook: Handbook, store) -> None:
        self.page, self.handbook, self.store = page, handbook, store
        self.current: Block | None = None
        self.drawn = 0
        self.values = Values(page.values)

    def lines(self, lines: list[str]) -> list[str]:
        """The lines to render.

        Args:
            lines: those of `Page.text`, with whitespace as Markdown wants it.
        """
        text = self.page.text
        for block in self.page.blocks:
            if not self.handbook.drafts and self.handbook.record(block.program) is None:
                what = "this block has not been run"
                warn(Mistake(self.page.path, block.line, what, "Run make site."))
        ends = {end_of_annotations(lines, block.fence): block for block in self.page.blocks}
        starts = {block.fence.start: block for block in self.page.blocks}
        head = around.head_html(self.page, self.handbook)
        shown: list[str] = []
        for index, line in enumerate([*lines, ""]):
            if index in ends:
                shown += self._output(ends[index])
            if index in starts:
                self.current, self.drawn = starts[index], 0
            if index in text.fenced:
                shown.append(line)
                continue
            shown += self._line(line, text.origins[index] if index < len(text.origins) else 0)
            if head and line.startswith("# "):
                shown += self._put("", head)
                head = ""
        behind = around.behind_html(self.page, self.handbook)
        return [*(self._put("", behind) if behind else []), *shown, *self._foot()]

    def _put(self, prefix: str, text: str) -> list[str]:
        blank = prefix.rstrip()
        return [blank, prefix + self.store(text), blank]

    def _output(self, block: Block) -> list[str]:
        prefix, language = block.fence.prefix, self.page.language
        record = self.handbook.record(block.program)
        if not record:
            key = self.handbook.key(block.program)
            return self._put(prefix, markup.unrun_html(key, language))
        text = record.result.outputs[block.index].rstrip()
        label = words("page", language)["output"]
        return self._put(prefix, markup.output_html(text, label)) if text else []

    def _line(self, line: str, number: int) -> list[str]:
        if figure := marks.FIGURE.match(line):
            return self._figure(figure)
        if directive := marks.DIRECTIVE.match(line):
            return self._directive(directive["name"], number)
        return [self.values.put(line, number, self._value)]

    def _figure(self, match: re.Match) -> list[str]:
        block = self.current
        record = self.handbook.record(block.program)
        drawings = record.result.figures[block.index] if record else []
        number, self.drawn = self.drawn, self.drawn + 1
        if number >= len(drawings):
            if record:
                what = f"this block draws {len(drawings)} figures and the page describes more"
                remedy = "Remove the last ![…](figure) line."
                warn(Mistake(self.page.path, block.line, what, remedy))
            return []
        prefix = markup.figure_prefix(record, block.index, number)
        return self._put(
            match["prefix"], markup.figure_html(drawings[number], match["alt"], prefix)
        )

    def _value(self, value: Value) -> str:
        record = self.handbook.record(value.program)
        if not record:
            return self.store(markup.unrun_value_html(value.program.name))
        text = record.result.values.get(value.expression, "")
        return self.store(markup.value_html(text, value.program.name))

    def _directive(self, name: str, line: int) -> list[str]:
        if name not in DIRECTIVES:
            what = f"there is no 'handbook:{name}'"
            warn(Mistake(self.page.path, line, what, f"There are: {', '.join(DIRECTIVES)}."))
            return []
        return ["", *DIRECTIVES[name](self.page, self.handbook), ""]

    def _foot(self) -> list[str]:
        found = [(p, r) for p in self.page.programs if (r := self.handbook.record(p))]
        parts = [around.next_html(self.page, self.handbook)]
        if len(found) < len(self.page.programs):
            parts.append(markup.WATCHING)
        if found:
            parts.append(around.programs_html(self.page, found))
            parts.append(markup.stamp_html([record for _, record in found], self.page.language))
        foot = "\n".join(part for part in parts if part)
        # No blank line after it: at the end of a page Markdown would wrap it in a paragraph.
        return ["", self.store(foot)] if foot else []


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
        # Below raw_html, which puts the highlighted code in place.
        md.postprocessors.register(code.CodePostprocessor(md), "handbook-code", 4)
        # Where Markdown has its own for indented code, which superfences takes out.
        for check in code.CHECKS:
            md.parser.blockprocessors.register(check(md.parser), check.__name__, 80)


def makeExtension(**options) -> HandbookExtension:
    """Entry point that Python-Markdown looks for."""
    return HandbookExtension(**options)
