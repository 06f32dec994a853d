"""A question is whole, and the questions hang together."""

from collections.abc import Iterator

from handbook.book.handbook import Handbook
from handbook.book.questions import FOLDER, SECTIONS, Question, question_of
from handbook.mistakes import Mistake
from handbook.pages.page import Page


def check_question(page: Page, handbook: Handbook) -> list[Mistake]:
    """What is wrong with the question that a page is; nothing if it is none."""
    question = question_of(page)
    if question is None:
        return list(_level_is_given(page))
    return [mistake for check in CHECKS for mistake in check(question, handbook)]


def topic_exists(question: Question, handbook: Handbook) -> Iterator[Mistake]:
    """Its topic stands in docs/topics.yml."""
    if question.topic not in handbook.topics:
        what = f"{question.topic!r} is no topic"
        there_are = ", ".join(handbook.topics) or "none"
        yield _at_front(question, what, f"docs/topics.yml has: {there_are}.")


def neighbours_exist(question: Question, handbook: Handbook) -> Iterator[Mistake]:
    """What comes before and after it is there."""
    language = question.page.language
    for name in (*question.before, question.after):
        if name and name not in handbook.questions(language):
            remedy = f"Name a page below docs/{language}/questions/, without .md."
            yield _at_front(question, f"there is no question {name!r}", remedy)


def path_is_no_circle(question: Question, handbook: Handbook) -> Iterator[Mistake]:
    """It does not have to be read before itself."""
    if question.name in _before(question, handbook.questions(question.page.language)):
        what = "the question comes before itself"
        yield _at_front(question, what, "Take one of its prerequisites out.")


def next_is_no_circle(question: Question, handbook: Handbook) -> Iterator[Mistake]:
    """Whoever goes on to the next question does not come back to it."""
    found, seen = handbook.questions(question.page.language), {question.name}
    name = question.after
    while name in found and name not in seen:
        seen.add(name)
        name = found[name].after
    if name == question.name:
        what = f"the questions that come next lead back to this one, by {question.after!r}"
        yield _at_front(question, what, "Let the last of them name no next question.")


def sections_are_whole(question: Question, _handbook: Handbook) -> Iterator[Mistake]:
    """It has each of the fixed sections, and something stands in it."""
    for id in SECTIONS:
        if not question.page.section(id):
            found = [heading.line for heading in question.page.headings if heading.id == id]
            what = (
                f"the section {{#{id}}} of this question is empty"
                if found
                else f"the section {{#{id}}} of this question is missing"
            )
            yield Mistake(
                question.page.path,
                found[0] if found else 1,
                what,
                f"A question has the sections {', '.join(SECTIONS)}.",
            )


CHECKS = (
    topic_exists,
    neighbours_exist,
    path_is_no_circle,
    next_is_no_circle,
    sections_are_whole,
)


def _level_is_given(page: Page) -> Iterator[Mistake]:
    """A page in the folder of a topic has a level; without one it would be in no list."""
    inside = page.address.removeprefix(FOLDER)
    if page.address.startswith(FOLDER) and "/" in inside and page.stem != "index":
        what = "this page stands among the questions and has no level"
        yield Mistake(page.path, 1, what, "Add 'level: 1', 2 or 3, or move it elsewhere.")


def _at_front(question: Question, what: str, remedy: str) -> Mistake:
    return Mistake(question.page.path, 1, what, remedy)


def _before(question: Question, found: dict[str, Question]) -> set[str]:
    """All that has to be read before a question."""
    seen: set[str] = set()
    waiting = list(question.before)
    while waiting:
        other = waiting.pop()
        if other not in seen and other in found:
            seen.add(other)
            waiting += found[other].before
    return seen
