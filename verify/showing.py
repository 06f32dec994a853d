"""The Python-Markdown extension: puts outputs, figures, inline values and the stamp into a page.

It works on the text before pymdownx.superfences does, so that what it adds stands at any depth:
in an admonition, a tab, a list or a quotation.
"""

import ast
import dataclasses
import functools
import html
import itertools
import json
import logging
import os
import pathlib
import re

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from verify import faults, languages, pages, reading, records, settings
from verify.pages import Page, Program
from verify.records import Record

# Under `mkdocs.`, or a strict build would not count the warnings.
log = logging.getLogger("mkdocs.handbook")

# Names, operators and punctuation have the colour of the code around them: marking them would make
# half of all elements of a page with programs, and every phone would lay them out.
UNCOLOURED = re.compile(r'<span class="[nop]">([^<]*)</span>')
DIRECTIVE = re.compile(r"^<!-- handbook:(?P<name>[\w-]+) -->\s*$")

TEXT = {
    "zh": {
        "output": "输出",
        "stamp one": "本页的程序运行通过，用时 {seconds:.1f} 秒，最近一次运行于 {when}（UTC）。{versions}。",
        "stamp": "本页的 {programs} 个程序全部运行通过，共 {seconds:.1f} 秒，最近一次运行于 {when}（UTC）。{versions}。",
        "behind": '另一语言的版本在这一页之后改过，两边可能有出入：<a href="{link}">看那一版</a>。',
        "difference": '<a href="{link}">它改了什么</a>。',
        "summary": "**{pages} 页，{programs} 个程序，{blocks} 段代码，{asserts} 条断言，全部运行通过。** 最近一次运行：{when}（UTC）。{versions}。[逐个程序的报告]({report})",
        "report": "| 程序 | 秒 | 峰值内存（MiB） | 墙 | 运行于 |",
        "network": "网络",
        "files": "文件",
        "no wall": "无（系统不允许）",
        "glossary": "| 中文 | English | 含义 |",
        "faults": "{caught} 种错误，每一种都在测试里真的犯过一次，并且按名字拦下。",
        "unseen": "另有 {unseen} 种，这次构建之前没有运行过它们的测试（`make test`）。",
        "fault": "| 错误 | 报错 |",
        "total": "{programs} 个程序，共 {seconds:.0f} 秒。{versions}。",
        "benchmark": "| 量的是 | 本站 | 对照 | 比值 | 目标 |",
        "measured": "量于 {when}，{cores} 核，{memory_gib} GiB 内存，{system}，Python {python}。",
        "met": "{goal}：达到",
        "missed": "{goal}：**没有达到**",
    },
    "en": {
        "output": "Output",
        "stamp one": "The program on this page ran to the end, in {seconds:.1f} seconds, last on {when} UTC. {versions}.",
        "stamp": "All {programs} programs on this page ran to the end, in {seconds:.1f} seconds, last on {when} UTC. {versions}.",
        "behind": 'The page in the other language has changed since this one was written, so the two may differ: <a href="{link}">see that version</a>.',
        "difference": ' <a href="{link}">What changed there</a>.',
        "summary": "**{pages} pages, {programs} programs, {blocks} blocks of code, {asserts} assertions: all of them ran and held.** Last run: {when} UTC. {versions}. [Program by program]({report})",
        "report": "| Program | Seconds | Peak memory (MiB) | Walls | Ran on |",
        "network": "network",
        "files": "files",
        "no wall": "none (not permitted here)",
        "glossary": "| 中文 | English | Meaning |",
        "faults": "{caught} kinds of fault, each of them committed once in a test and stopped by name.",
        "unseen": "The tests of {unseen} more (`make test`) were not run before this build.",
        "fault": "| Fault | Message |",
        "total": "{programs} programs, {seconds:.0f} seconds in all. {versions}.",
        "benchmark": "| Measured | Here | Compared with | Ratio | Goal |",
        "measured": "Measured on {when}, on {cores} cores and {memory_gib} GiB of memory, {system}, Python {python}.",
        "met": "{goal}: met",
        "missed": "{goal}: **missed**",
    },
}


@dataclasses.dataclass(frozen=True)
class Run:
    """A program of a page and the record of its run."""

    page: Page
    program: Program
    record: Record


class ReadingPreprocessor(Preprocessor):
    """Reads the page as it was written, before includes are expanded."""

    def run(self, lines: list[str]) -> list[str]:
        """Find the page's blocks and their records; change nothing."""
        extension = self.md.handbook
        extension.page, extension.records = None, []
        relpath = "relpath" in self.md.treeprocessors and self.md.treeprocessors["relpath"]
        if not relpath or not relpath.file.src_uri.endswith(".md"):
            return lines  # the cells of a lab have their values and outputs already
        root = extension.root
        try:
            page = pages.read_page(pathlib.Path(relpath.file.abs_src_path), root)
        except pages.PageError as error:
            for message in error.messages:
                log.warning(message)
            return lines
        known = settings.load(root)
        found = [records.load(records.key_of(program, known), known) for program in page.programs]
        for block in page.blocks:
            if found[block.program] is None:
                log.warning(
                    f"{page.path}:{block.line}: this block has not been run. Run make site."
                )
        extension.page, extension.records = page, found
        return lines


class ShowingPreprocessor(Preprocessor):
    """Adds what the programs gave, when includes are expanded and fences still stand as text."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with outputs, figures, values, directives and the stamp."""
        extension = self.md.handbook
        page: Page | None = extension.page
        if page is None:
            return lines
        self.words = TEXT[page.language]
        fences = pages.find_fences(lines)
        python = [f for f in fences if f.language == "python"]
        if len(python) != len(page.blocks):
            log.warning(
                f"{page.path}:1: {len(page.blocks)} Python blocks ran and {len(python)} are shown. "
                "Report this as a fault of verify/pages.py."
            )
            return lines
        covered = {i: f for f in fences for i in range(f.start, f.end)}
        outputs = {
            pages.end_of_annotations(lines, fence): (fence.prefix, block)
            for fence, block in zip(python, page.blocks, strict=True)
        }
        starts = {fence.start: block for fence, block in zip(python, page.blocks, strict=True)}
        self.current, self.drawn = None, 0
        head = reading.head_html(page, self.md.handbook.root)
        shown: list[str] = []
        for index, line in enumerate([*lines, ""]):
            if index in outputs:
                shown += self._output(*outputs[index])
            if index in starts:
                self.current, self.drawn = starts[index], 0
            shown += [line] if index in covered else self._line(line)
            if head and index not in covered and line.startswith("# "):
                shown += self._stash("", head)
                head = ""
        return [*self._notice(page), *shown, *self._foot(page)]

    def _record(self, program: int) -> Record | None:
        return self.md.handbook.records[program]

    def _stash(self, prefix: str, text: str) -> list[str]:
        blank = prefix.rstrip()
        return [blank, prefix + self.md.htmlStash.store(text), blank]

    def _output(self, prefix: str, block: pages.Block) -> list[str]:
        record = self._record(block.program)
        text = record.result.outputs[block.index].rstrip() if record else ""
        if not text:
            return []
        return self._stash(prefix, output_html(text, self.words["output"]))

    def _line(self, line: str) -> list[str]:
        if figure := pages.FIGURE.match(line):
            return self._figure(figure)
        if directive := DIRECTIVE.match(line):
            return self._directive(directive["name"])
        return [self._values(line)]

    def _figure(self, match: re.Match) -> list[str]:
        block = self.current
        record = self._record(block.program)
        drawings = record.result.figures[block.index] if record else []
        number, self.drawn = self.drawn, self.drawn + 1
        if number >= len(drawings):
            if record:
                log.warning(
                    f"{self.md.handbook.page.path}:{block.line}: this block draws {len(drawings)} figures "
                    "and the page describes more. Remove the last ![…](figure) line."
                )
            return []
        prefix = f"{record.key[:6]}-{block.index}-{number}-"
        return self._stash(match["prefix"], figure_html(drawings[number], match["alt"], prefix))

    def _values(self, line: str) -> str:
        page = self.md.handbook.page
        groups = [list(program.parts) for program in page.programs]

        def text(stem: str | None, expression: str) -> str:
            number = self._program(stem, page, groups)
            record = self._record(number) if number is not None else None
            value = record.result.values.get(expression, "") if record else ""
            name = page.programs[number].name if number is not None else ""
            return self.md.htmlStash.store(value_html(value, name))

        return pages.replace_values(line, text)

    def _program(self, stem: str | None, page: Page, groups) -> int | None:
        line = self.current.line + 1 if self.current else 0
        return pages.program_of_value(stem, line, page.blocks, groups)

    def _directive(self, name: str) -> list[str]:
        page, root = self.md.handbook.page, self.md.handbook.root
        makers = {
            "summary": summary,
            "report": report,
            "glossary": glossary,
            "faults": fault_tables,
            "benchmarks": benchmarks,
            "questions": lambda root, _: reading.questions_list(page, root),
            "cards": lambda root, _: reading.cards(page, root),
            "review": lambda root, _: reading.review_list(page, root),
        }
        if name not in makers:
            log.warning(
                f"{page.path}:1: there is no 'handbook:{name}'. There are: {', '.join(makers)}."
            )
            return []
        return ["", *makers[name](root, page.language), ""]

    def _notice(self, page: Page) -> list[str]:
        if not languages.is_behind(page, self.md.handbook.root):
            return []
        address = reading.url_of(page)
        up = "../" * address.count("/")
        other = "en/" if page.language == "zh" else "../"
        note = self.words["behind"].format(link=f"{up}{other}{address}")
        if repository := os.environ.get("REPOSITORY_URL"):
            history = f"{repository}/commits/main/{languages.mate_path(page.path)}"
            note += self.words["difference"].format(link=history)
        return self._stash("", f'<div class="admonition warning behind"><p>{note}</p></div>')

    def _foot(self, page: Page) -> list[str]:
        root = self.md.handbook.root
        ran = zip(page.programs, self.md.handbook.records, strict=True)
        found = [(program, record) for program, record in ran if record]
        parts = [reading.next_html(page, root)]
        if found:
            parts.append(reading.programs_html(page, found))
            parts.append(stamp_html([record for _, record in found], page.language))
        parts = [part for part in parts if part]
        if not parts:
            return []
        # No blank line after it: at the end of a page Markdown would wrap it in a paragraph.
        return ["", self.md.htmlStash.store("\n".join(parts))]


class CodePostprocessor(Postprocessor):
    """Drops what Pygments marks and the page does not colour."""

    def run(self, text: str) -> str:
        """Return the page's HTML with fewer elements and the same text."""
        return UNCOLOURED.sub(r"\1", text)


class IndentedCodeProcessor(BlockProcessor):
    """Names what Markdown elsewhere would take for code: it would be shown here as prose."""

    def test(self, parent, block: str) -> bool:
        """Whether no container took the block and it is indented all the same."""
        return block.startswith(" " * self.tab_length)

    def run(self, parent, blocks: list[str]) -> None:
        """Report the block; it then counts as text."""
        page: Page | None = self.parser.md.handbook.page
        text = blocks[0].lstrip()
        blocks[0] = text
        if page:
            first = text.split("\n")[0].strip()
            lines = enumerate(page.body.splitlines(), page.body_line)
            found = [number for number, line in lines if line.strip() == first]
            log.warning(
                f"{page.path}:{found[0] if found else 1}: indentation does not mark code here. "
                "Write a ```python fence, or ```text for what does not run."
            )


def output_html(text: str, label: str) -> str:
    """What a block printed, below it."""
    return (
        f'<div class="output" data-search-exclude><span class="output-label">{label}</span>'
        f'<pre tabindex="0" aria-label="{label}"><samp>{html.escape(text)}</samp></pre></div>'
    )


def figure_html(svg: str, alt: str, prefix: str) -> str:
    """What a block drew, below it; `prefix` keeps its ids apart from those of other drawings."""
    label = f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" '
    drawing = _own_ids(svg, prefix).replace("<svg ", label, 1)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    # Known before it is laid out, so that a browser may wait until the reader comes near.
    size = f"aspect-ratio: {width} / {height}; max-width: {width}pt"
    return f'<figure class="drawing" style="{size}" data-search-exclude>{drawing}</figure>'


def value_html(value: str, program: str) -> str:
    """An inline value, with the program that gave it."""
    return f'<span class="value" title="{html.escape(program, quote=True)}">{html.escape(value)}</span>'


def stamp_html(found: list[Record], language: str) -> str:
    """When a page's programs ran, how long, on what."""
    text = TEXT[language]["stamp one" if len(found) == 1 else "stamp"].format(
        programs=len(found),
        seconds=sum(record.result.seconds for record in found),
        when=_time(max(record.ran_at for record in found)),
        versions=_versions(found),
    )
    return f'<p class="stamp" data-search-exclude>{text}</p>'


def _own_ids(svg: str, prefix: str) -> str:
    """Give the ids of a drawing a prefix, so that two drawings can stand on one page."""
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}", svg)
    return re.sub(r'href="#', f'href="#{prefix}', svg)


def _time(moment: str) -> str:
    return f'<time datetime="{moment}">{moment[:16].replace("T", " ")}</time>'


def _versions(found: list[Record]) -> str:
    """The versions that the runs used; more than one of a package if records differ."""
    seen: dict[str, set[str]] = {}
    for record in found:
        for name, version in record.versions.items():
            seen.setdefault(name, set()).add(version)
    proper = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
    return " · ".join(f"{proper.get(name, name)} {'/'.join(sorted(v))}" for name, v in seen.items())


@functools.lru_cache(maxsize=4)
def runs(root: pathlib.Path, language: str) -> tuple[Run, ...]:
    """Every program of a language's pages that has a valid record, in page order."""
    known = settings.load(root)
    found = []
    for file in languages.pages_of(root, language):
        try:
            page = languages.read(file, root, language)
        except pages.PageError:
            continue  # reported where the page itself is built
        for program in page.programs:
            if record := records.load(records.key_of(program, known), known):
                found.append(Run(page, program, record))
    return tuple(found)


def summary(root: pathlib.Path, language: str) -> list[str]:
    """One paragraph for the home page: how much was verified, and when."""
    found = runs(root, language)
    if not found:
        return []
    asserts = sum(
        isinstance(node, ast.Assert)
        for run in found
        for part in run.program.parts
        for node in ast.walk(ast.parse(part.code))
    )
    text = TEXT[language]["summary"].format(
        pages=len({run.page.path for run in found}),
        programs=len(found),
        blocks=sum(len(run.program.parts) for run in found),
        asserts=asserts,
        when=_time(max(run.record.ran_at for run in found)),
        versions=_versions([run.record for run in found]),
        report="about/verification.md",
    )
    return [text]


def report(root: pathlib.Path, language: str) -> list[str]:
    """The table of every program: page, seconds, peak memory, walls, when."""
    words, found = TEXT[language], runs(root, language)
    total = words["total"].format(
        programs=len(found),
        seconds=sum(run.record.result.seconds for run in found),
        versions=_versions([run.record for run in found]),
    )
    lines = [total]
    for name, of_page in itertools.groupby(found, key=lambda run: run.page.address):
        anchor = re.sub(r"\W+", "-", name.rpartition(".")[0])
        rows = list(of_page)
        lines += ["", f"### [{_title(rows[0].page)}](../{name}) {{#{anchor}}}", ""]
        lines += [words["report"], "| :-- | --: | --: | :-- | :-- |"]
        for run in rows:
            result = run.record.result
            walls = " + ".join(words[wall] for wall in result.walls) or words["no wall"]
            lines.append(
                f"| `{pathlib.PurePath(run.program.name).name}` | {result.seconds:.1f} "
                f"| {result.peak_mib} | {walls} | {run.record.ran_at[:10]} |"
            )
    return lines


def _title(page: Page) -> str:
    return str(page.meta.get("title", page.path))


def glossary(root: pathlib.Path, language: str) -> list[str]:
    """The table of terms."""
    rows = [TEXT[language]["glossary"], "| :-- | :-- | :-- |"]
    rows += [
        f"| {term.zh} | {term.en} | {term.meaning[language]} |" for term in languages.glossary(root)
    ]
    return rows


def fault_tables(root: pathlib.Path, language: str) -> list[str]:
    """The kinds of fault that the tests commit, with the message that each produced."""
    words = TEXT[language]
    cases = [faults.read(file) for file in faults.files(root)]
    seen = {case: message for case in cases if (message := faults.load(case, root))}
    if not cases:
        return []
    lines = [words["faults"].format(caught=len(seen))]
    if len(seen) < len(cases):
        lines += ["", words["unseen"].format(unseen=len(cases) - len(seen))]
    for group, title in faults.GROUPS.items():
        rows = [(case.title[language], seen[case]) for case in seen if case.group == group]
        if rows:
            lines += ["", f"### {title[language]} ({len(rows)}) {{#faults-{group}}}", ""]
            lines += [words["fault"], "| :-- | :-- |"]
            lines += [
                f"| {_cell(what)} | <code>{_cell(message)}</code> |" for what, message in rows
            ]
    return lines


def benchmarks(root: pathlib.Path, language: str) -> list[str]:
    """What benchmarks/results.json says: the cost of verification next to that of other tools."""
    words, lines = TEXT[language], []
    file = root / "benchmarks" / "results.json"
    parts = json.loads(file.read_text("utf-8"))["parts"] if file.is_file() else {}
    for part in parts.values():
        when = words["measured"].format(when=part["measured_on"], **part["machine"])
        lines += ["", when, "", words["benchmark"], "| :-- | --: | :-- | --: | :-- |"]
        for row in part["rows"]:
            other, ratio = "", ""
            if row["theirs"]:
                other = f"{_amount(row['theirs'], row['unit'])}<br>{row['against'][language]}"
                ratio = f"{row['ours'] / row['theirs']:.2f}"
            what = row["what"][language]
            if note := row["note"][language]:
                what += f"<br><small>{note}</small>"
            goal = words["met" if row["met"] else "missed"].format(goal=row["goal"][language])
            ours = _amount(row["ours"], row["unit"])
            lines.append(f"| {what} | {ours} | {other} | {ratio} | {goal} |")
    return lines


def _amount(value: float, unit: str) -> str:
    """A measured value with three significant digits and its unit."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}\N{NO-BREAK SPACE}{unit}".strip()


def _cell(text: str) -> str:
    """Text as it is, in a cell of a Markdown table."""
    return re.sub(r"[^\w\s,.:;/-]", lambda mark: f"&#{ord(mark[0])};", text)


class HandbookExtension(markdown.Extension):
    """`verify.showing` in mkdocs.yml."""

    def __init__(self, **options) -> None:
        self.config = {"root": ["", "the handbook's folder"]}
        super().__init__(**options)
        self.page: Page | None = None
        self.records: list[Record | None] = []

    @property
    def root(self) -> pathlib.Path:
        """The handbook's folder."""
        return pathlib.Path(os.fspath(self.getConfig("root"))).resolve()

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Register before pymdownx.snippets (32), and between whitespace (30) and superfences (25)."""
        md.handbook = self
        md.preprocessors.register(ReadingPreprocessor(md), "handbook-reading", 40)
        md.preprocessors.register(ShowingPreprocessor(md), "handbook-showing", 28)
        # Below raw_html (30), which puts the highlighted code in place.
        md.postprocessors.register(CodePostprocessor(md), "handbook-code", 4)
        # Where Markdown has its own for indented code, which superfences takes out.
        md.parser.blockprocessors.register(
            IndentedCodeProcessor(md.parser), "handbook-indented", 80
        )


def makeExtension(**options) -> HandbookExtension:
    """Entry point that Python-Markdown looks for."""
    return HandbookExtension(**options)
