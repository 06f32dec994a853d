"""What is said aloud stays short enough to be said."""

import re
from collections.abc import Iterator

from handbook.book.handbook import Handbook
from handbook.book.questions import ANSWER, FOLLOW_UPS, MUST_SAY, follow_ups, question_of
from handbook.mistakes import Mistake
from handbook.pages.page import Page

# In half a minute, and in one breath. Han characters, or words of Latin letters and numbers.
ANSWER_AT_MOST = {"zh": 160, "en": 90}
SENTENCE_AT_MOST = {"zh": 60, "en": 40}
POINTS = 3

FORMULA = re.compile(r"\$[^$]+\$")
CODE = re.compile(r"`+[^`]+`+")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
SPOKEN = {
    "zh": re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:[-.,/'’][^\W\u3400-\u9fff]+)*"),
    "en": re.compile(r"\w+(?:[-.,/'’]\w+)*"),
}
ITEM = re.compile(r"^[-*] ", re.MULTILINE)
LINK_TO_A_PLACE = re.compile(r"\]\([^)]*#[\w-]+\)")


def check_spoken(page: Page, handbook: Handbook) -> list[Mistake]:
    """What is too long to be said on a question's page; nothing on any other."""
    if question_of(page) is None:
        return []
    return [mistake for check in CHECKS for mistake in check(page)]


def answer_takes_thirty_seconds(page: Page) -> Iterator[Mistake]:
    """The answer is said in half a minute."""
    most = ANSWER_AT_MOST[page.language]
    if (length := spoken_length(page.section(ANSWER), page.language)) > most:
        what = f"the answer of thirty seconds has {length} words, more than {most}"
        yield Mistake(page.path, _line(page, ANSWER), what, "Say less.")


def must_say_has_three_points(page: Page) -> Iterator[Mistake]:
    """What must be said is three points, each with a link to where it is shown."""
    text = page.section(MUST_SAY)
    points = ITEM.split(text)[1:]
    if text and (len(points) != POINTS or not all(map(LINK_TO_A_PLACE.search, points))):
        what = f"{{#{MUST_SAY}}} is not {POINTS} points with a link in each"
        remedy = "Write each as: - words, with a [link](#evidence) to where it is shown."
        yield Mistake(page.path, _line(page, MUST_SAY), what, remedy)


def follow_ups_begin_with_a_sentence(page: Page) -> Iterator[Mistake]:
    """The first paragraph of a follow-up answers it, short enough for the list at the top."""
    most = SENTENCE_AT_MOST[page.language]
    for asked in follow_ups(page):
        text = " ".join(page.text.lines[index].strip() for index in asked.short)
        length = spoken_length(text, page.language)
        if not 0 < length <= most:
            what = f"the first paragraph of this follow-up has {length} words, not 1 to {most}"
            remedy = "Begin with the answer in a sentence, as a paragraph of its own."
            yield Mistake(page.path, page.text.origins[asked.index], what, remedy)


def follow_ups_hold_their_answer(page: Page) -> Iterator[Mistake]:
    """Nothing stands below a follow-up that is not in it: no card would have it, and no list."""
    asked = follow_ups(page)
    if not asked:
        return
    first, inside = page.text.origins[asked[0].index], {line for line, _ in page.text.prose()}
    for line, words in page.section_lines(FOLLOW_UPS):
        if line > first and line in inside and re.match(r"[^\s?#<]", words):
            what = "this stands below a follow-up and not in it"
            yield Mistake(page.path, line, what, "Indent it by four spaces.")


CHECKS = (
    answer_takes_thirty_seconds,
    must_say_has_three_points,
    follow_ups_begin_with_a_sentence,
    follow_ups_hold_their_answer,
)


def spoken_length(text: str, language: str) -> int:
    """Words of some Markdown; of Chinese, Han characters and words of other letters.

    A formula, an inline value and a stretch of code count as one word.
    """
    text = CODE.sub(" x ", FORMULA.sub(" x ", LINK.sub(r"\1", text)))
    return len(SPOKEN[language].findall(text))


def _line(page: Page, id: str) -> int:
    return next((heading.line for heading in page.headings if heading.id == id), 1)
