"""The Chinese and the English page are the same page, in the terms of the glossary.

Same front matter, same heading ids, same programs, figures and inline values, same tables.
"""

import dataclasses
from collections.abc import Iterator

from handbook.book import in_line
from handbook.book.handbook import Handbook
from handbook.languages import ENGLISH_NAMES, LANGUAGES, language_of, mate_path
from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.page import Block, Page
from handbook.program import syntax_of

SHARED_META = (
    "topic",
    "level",
    "asked",
    "prerequisites",
    "next",
    "was",
    "as_of",
    "review_by",
    "cpu_seconds",
)


def check_pair(page: Page, handbook: Handbook) -> list[Mistake]:
    """Everything in which a page and its mate part."""
    try:
        mate = handbook.mate(page)
    except Mistakes as error:
        there = error.found[0]
        what = f"its mate cannot be read: {there.path}:{there.line}: {there.what}"
        return [Mistake(page.path, 1, what, "Mend that one first.")]
    if mate is None:
        what = f"there is no {mate_path(page.path)}"
        remedy = "Write the page in both languages, with the same file name."
        return [Mistake(page.path, 1, what, remedy)]
    if page.is_lab:  # One file has both: each is named by its cells.
        mate = dataclasses.replace(
            mate, path=f"the {ENGLISH_NAMES[mate.language]} cells of {mate.path}"
        )
    return [mistake for check in CHECKS for mistake in check(page, mate, handbook)]


def front_matter_agrees(page: Page, mate: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """Title and description are there, and what both pages share is the same."""
    if page.is_lab:
        return
    for name in ("title", "description"):
        if not page.meta.get(name):
            yield Mistake(page.path, 1, f"the front matter has no {name!r}", f"Add '{name}: …'.")
    for name in SHARED_META:
        ours, theirs = page.meta.get(name), mate.meta.get(name)
        if ours != theirs:
            what = f"{name} is {ours!r} here and {theirs!r} in {mate.path}"
            yield Mistake(page.path, 1, what, "Give both pages the same.")


def headings_agree(page: Page, mate: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """Each heading has an id, and the ids are the same in the same order."""
    without = [heading for heading in page.headings if heading.level > 1 and not heading.id]
    for heading in without:
        remedy = "End it with {#english-id}, the same in both languages."
        yield Mistake(page.path, heading.line, "this heading has no id", remedy)
    ours, theirs = ([(h.level, h.id) for h in p.headings] for p in (page, mate))
    if ours != theirs and not without:
        at = _first_difference(ours, theirs)
        line = page.headings[min(at, len(page.headings) - 1)].line if page.headings else 1
        here, there = (_show_heading(h, at) for h in (ours, theirs))
        what = f"heading {at + 1} is {here} here and {there} in {mate.path}"
        remedy = "Give both pages the same sections with the same ids, in the same order."
        yield Mistake(page.path, line, what, remedy)


def _show_heading(headings: list[tuple[int, str]], at: int) -> str:
    if at >= len(headings):
        return "missing"
    level, id = headings[at]
    return f"'{'#' * level} … {{#{id}}}'" if id else f"'{'#' * level} …'"


def programs_agree(page: Page, mate: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """The Python blocks are the same in the same order."""
    if at := _where_programs_part(page, mate):
        line = page.blocks[min(at, len(page.blocks)) - 1].line if page.blocks else 1
        what = (
            f"Python block {at} is not the one of {mate.path}:{mate.blocks[at - 1].line}"
            if at <= len(mate.blocks)
            else f"Python block {at} is not the one of {mate.path}, which ends before it"
        )
        remedy = "Show the same programs, in the same order, in both languages."
        yield Mistake(page.path, line, what, remedy)


def _where_programs_part(page: Page, mate: Page) -> int:
    """Number of the first block that differs, from 1; 0 if none does."""

    def shown(block: Block) -> tuple[str | None, int, str]:
        return block.part.section, block.index, syntax_of(block.part.code)

    ours, theirs = ([shown(block) for block in p.blocks] for p in (page, mate))
    return _first_difference(ours, theirs) + 1 if ours != theirs else 0


def figures_agree(page: Page, mate: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """Each block describes as many figures as its mate."""
    if _where_programs_part(page, mate):
        return
    for block, other in zip(page.blocks, mate.blocks, strict=True):
        if len(block.figures) != len(other.figures):
            what = (
                f"this block describes {len(block.figures)} figures, and {len(other.figures)} at "
                f"{mate.path}:{other.line}"
            )
            yield Mistake(page.path, block.line, what, "Describe each figure in both languages.")


def values_agree(page: Page, mate: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """Each inline value stands in both languages."""
    if _where_programs_part(page, mate):
        return
    for program, other in zip(page.programs, mate.programs, strict=True):
        if extra := sorted(set(program.expressions) - set(other.expressions)):
            line = next(v.line for v in page.values if v.expression == extra[0])
            what = f"the inline value `{extra[0]}` does not stand in {mate.path}"
            yield Mistake(page.path, line, what, "Show the same values in both languages.")


def tables_agree(page: Page, mate: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """The tables have the same rows and columns."""
    ours, theirs = ([(t.rows, t.columns) for t in p.tables] for p in (page, mate))
    if ours == theirs:
        return
    at = _first_difference(ours, theirs)
    line = page.tables[min(at, len(page.tables) - 1)].line if page.tables else 1
    here, there = (
        f"{t[at][0]} rows of {t[at][1]} cells" if at < len(t) else "missing" for t in (ours, theirs)
    )
    what = f"table {at + 1} has {here} here and {there} in {mate.path}"
    yield Mistake(page.path, line, what, "Give both pages the same tables.")


def terms_are_right(page: Page, _mate: Page, handbook: Handbook) -> Iterator[Mistake]:
    """The Chinese text has no form of a term that the glossary rules out."""
    if page.language != "zh":
        return
    wrong = [(form, term.zh) for term in handbook.glossary for form in term.wrong]
    for line, words in page.text.prose():
        text = marks.CODE_SPAN.sub("", words)
        for form, right in wrong:
            if form in text:
                what = f"{form!r} is not the term used here"
                yield Mistake(page.path, line, what, f"Write {right!r} (docs/glossary.yml).")


def address_is_its_own(page: Page, _mate: Page, handbook: Handbook) -> Iterator[Mistake]:
    """No other page becomes the same file of the site, nor one of the other language's folder."""
    everything = (p for language in LANGUAGES for p in handbook.pages(language))
    others = [p.path for p in everything if p.html == page.html and p.path != page.path]
    if others or language_of(page.html) != page.language:
        what = (
            f"this page would stand at {page.html}, where {others[0]} stands"
            if others
            else f"this page would stand at {page.html}, among the pages of the other language"
        )
        yield Mistake(page.path, 1, what, "Give it another name.")


def old_addresses_are_free(page: Page, _mate: Page, handbook: Handbook) -> Iterator[Mistake]:
    """Where a page stood before, none stands now, and from there one way leads on."""
    for name in page.was:
        others = [p.path for p in handbook.pages(page.language) if _claims(p, name)]
        if others != [page.path] or page.was.count(name) > 1:
            other = next((path for path in others if path != page.path), "the page itself")
            what = f"this page stood at {name}, where {other} leads too"
            yield Mistake(page.path, 1, what, "Take the name out of 'was', in both languages.")


def _claims(page: Page, name: str) -> bool:
    return name in page.was or page.url == f"{name}/"


def agreement_is_noted(page: Page, _mate: Page, handbook: Handbook) -> Iterator[Mistake]:
    """Somebody has said that the two texts agree, so that a later change to one can be seen."""
    try:
        noted = in_line.read(handbook.root)
    except Mistakes as error:
        yield from error.found
        return
    if not page.is_lab and page.address not in noted:
        what = f"nobody has said that this page agrees with {mate_path(page.path)}"
        yield Mistake(page.path, 1, what, f"When it does, run: make in-line PAGE={page.address}")


CHECKS = (
    address_is_its_own,
    old_addresses_are_free,
    agreement_is_noted,
    front_matter_agrees,
    headings_agree,
    programs_agree,
    figures_agree,
    values_agree,
    tables_agree,
    terms_are_right,
)


def _first_difference(ours: list, theirs: list) -> int:
    pairs = zip(ours, theirs, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))
