"""The records of all programs, for a checkout where nothing runs: runs/lent.py fetches them."""

import pathlib
import shutil

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.runs import lent
from handbook.runs.records import file_of


def write(site: pathlib.Path, handbook: Handbook) -> None:
    """Write the record of each program of the pages as it is kept, and the list of them.

    Args:
        site: the folder with both languages, which share the records.
        handbook: what the site was built from.
    """
    found = {
        run.record.key: run.record for language in LANGUAGES for run in handbook.runs(language)
    }
    (site / lent.FOLDER).mkdir(exist_ok=True)
    for key in found:
        shutil.copyfile(file_of(key, handbook.settings), site / lent.FOLDER / f"{key}.json")
    (site / lent.INDEX).write_text(lent.index_of(found.values()), "utf-8")
