"""A deck for Anki: a card for each question and each follow-up, one deck below it for each topic.

Anki knows a deck, a note type and a note by their numbers and names, and takes a note anew when its
moment is later than that of the note it has. So all of these follow from what a card is, never from
when or in which order it was written. Source: notes on the tables of a collection,
https://gist.github.com/sartak/3921255.
"""

import hashlib
import html
import itertools
import pathlib

import genanki
from pygments.formatters import HtmlFormatter

from handbook.book.handbook import Handbook
from handbook.book.questions import ANSWER, FOLDER, Question
from handbook.site.answers import follow_ups, section
from handbook.site.exports.history import Dates
from handbook.site.links import in_html, to_site
from handbook.words import words


def write(
    language: str, handbook: Handbook, base: pathlib.Path, address: str, dates: Dates
) -> None:
    """Write the deck of a language, if it has questions.

    Args:
        language: one of `languages.LANGUAGES`.
        handbook: where the questions are.
        base: the finished site of the language.
        address: where it will stand, or "": then links are written out as text.
        dates: when the pages, and what makes cards of them, were changed.
    """
    found, name = handbook.questions(language), words("site", language)["name"]
    if not found:
        return
    whole = genanki.Deck(_number(f"deck {language}"), name)
    decks = {
        topic: genanki.Deck(_number(f"deck {language} {topic}"), f"{name}::{titles[language]}")
        for topic, titles in handbook.topics.items()
    }
    code = [x.relative_to(handbook.root) for x in (handbook.root / "handbook/site").rglob("*.py")]
    made_by = dates.of(["uv.lock", *(file.as_posix() for file in code)])
    place, newest = itertools.count(1), made_by
    for question in found.values():
        page = question.page
        moment = max(made_by, dates.of(page.files))
        newest = max(newest, moment)
        for note in _notes(question, (base / page.url / "index.html").read_text("utf-8"), address):
            note.moment, note.due = moment, next(place)
            decks.get(question.topic, whole).add_note(note)
    filled = [deck for deck in (whole, *decks.values()) if deck.notes or deck is whole]
    genanki.Package(filled).write_to_file(base / FOLDER / f"handbook-{language}.apkg", newest)


class Note(genanki.Note):
    """A note with a number and a moment of its own.

    Attributes:
        moment: when what it says was changed, in seconds.
    """

    moment = 0

    def write_to_db(self, cursor, timestamp, deck_id, id_gen) -> None:
        """Write the note and its card; Anki's own numbers are moments, in milliseconds."""
        own = itertools.count(1_600_000_000_000 + _number(self.guid, 9))
        super().write_to_db(cursor, self.moment, deck_id, own)


def _notes(question: Question, page: str, address: str) -> list[Note]:
    """The notes of a question: itself, then its follow-ups, each below the title it asks about."""
    resolve = to_site(question.page, address)
    title, said = html.escape(question.page.title), words("export", question.page.language)
    link = resolve(question.page.url)
    foot = f'<p><a href="{link}">{said["open"]}</a></p>' if link else ""
    asked = [(title, section(page, ANSWER), ANSWER)]
    asked += [
        (f'<p class="context">{title}</p>{front}', back, f"follow-up-{number}")
        for number, (front, back) in enumerate(follow_ups(page), 1)
    ]
    return [
        Note(
            model=MODEL,
            fields=[in_html(text, question.page, resolve) for text in (front, back + foot)],
            guid=f"{question.page.language}/{question.id}/{name}",
            tags=[question.topic, f"level-{question.level}"],
        )
        for front, back, name in asked
    ]


def _number(name: str, digits: int = 8) -> int:
    """A number that stays the same for a name, of so many hexadecimal digits."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:digits], 16) | 1 << 30


def _colours(style: str, scope: str) -> str:
    return HtmlFormatter(style=style, nobackground=True).get_style_defs(scope)


MODEL = genanki.Model(
    _number("model"),
    "LLM Startup Handbook",
    fields=[{"name": "Question"}, {"name": "Answer"}],
    templates=[
        {
            "name": "Card",
            "qfmt": "{{Question}}",
            "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}",
        }
    ],
    css=".card { font-family: sans-serif; font-size: 18px; line-height: 1.6; max-width: 40em; margin: auto }"
    " .context { font-size: 14px; opacity: 0.7 } .filename { font-size: 14px; font-weight: bold }"
    " pre { overflow-x: auto; font-size: 14px } svg { max-width: 100%; height: auto }\n"
    + _colours("default", ".highlight")
    + "\n"
    + _colours("github-dark", ".nightMode .highlight"),
)
