"""One page with what its programs gave: outputs, figures, inline values, directives, stamp."""

import html
import re

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.pages import marks
from handbook.pages.fences import end_of_annotations
from handbook.pages.page import Block, Page, Value, Values
from handbook.site import around, calculators, lists, markup, reports, short, terms, warn
from handbook.words import words

# What `<!-- handbook:name -->` stands for.
DIRECTIVES = {
    "summary": reports.summary,
    "longest": reports.longest,
    "report": reports.programs,
    "glossary": terms.glossary,
    "faults": reports.fault_cases,
    "benchmarks": reports.benchmarks,
    "questions": lists.questions,
    "cards": lists.cards,
    "review": lists.review,
    "calculator": calculators.calculator,
    "rounds": lists.rounds,
    "progress": lists.progress,
}


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
        folds, asked = short.folds(self.page), short.place_of_follow_ups(self.page)
        if folds:
            head += markup.reading_html(self.page.language)
        shown: list[str] = []
        for index, line in enumerate([*lines, ""]):
            if index in ends:
                shown += self._output(ends[index])
            if index in folds:
                shown += self._put(*folds[index])
            if index in starts:
                self.current, self.drawn = starts[index], 0
            if index in text.fenced:
                shown.append(line)
                continue
            if index == asked:
                shown += short.follow_up_lines(self.page, self._said)
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
        fold = short.fold_of_output(self.page, prefix, text)
        shown = self._put(prefix, markup.output_html(text, label, fold)) if text else []
        return shown + self._breaks(block)

    def _breaks(self, block: Block) -> list[str]:
        """What is known to break the asserts of a block."""
        part = block.part
        lines = range(part.line, part.line + len(part.code.splitlines()))
        broken = [
            mutation
            for mutation in sorted(self.handbook.broken(part.file), key=lambda m: m.guard)
            if mutation.guard in lines and self.handbook.record(mutation.program)
        ]
        if not broken:
            return []
        shown = markup.breaks_html(broken, part.code, part.line, self.page.language)
        return self._put(block.fence.prefix, shown)

    def _line(self, line: str, number: int) -> list[str]:
        if figure := marks.FIGURE.match(line):
            return self._figure(figure)
        if directive := marks.DIRECTIVE.match(line):
            return self._directive(directive["name"], number)
        return [self.values.put(line, number, self._value)]

    def _said(self, value: Value) -> str:
        """An inline value that stands on the page a second time."""
        return self.store(html.escape(self.handbook.value(value) or "…"))

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
        text, name = self.handbook.value(value), value.program.name
        if text is None:
            return self.store(markup.unrun_value_html(name))
        return self.store(markup.value_html(text, name))

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
            parts.append(around.run_here_html(self.page, self.handbook))
            parts.append(markup.stamp_html([record for _, record in found], self.page.language))
        foot = "\n".join(part for part in parts if part)
        # No blank line after it: at the end of a page Markdown would wrap it in a paragraph.
        return ["", self.store(foot)] if foot else []
