"""What the questions are about and how they hang together: topic, level, what comes before and next.

docs/topics.yml names the topics, in order; the front matter of a question names its topic, its
level from 1 to 3, the questions to read before it and the one to read next.
"""

import dataclasses
import pathlib
import re
from collections.abc import Iterable

from handbook.pages.lists import read_list
from handbook.pages.page import Page

FOLDER = "questions/"
# The sections that every question has; the self-test, the cards and the JSON find content by them.
ANSWER = "thirty-seconds"
MUST_SAY, EVIDENCE, FOLLOW_UPS, SOURCES = "must-say", "evidence", "follow-ups", "sources"
SECTIONS = (ANSWER, MUST_SAY, EVIDENCE, "why", "wrong-answer", FOLLOW_UPS, SOURCES)
FOLLOW_UP = re.compile(r'\?{3}\+? question "(?P<asked>.*)"\s*$')


@dataclasses.dataclass(frozen=True)
class Question:
    """A page below questions/ that has a level.

    Attributes:
        name: `topic/slug`, as front matter names it.
        id: the name it had first, by which readers' marks and decks know it.
        page: the page.
        asked: in how many of the counted lists and reports it stands, or None: nobody counted.
        before: names of the questions to read first.
        after: name of the one to read next, or "".
    """

    name: str
    id: str
    page: Page
    topic: str
    level: int
    asked: dict[str, int] | None
    before: tuple[str, ...]
    after: str


@dataclasses.dataclass(frozen=True)
class FollowUp:
    """A folded question, whose first paragraph is the answer in a sentence.

    Attributes:
        index: of its first line in the lines of the page's text.
        asked: the question, as Markdown.
        short: indices of the lines of the first paragraph.
        number: from 1; it stands at #follow-up-1 and so on.
    """

    index: int
    asked: str
    short: range
    number: int


def follow_ups(page: Page) -> list[FollowUp]:
    """The folded questions of a page, in order."""
    lines, fenced, found = page.text.lines, page.text.fenced, []
    for index, line in enumerate(lines):
        if index in fenced or not (match := FOLLOW_UP.match(line)):
            continue
        start = next((at for at in range(index + 1, len(lines)) if lines[at].strip()), index + 1)
        end = start
        while end < len(lines) and lines[end].strip() and end not in fenced:
            end += 1
        found.append(FollowUp(index, match["asked"], range(start, end), len(found) + 1))
    return found


def read_topics(root: pathlib.Path) -> dict[str, dict[str, str]]:
    """Topic id → its titles per language, in order; none if there is no docs/topics.yml.

    Raises:
        Mistakes: the file is no list of topics.
    """
    entries = read_list(root, "docs/topics.yml", {"id": str, "zh": str, "en": str}, once="id")
    return {entry["id"]: entry for _, entry in entries}


def question_of(page: Page) -> Question | None:
    """The question a page is, or None."""
    meta = page.meta
    if not page.address.startswith(FOLDER) or "level" not in meta:
        return None
    name = page.address.removeprefix(FOLDER).removesuffix(".md")
    return Question(
        name=name,
        id=next(iter(page.was), name).removeprefix(FOLDER),
        page=page,
        topic=str(meta.get("topic", "")),
        level=meta["level"],
        asked=meta.get("asked"),
        before=tuple(map(str, meta.get("prerequisites") or ())),
        after=str(meta.get("next") or ""),
    )


def in_order(pages: Iterable[Page], topics: list[str]) -> dict[str, Question]:
    """The questions among some pages, by name: topic after topic, each along its path."""
    found = {question.name: question for page in pages if (question := question_of(page))}
    rank = {name: place for place, name in enumerate(_path(found))}
    place = {topic: number for number, topic in enumerate([*topics, ""])}
    return dict(
        sorted(found.items(), key=lambda item: (place.get(item[1].topic, 99), rank[item[0]]))
    )


def _path(found: dict[str, Question]) -> list[str]:
    """Names such that each stands before the one it names as next, where that is possible."""
    led_to = {question.after for question in found.values()}
    starts = sorted(found, key=lambda name: (name in led_to, str(found[name].level), name))
    path: dict[str, None] = {}
    for name in starts:
        while name in found and name not in path:
            path[name] = None
            name = found[name].after
    return list(path)
