"""The text of a page is read as it was meant."""

import re
from collections.abc import Iterator

import markdown
from markdown.extensions.tables import TableProcessor

from handbook.book.handbook import Handbook
from handbook.book.questions import SOURCES
from handbook.mistakes import Mistake
from handbook.pages import marks
from handbook.pages.page import Page

CROWDED_HEADING = re.compile(r"#{1,6}[^#\s]")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
BRACKET = re.compile(r"(?<!\\)\\[\[\]()]")
DEFINITION = re.compile(r" {0,3}(\*?\[[^\]]+\]):\s")
TO_WRITE = re.compile(r"TODO\W.*")
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[,;:]? ){7,}[A-Za-z'’-]+")
FULL_WIDTH = re.compile("[｀＊＃｜＄]")
IN_DOLLARS = re.compile(r"(?<![\\$])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\$)")
NOT_SAID = re.compile(r"\$[^$]*\$|\]\([^)]*\)|<[^>]*>")  # formulas, addresses, HTML
# The very code that cuts a row into cells.
TABLES = TableProcessor(markdown.Markdown().parser, {"use_align_attribute": False})


def check_prose(page: Page, handbook: Handbook) -> list[Mistake]:
    """Everything in the text of a page that would be read otherwise than it was meant."""
    return [mistake for check in CHECKS for mistake in check(page, handbook)]


def values_are_written_as_values(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """What looks like an inline value is one."""
    for line, words in page.text.prose():
        for ticks, text in marks.CODE_SPAN.findall(words):
            if marks.NEAR_VALUE.match(text):
                if ticks != "`" or not marks.VALUE.match(text.strip()):
                    what = (
                        f"{ticks}{text}{ticks} is nearly an inline value, and would stay as it is"
                    )
                    yield Mistake(page.path, line, what, "Write `{python} expression`.")


def headings_are_written_as_headings(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """What Markdown takes for a heading is written as one: any other has no id, and no section."""
    last, above = 0, ""
    for line, words in page.text.prose():
        if CROWDED_HEADING.match(words):
            what = f"{words[:40]!r} becomes a heading"
            yield Mistake(page.path, line, what, "Write a space behind #, or all in backticks.")
        if UNDERLINE.match(words) and above.strip() and line == last + 1:
            what = f"this makes a heading of the line above it, {above.strip()[:40]!r}"
            yield Mistake(page.path, line, what, "Leave a line empty between them, or write ##.")
        last, above = line, words


def rows_fit_their_table(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """Each row of a table has the cells of its head: more are dropped, fewer stay empty."""
    last, cells = 0, 0
    for line, words in page.text.prose():
        if row := marks.TABLE_ROW.match(words):
            found = len(TABLES._split(row["cells"]))
            if line != last + 1:
                cells = found
            elif found != cells:
                what = f"this row has {found} cells, and the head of the table {cells}"
                yield Mistake(page.path, line, what, "Give it as many; write | in a cell as \\|.")
            last = line


def definitions_stand_once(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """No footnote, address or abbreviation is explained twice: the first would be lost."""
    seen: dict[str, int] = {}
    for line, words in page.text.prose():
        if match := DEFINITION.match(words):
            name = match[1].lower()
            if name in seen:
                what = f"{match[1]} is explained in line {seen[name]} already"
                yield Mistake(page.path, line, what, "Give one of the two another name.")
            seen.setdefault(name, line)


def brackets_are_no_formulas(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    r"""No `\[y\]` or `\(y\)`, a formula elsewhere: Markdown would print the brackets alone."""
    for line, words in page.text.prose():
        if match := BRACKET.search(marks.CODE_SPAN.sub("", words)):
            what = f"{match[0]} becomes {match[0][1]}; elsewhere it would be a formula"
            remedy = "Write $…$ or $$…$$; write a bracket without \\, or in backticks."
            yield Mistake(page.path, line, what, remedy)


def marks_are_half_width(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """No mark of Markdown in the width of Han characters, as an input method writes it."""
    for line, words in page.text.prose():
        if match := FULL_WIDTH.search(marks.CODE_SPAN.sub("", words)):
            half = chr(ord(match[0]) - 0xFEE0)
            what = f"{match[0]} is a full-width mark, and Markdown reads none"
            yield Mistake(page.path, line, what, f"Write {half}, or put it in backticks.")


def dollars_come_in_pairs(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """A dollar belongs to a formula, or is written as one."""
    formula = False
    for line, words in page.text.prose():
        text = marks.CODE_SPAN.sub("", words).replace(r"\$", "")
        displays = text.count("$$")
        if not formula and not displays and "$" in IN_DOLLARS.sub("", text):
            what = "a dollar stands here that belongs to no formula"
            yield Mistake(page.path, line, what, r"Write \$ for the sign; no space inside $…$.")
        formula ^= displays % 2 == 1


def nothing_is_left_to_write(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """What make new left for an author to write has been written."""
    front = [(1, str(page.meta.get(name, ""))) for name in ("title", "description")]
    for line, words in [*front, *page.text.prose()]:
        if match := TO_WRITE.search(marks.CODE_SPAN.sub("", words)):
            what = f"something is still to be written here: {match[0].strip()[:60]}"
            yield Mistake(page.path, line, what, "Write it, and take TODO out.")


def text_is_in_its_language(page: Page, _handbook: Handbook) -> Iterator[Mistake]:
    """No paragraph was left in the other language; what is quoted or cited may be."""
    formula, cited = False, {line for line, _ in page.section_lines(SOURCES)}
    for line, words in page.text.prose():
        formula ^= words.count("$$") % 2 == 1
        if formula or "$$" in words or line in cited:
            continue
        text = NOT_SAID.sub(" ", marks.CODE_SPAN.sub(" ", words))
        han, latin = len(HAN.findall(text)), len(LATIN.findall(text))
        if page.language == "zh" and latin >= 8 and not han:
            yield Mistake(page.path, line, "this paragraph has no Chinese", "Translate it.")
        elif page.language == "zh" and (match := SENTENCE.search(text)):
            what = f"this sentence is in English: {match[0][:40]!r}"
            yield Mistake(page.path, line, what, "Translate it.")
        if page.language == "en" and han >= 6 and han > latin:
            yield Mistake(page.path, line, "this paragraph is in Chinese", "Translate it.")


CHECKS = (
    brackets_are_no_formulas,
    marks_are_half_width,
    dollars_come_in_pairs,
    nothing_is_left_to_write,
    text_is_in_its_language,
    values_are_written_as_values,
    headings_are_written_as_headings,
    rows_fit_their_table,
    definitions_stand_once,
)  # fmt: skip
