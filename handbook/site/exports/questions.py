"""Questions for other programs, as JSON."""

import json

from handbook.book.handbook import Handbook
from handbook.book.questions import Question
from handbook.site.answers import spoken
from handbook.site.links import to_site


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
        "answer": spoken(question, handbook, to_site(page, address)),
        "topic": question.topic,
        "level": question.level,
        "prerequisites": list(question.before),
        "next": question.after,
        "evidence": evidence,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
