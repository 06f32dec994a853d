"""Every way of getting it wrong in tests/faults/ is caught, by name, and loses nothing.

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
    === swap PATH           the files exchange what they hold

The verification report lists the cases with the messages they produced: see verify/faults.py.
"""

import os
import pathlib
import re
import shutil
import sys

import pytest

from conftest import copy_of
from verify import faults

ROOT = pathlib.Path(__file__).resolve().parent.parent
WHOLE = ("labs", "questions")  # groups whose cases need a lab or a question
CHANGE = re.compile(r"^=== (write|append|replace|delete|cut|swap) (\S+)\n", re.MULTILINE)


def changes_of(text: str) -> list[tuple[str, str, str]]:
    """The changes of a case: kind, path, text."""
    _, *rest = CHANGE.split(text)
    return list(zip(rest[::3], rest[1::3], rest[2::3], strict=True))


def apply(changes: list[tuple[str, str, str]], root: pathlib.Path) -> None:
    """Break the handbook at `root` as the case says."""
    written = {path for _, path, _ in changes}
    for kind, path, text in changes:
        files = sorted(root.glob(path)) if "*" in path else [root / path]
        if kind == "write":
            both = {path, path.replace("docs/zh/", "docs/en/")} - (written - {path})
            for name in both:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(text.encode("utf-8"))
        elif kind == "append":
            files[0].write_text(files[0].read_text("utf-8") + text, "utf-8")
        elif kind == "delete":
            files[0].unlink()
        elif kind == "cut":
            for file in files:
                content = file.read_bytes()
                file.write_bytes(content[: len(content) // 2])
        elif kind == "swap":
            contents = [file.read_bytes() for file in files]
            for file, content in zip(files, contents[1:] + contents[:1], strict=True):
                file.write_bytes(content)
        else:
            old, new = text.split("\n---8<---\n")
            holding = [file for file in files if old in file.read_text("utf-8")]
            assert holding, f"{old!r} is not in {path}"
            for file in holding:
                changed = file.read_text("utf-8").replace(old, new.removesuffix("\n"))
                file.write_text(changed, "utf-8")


@pytest.mark.parametrize("file", faults.files(ROOT), ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_fault_is_caught_by_name(file: pathlib.Path, tmp_path, request):
    case = faults.read(file)
    published = good_handbook(case, request)
    handbook = copy_of(published, tmp_path)
    if case.needs == "linux" and sys.platform != "linux":
        pytest.skip("only Linux has these walls; README and report say so")
    changes = changes_of(file.read_text("utf-8"))
    assert case.expected and changes, f"{file} expects nothing or changes nothing"
    link = os.readlink(handbook.root / "site")
    apply(changes, handbook.root)
    records = contents(handbook.records())
    handbook.environment = case.environment
    steps = {"run": handbook.run, "publish": handbook.publish, "workflows": handbook.workflows}

    result = steps.get(case.step, handbook.site)()

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
    faults.save(case, faults.message(case, result.stdout), ROOT)


def good_handbook(case: faults.Case, request):
    """The handbook that a case changes: few need the one with a lab and questions."""
    return request.getfixturevalue("published_whole" if case.group in WHOLE else "published")


def contents(records: list[pathlib.Path]) -> dict[str, bytes]:
    """Name → bytes."""
    return {record.name: record.read_bytes() for record in records}


def restore(good: pathlib.Path, broken: pathlib.Path) -> None:
    """Take the changes back, and keep what the failed run left in .handbook."""
    for name in ("docs", "snippets", "verify", ".github"):
        shutil.rmtree(broken / name)
        shutil.copytree(good / name, broken / name)
    for file in good.glob("*.*"):
        if file.is_file():
            shutil.copy(file, broken / file.name)
