"""The navigation: where mkdocs.yml writes `questions/*`, the questions, topic after topic."""

from handbook.book.handbook import Handbook
from handbook.book.questions import FOLDER

ALL = f"{FOLDER}*"


def expand(entries: list, handbook: Handbook, language: str) -> list:
    """A navigation as mkdocs.yml writes it, with the questions in place.

    Args:
        entries: the value of `nav`, or of one of its sections.
        handbook: where the questions are.
        language: whose pages and titles.
    """
    expanded: list = []
    for entry in entries:
        if entry == ALL:
            expanded += _topics(handbook, language)
        elif isinstance(entry, dict):
            expanded.append(
                {
                    title: expand(inside, handbook, language)
                    if isinstance(inside, list)
                    else inside
                    for title, inside in entry.items()
                }
            )
        else:
            expanded.append(entry)
    return expanded


def _topics(handbook: Handbook, language: str) -> list[dict[str, list[str]]]:
    """One section for each topic that has questions: its own page, then they."""
    found = []
    for topic, titles in handbook.topics.items():
        questions = [q for q in handbook.questions(language).values() if q.topic == topic]
        if not questions:
            continue
        index = f"{FOLDER}{topic}/index.md"
        there = (handbook.root / "docs" / language / index).is_file()
        addresses = [question.page.address for question in questions]
        found.append({titles[language]: [index, *addresses] if there else addresses})
    return found
