"""What the questions are about and how they hang together: topic, level, what comes before and next.

docs/topics.yml names the topics, in order; the front matter of a question names its topic, its
level from 1 to 3, the questions to read before it and the one to read next.
"""

import dataclasses
import functools
import pathlib

import yaml

from verify import languages
from verify.pages import Page, PageError, find_fences

LEVELS = (1, 2, 3)


@dataclasses.dataclass(frozen=True)
class Question:
    """A page below questions/ that has a level.

    Attributes:
        name: `topic/slug`, as front matter names it.
        page: the page.
        before: names of the questions to read first.
        after: name of the one to read next, or "".
    """

    name: str
    page: Page
    topic: str
    level: int
    before: tuple[str, ...]
    after: str

    @property
    def title(self) -> str:
        """What is asked."""
        return str(self.page.meta["title"])

    @property
    def url(self) -> str:
        """The page below its language's root."""
        return f"questions/{self.name}/"

    def section(self, name: str) -> str:
        """The Markdown of the section with this heading id, without the heading; "" if none."""
        lines = self.page.body.split("\n")
        starts = [
            (line - self.page.body_line, level, found) for line, level, found in self.page.headings
        ]
        for at, (line, level, found) in enumerate(starts):
            if found == name:
                after = [start for start, other, _ in starts[at + 1 :] if other <= level]
                return "\n".join(lines[line + 1 : after[0] if after else len(lines)]).strip()
        return ""


@functools.lru_cache(maxsize=4)
def _topics(text: str) -> dict[str, dict[str, str]]:
    return {entry["id"]: entry for entry in yaml.safe_load(text)}


def topics(root: pathlib.Path) -> dict[str, dict[str, str]]:
    """Topic id → its titles per language, in order; none if there is no docs/topics.yml."""
    file = root / "docs" / "topics.yml"
    return _topics(file.read_text("utf-8")) if file.is_file() else {}


def question_of(page: Page) -> Question | None:
    """The question a page is, or None."""
    meta = page.meta
    if not page.address.startswith("questions/") or "level" not in meta:
        return None
    return Question(
        name=page.address.removeprefix("questions/").removesuffix(".md"),
        page=page,
        topic=str(meta.get("topic", "")),
        level=meta["level"],
        before=tuple(map(str, meta.get("prerequisites") or ())),
        after=str(meta.get("next") or ""),
    )


@functools.cache
def questions(root: pathlib.Path, language: str) -> dict[str, Question]:
    """Every question of a language by name: topic after topic, each along its path.

    Read once in a process, since every question's page asks for it.
    """
    found = {}
    for file in sorted((root / "docs" / language / "questions").rglob("*.md")):
        try:
            question = question_of(languages.read(file, root, language))
        except PageError:
            continue  # reported where the page itself is read
        if question:
            found[question.name] = question
    order = [*topics(root), ""]
    rank = {name: place for place, name in enumerate(_path(found))}
    place = {topic: number for number, topic in enumerate(order)}
    return dict(
        sorted(found.items(), key=lambda item: (place.get(item[1].topic, 99), rank[item[0]]))
    )


def _path(found: dict[str, Question]) -> list[str]:
    """Names such that each stands before the one it names as next, where that is possible."""
    led_to = {question.after for question in found.values()}
    starts = sorted(found, key=lambda name: (name in led_to, found[name].level, name))
    path: dict[str, None] = {}
    for name in starts:
        while name in found and name not in path:
            path[name] = None
            name = found[name].after
    return list(path)


def check(root: pathlib.Path, language: str) -> list[str]:
    """What is wrong with how the questions hang together, as `path:1: what. What to do.`"""
    errors = []
    found = questions(root, language)
    for question in found.values():
        where = f"{question.page.path}:1"
        if question.topic not in topics(root):
            errors.append(
                f"{where}: {question.topic!r} is no topic. There are: {', '.join(topics(root))}."
            )
        if question.level not in LEVELS:
            errors.append(f"{where}: the level is {question.level!r}. Give it 1, 2 or 3.")
        errors += [
            f"{where}: there is no question {name!r}. Name a page below docs/{language}/questions/, "
            "without .md."
            for name in (*question.before, question.after)
            if name and name not in found
        ]
        if question.name in _before(question.name, found):
            errors.append(
                f"{where}: the question comes before itself. Take one of its prerequisites out."
            )
    return errors


def _before(name: str, found: dict[str, Question]) -> set[str]:
    """All that has to be read before a question."""
    seen: set[str] = set()
    waiting = list(found[name].before)
    while waiting:
        other = waiting.pop()
        if other not in seen and other in found:
            seen.add(other)
            waiting += found[other].before
    return seen


def follow_ups(question: Question) -> list[tuple[str, str]]:
    """(question, answer in Markdown) of each folded follow-up."""
    lines = question.section("follow-ups").split("\n")
    inside = {i for f in find_fences(lines) if not f.prefix for i in range(f.start, f.end)}
    found: list[tuple[str, list[str]]] = []
    for number, line in enumerate(lines):
        if line.startswith('??? question "') and number not in inside:
            found.append((line.split('"')[1], []))
        elif found and (not line.strip() or line.startswith("    ")):
            found[-1][1].append(line[4:])
    return [(asked, "\n".join(answer).strip()) for asked, answer in found]
