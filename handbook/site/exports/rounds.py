"""Rounds of "find the bug": a file for each topic, which a page fetches when a reader begins one."""

import json

from handbook.book import rounds
from handbook.book.handbook import Handbook


def files(handbook: Handbook, language: str) -> dict[str, str]:
    """Path below the language's root → text; none where no page offers rounds."""
    if not any(page.address == rounds.PAGE for page in handbook.pages(language)):
        return {}
    return {
        f"{rounds.FOLDER}{topic}.json": json.dumps(
            rounds.data_of(found), ensure_ascii=False, separators=(",", ":")
        )
        for topic, found in rounds.rounds_of(handbook, language).items()
    }
