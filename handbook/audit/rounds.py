"""Rounds of "find the bug": the files of the site hold what is recorded, and nothing else."""

import json
from collections.abc import Iterator

from handbook.audit.documents import Site
from handbook.book import rounds
from handbook.languages import PREFIXES
from handbook.mistakes import Mistake


def rounds_are_recorded(site: Site) -> Iterator[Mistake]:
    """Each file of rounds has the recorded mutations of its topic, and each topic has its file."""
    folder = PREFIXES[site.language] + rounds.FOLDER
    found = {name for name in site.own(".json") if name.startswith(folder)}
    page = f"{folder}index.html" in site.pages
    recorded = rounds.rounds_of(site.handbook, site.language) if page else {}
    wanted = {f"{folder}{topic}.json": rounds.data_of(x) for topic, x in recorded.items()}
    for name in sorted(found | wanted.keys()):
        if name not in found or _read(site.text(name)) != wanted.get(name):
            what = "these rounds are not the recorded mutations of a topic"
            yield Mistake(name, 1, what, "Run make site.")


def _read(text: str) -> object:
    """What a file holds; None if that is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None
