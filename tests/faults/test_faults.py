"""Every way of getting it wrong in tests/faults/cases/ is caught, by name, and loses nothing.

A case is a text file. Its head says in both languages what is wrong (`zh:`, `en:`) and what must be
reported (`expect:`, a regular expression, once or more). Optionally it says which step must report
it (`step: run`, `publish` or `workflows`; without it, the first of run and publish that fails), in
which environment (`environment: NAME=VALUE`), and that only Linux can (`needs: linux`). Then come
changes to the tiny handbook; a PATH may be a pattern:

    === write PATH          the text of a file; a page that exists in no other language is written
                            in both
    === append PATH         text for the end of a file
    === replace PATH        the old text, a line `---8<---`, the new text
    === delete PATH
    === cut PATH            the second half goes
    === swap PATH           the files exchange what they hold; with a text, only the files in which
                            one of its lines, a regular expression, is found

The verification report lists the cases with the messages they produced: handbook/checks/cases.py.
"""

import os
import pathlib
import re
import sys

import pytest

from handbook.checks import cases
from tests.support.faults import apply, changes_of, good_handbook, judge, restore
from tests.support.handbooks import ROOT, copy_of, started


@pytest.mark.parametrize("file", cases.files(ROOT), ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_fault_is_caught_by_name(file: pathlib.Path, tmp_path, forked, request):
    case = cases.read(file)
    published = good_handbook(case, request)
    # What a process starts with, only one that really starts can have.
    handbook = copy_of(published, tmp_path, started if case.environment else forked)
    if case.needs == "linux" and sys.platform != "linux":
        pytest.skip("only Linux has these walls; README and report say so")
    changes = changes_of(file.read_text("utf-8"))
    assert case.expected and changes, f"{file} expects nothing or changes nothing"
    link = os.readlink(handbook.root / "site")
    apply(changes, handbook.root)
    records = contents(handbook.records())

    result = judge(case, handbook)

    assert result.returncode != 0, f"nothing was reported:\n{result.stdout}"
    for pattern in case.expected:
        assert re.search(pattern, result.stdout), f"{pattern!r} is not in:\n{result.stdout}"
    assert "Traceback" not in result.stdout and "INTERNALERROR" not in result.stdout, result.stdout
    assert os.readlink(handbook.root / "site") == link
    # All that one run leaves to the next is the records: none was touched, and where the case itself
    # harmed them, the next run mends it.
    assert records.items() <= contents(handbook.records()).items()
    if records != contents(published.records()):
        restore(published.root, handbook.root)
        again = handbook.run()
        assert again.returncode == 0, f"the next run is poisoned:\n{again.stdout}"
    cases.save(case, cases.message(case, result.stdout), ROOT)


def contents(records: list[pathlib.Path]) -> dict[str, bytes]:
    """Name → bytes."""
    return {record.name: record.read_bytes() for record in records}
