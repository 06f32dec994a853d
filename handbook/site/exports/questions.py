"""Questions for other programs, as JSON, and for Anki, as a deck of cards."""

import hashlib
import html
import json
import pathlib

import genanki

from handbook.book.handbook import Handbook
from handbook.book.questions import ANSWER, FOLDER, Question
from handbook.site.answers import follow_ups, section, spoken
from handbook.words import words


def as_json(question: Question, handbook: Handbook, address: str) -> str:
    """A question with its answer, and the programs that are its evidence.

    Args:
        question: which one.
        handbook: where the records are.
        address: where this language's site will stand, or "".
    """
    page = question.page
    evidence = [
        {
            "program": program.name,
            "code": "\n\n".join(part.code for part in program.parts),
            "output": "".join(record.result.outputs),
            "seconds": record.result.seconds,
            "ran_at": record.ran_at,
            "versions": record.versions,
        }
        for program in page.programs
        if (record := handbook.record(program))
    ]
    content = {
        "language": page.language,
        "url": address + page.url,
        "question": page.title,
        "answer": spoken(question, handbook),
        "topic": question.topic,
        "level": question.level,
        "prerequisites": list(question.before),
        "next": question.after,
        "evidence": evidence,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_deck(language: str, found: dict[str, Question], base: pathlib.Path, address: str) -> None:
    """Write one note for each question and each follow-up.

    Anki keeps what it knows of a note by its name.
    """
    deck = genanki.Deck(_number(f"deck {language}"), words("site", language)["name"])
    for question in found.values():
        page = (base / question.page.url / "index.html").read_text("utf-8")
        text = words("export", language)["open"]
        link = f'<p><a href="{address}{question.page.url}">{text}</a></p>' if address else ""
        asked = [(question.page.title, section(page, ANSWER), ANSWER)]
        asked += [
            (front, back, f"follow-up-{number}")
            for number, (front, back) in enumerate(follow_ups(page), 1)
        ]
        for front, back, name in asked:
            deck.add_note(
                genanki.Note(
                    model=MODEL,
                    fields=[html.escape(front), back + link],
                    guid=f"{language}/{question.name}/{name}",
                    tags=[question.topic, f"level-{question.level}"],
                )
            )
    genanki.Package(deck).write_to_file(str(base / FOLDER / f"handbook-{language}.apkg"), 0.0)


def _number(name: str) -> int:
    """A number that stays the same for a name; Anki knows decks and models by it."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) | 1 << 30


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
    " pre { overflow-x: auto; font-size: 14px } svg { max-width: 100%; height: auto }",
)
