"""Lists of questions, problems and rounds, for the directives of the pages that hold them."""

import html
import posixpath

from handbook.book import rounds as book
from handbook.book.handbook import Handbook
from handbook.book.questions import FOLDER, Question
from handbook.pages.front_matter import COUNTED
from handbook.pages.page import Page
from handbook.site.answers import spoken
from handbook.site.around import href, question_link
from handbook.words import words


def questions(page: Page, handbook: Handbook) -> list[str]:
    """All questions, topic after topic, for the script to filter and to mark what is known."""
    said, lines = words("page", page.language), []
    here = page.address.removeprefix(FOLDER).removesuffix("/index.md")
    for topic, titles in handbook.topics.items():
        found = handbook.questions(page.language).values()
        of_topic = [question for question in found if question.topic == topic]
        if not of_topic or (here in handbook.topics and here != topic):
            continue
        if here != topic:
            count = said["count"].format(count=len(of_topic))
            lines += ["", f"## {titles[page.language]} <small>{count}</small> {{#{topic}}}", ""]
        items = "".join(_item(page, question) for question in of_topic)
        lines += ["", f'<ol class="questions" data-topic="{topic}">{items}</ol>', ""]
    return lines


def review(page: Page, handbook: Handbook) -> list[str]:
    """All questions in one list, from which the script takes those that are due."""
    items = "".join(_item(page, x) for x in handbook.questions(page.language).values())
    return [f'<ol class="questions">{items}</ol>']


def cards(page: Page, handbook: Handbook) -> list[str]:
    """Every question with its answer in thirty seconds, one after the other, to print."""
    lines = []
    addresses = {found.url: found.address for found in handbook.pages(page.language)}

    def resolve(target: str) -> str | None:
        """To the Markdown file, which MkDocs checks."""
        url, mark, anchor = target.partition("#")
        if url not in addresses:
            return None
        return posixpath.relpath(addresses[url], posixpath.dirname(page.address)) + mark + anchor

    for question in handbook.questions(page.language).values():
        anchor = question.name.replace("/", "-")
        heading = f"## [{question.page.title}]({resolve(question.page.url)}) {{#{anchor}}}"
        # On paper a section stays on one page.
        lines += ["", '<section class="card" markdown="1">', "", heading, ""]
        lines += [spoken(question, handbook, resolve), "", "</section>", ""]
    return lines


def rounds(page: Page, handbook: Handbook) -> list[str]:
    """The topics of "find the bug", and where the script puts the round that a reader plays."""
    need = html.escape(words("rounds", page.language)["need"])
    return [
        f'<p class="needs-script">{need}</p><div class="round"></div>',
        "",
        _topics(page, handbook),
    ]


def progress(page: Page, handbook: Handbook) -> list[str]:
    """Problems with a judge, and the topics of rounds, for the script to mark what is solved."""
    items = "".join(
        f'<li data-problem="{name}"><a href="{href(page, found.url)}">'
        f"{html.escape(found.title)}</a></li>"
        for found in handbook.pages(page.language)
        if (name := _judged(found))
    )
    problems = [f'<ul class="problems">{items}</ul>', ""] if items else []
    offered = any(found.address == book.PAGE for found in handbook.pages(page.language))
    rounds_left = [_topics(page, handbook)] if offered else []
    return ['<div class="kept-here"></div>', "", *problems, *rounds_left]


def _judged(page: Page) -> str:
    """By which name attempts at a problem are kept: the folder of its judge; "" if it has none."""
    files = (part.file for program in page.programs for part in program.parts)
    judges = (file for file in files if posixpath.basename(file) == "judge.py")
    return next((posixpath.basename(posixpath.dirname(file)) for file in judges), "")


def _topics(page: Page, handbook: Handbook) -> str:
    """A link to the rounds of each topic, with the names by which a browser keeps what was found."""
    said, items = words("rounds", page.language), ""
    here = href(page, book.FOLDER) if page.address != book.PAGE else ""
    for topic, found in book.rounds_of(handbook, page.language).items():
        title = handbook.topics.get(topic, {}).get(page.language) or said.get(topic, topic)
        names = " ".join(x.id for x in found)
        count = said["count"].format(count=len(found))
        items += (
            f'<li data-rounds="{names}"><a href="{here}?topic={topic}">{html.escape(title)}</a>'
            f' <span class="level">{count}</span></li>'
        )
    return f'<ul class="rounds">{items}</ul>'


def _item(page: Page, question: Question) -> str:
    """Without the description, which gives the answer away."""
    said, asked = words("page", page.language), question.asked
    notes = [said["level"].format(level=question.level)]
    notes += [said["how often"].format(of=COUNTED, **asked)] if asked else []
    shown = "".join(f' <span class="level">{note}</span>' for note in notes)
    return (
        f'<li data-question="{question.id}" data-level="{question.level}"'
        f' data-asked="{sum(asked.values()) if asked else -1}">'
        f"{question_link(page, question)}{shown}</li>"
    )
