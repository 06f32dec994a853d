"""Rounds of "find the bug": recorded mutations that a reader can find by reading.

A round is a program with one planted mistake. An entry of `mutations.yml` makes one by
`findable: true`: the mistake contradicts a name, a comment, the rest of the program, or what anyone
in the field knows. A seed or a size contradicts nothing.
"""

import ast
import dataclasses
import hashlib
import re
from collections.abc import Iterator

from handbook.book.handbook import Handbook
from handbook.book.questions import question_of
from handbook.mistakes import Mistake
from handbook.pages import marks
from handbook.pages.mutations import Mutation
from handbook.pages.page import Page
from handbook.pages.sections import without_marks
from handbook.program import assert_at, tree_of

PAGE = "rounds.md"
FOLDER = "rounds/"  # of the language's site: a file for each topic
LONGEST = 100  # lines of a program as a reader sees it
WIDEST = 100  # columns, as the formatter keeps them: a longer line would give itself away
HEAD = re.compile(r"\A# /// script\n.*?^# ///\n", re.DOTALL | re.MULTILINE)
REMEDY = "Take `findable` out."
Lines = tuple[str, ...]
Fault = tuple[str, str] | None  # what is wrong, what to do
ANNOTATION = re.compile(rf"[ \t]*{marks.ANNOTATION.pattern}$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Round:
    """A program with one planted mistake.

    Attributes:
        id: by which a reader's browser knows it.
        program: its file, relative to the root.
        lines: of the program as it is right, without its head and marks.
        line: the first that is wrong, from 1.
        old: the lines from there on as they are right.
        new: what stands there instead.
        stops: the assert that stopped the wrong program.
        page: where the program is shown.
    """

    id: str
    program: str
    lines: tuple[str, ...]
    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]
    stops: str
    page: Page


def rounds_of(handbook: Handbook, language: str) -> dict[str, list[Round]]:
    """Topic → its rounds in the order of the pages; a change that never ran makes none."""
    found: dict[str, dict[str, Round]] = {}
    for page in _pages(handbook, language):
        files = dict.fromkeys(part.file for program in page.programs for part in program.parts)
        for mutation in (m for file in files for m in handbook.broken(file)):
            ran = mutation.findable and handbook.record(mutation.program)
            if ran and not any(misfits(mutation, handbook)):
                made = _round(mutation, page, handbook)
                found.setdefault(topic_of(page), {}).setdefault(made.id, made)
    return {topic: [*rounds.values()] for topic, rounds in found.items()}


def topic_of(page: Page) -> str:
    """The topic of a question, or the folder of another page."""
    question = question_of(page)
    return question.topic if question else page.address.partition("/")[0]


def misfits(mutation: Mutation, handbook: Handbook) -> Iterator[Mistake]:
    """Why a change can make no round; nothing if it can."""
    right = shown_lines((handbook.root / mutation.file).read_text("utf-8"))
    wrong = shown_lines(mutation.program.parts[0].code)
    for fault in filter(None, (check(right, wrong) for check in CHECKS)):
        yield Mistake(mutation.path, mutation.line, *fault)


def program_is_short(right: Lines, _wrong: Lines) -> Fault:
    """A reader can look through all of it."""
    if (lines := len(right)) <= LONGEST:
        return None
    return f"the program has {lines} lines, and a round has at most {LONGEST}", REMEDY


def a_line_is_wrong(right: Lines, wrong: Lines) -> Fault:
    """There is a line to be found, and what stood there."""
    if all(_apart(right, wrong)[1:]):
        return None
    return "the change only adds or takes out whole lines, so no line is wrong", REMEDY


def width_tells_nothing(right: Lines, wrong: Lines) -> Fault:
    """What is wrong is as wide as code of this project can be."""
    if max(map(len, _apart(right, wrong)[2]), default=0) <= WIDEST:
        return None
    return f"the changed line has more than {WIDEST} columns, and gives itself away", REMEDY


def asserts_are_right(right: Lines, wrong: Lines) -> Fault:
    """The assert is what the reader goes by."""
    line = _apart(right, wrong)[0] + 1
    found = (x for x in ast.walk(tree_of("\n".join(wrong))) if isinstance(x, ast.Assert))
    if not any(x.lineno <= line <= (x.end_lineno or 0) for x in found):
        return None
    return "the changed line is part of an assert", REMEDY


CHECKS = (
    program_is_short,
    a_line_is_wrong,
    width_tells_nothing,
    asserts_are_right,
)


def data_of(rounds: list[Round]) -> dict:
    """The rounds of a topic for a browser, each program once."""
    programs = {found.program: found.lines for found in rounds}
    place = {file: number for number, file in enumerate(programs)}
    return {
        "programs": [[*lines] for lines in programs.values()],
        "rounds": [
            {
                "id": found.id,
                "program": place[found.program],
                "line": found.line,
                "old": [*found.old],
                "new": [*found.new],
                "stops": found.stops,
                "page": f"../{found.page.url}",
                "title": found.page.title,
            }
            for found in rounds
        ],
    }


def shown_lines(code: str) -> Lines:
    """The lines of a program as a reader sees it: without its head, and marks."""
    return tuple(ANNOTATION.sub("", HEAD.sub("", without_marks(code))).strip("\n").split("\n"))


def _pages(handbook: Handbook, language: str) -> Iterator[Page]:
    """Questions in their order, then the other pages in folders; no lab, whose code is in cells."""
    yield from (question.page for question in handbook.questions(language).values())
    others = (page for page in handbook.pages(language) if not page.is_lab and "/" in page.address)
    yield from (page for page in others if not question_of(page))


def _round(mutation: Mutation, page: Page, handbook: Handbook) -> Round:
    code = (handbook.root / mutation.file).read_text("utf-8")
    right = shown_lines(code)
    first, old, new = _apart(right, shown_lines(mutation.program.parts[0].code))
    told = "\n".join((mutation.file, *old, *new))
    name = hashlib.sha256(told.encode()).hexdigest()[:8]
    stops = assert_at(code, mutation.guard)
    return Round(name, mutation.file, right, first + 1, old, new, stops, page)


def _apart(right: Lines, wrong: Lines) -> tuple[int, Lines, Lines]:
    """How many lines two programs share at their beginning, and what of each they do not share."""
    shortest = min(len(right), len(wrong))
    first = next((i for i in range(shortest) if right[i] != wrong[i]), shortest)
    rest = range(shortest - first)
    last = next((i for i in rest if right[-1 - i] != wrong[-1 - i]), len(rest))
    return first, right[first : len(right) - last], wrong[first : len(wrong) - last]
