"""Every way of getting it wrong in tests/faults/ is caught, by name, and loses nothing.

A case is a text file. Its head says what must be reported (`expect:`, a regular expression, once
or more) and, optionally, which step must report it (`step: run` or `step: publish`; without it,
the first of the two that fails). Then come changes to the tiny handbook:

    === write PATH          the text of a file; a page that exists in no other language is written
                            in both
    === append PATH         text for the end of a file
    === replace PATH        the old text, a line `---8<---`, the new text
    === delete PATH
"""

import os
import pathlib
import re
import shutil

import pytest

CASES = sorted((pathlib.Path(__file__).parent / "faults").glob("*/*.case"))
CHANGE = re.compile(r"^=== (write|append|replace|delete) (\S+)\n", re.MULTILINE)


def parse(text: str) -> tuple[list[str], str, list[tuple[str, str, str]]]:
    """Split a case into what it expects, its step, and its changes."""
    head, *rest = CHANGE.split(text)
    expected = re.findall(r"^expect: (.+)$", head, re.MULTILINE)
    step = re.search(r"^step: (run|publish)$", head, re.MULTILINE)
    return (
        expected,
        step[1] if step else "",
        list(zip(rest[::3], rest[1::3], rest[2::3], strict=True)),
    )


def apply(changes: list[tuple[str, str, str]], handbook) -> None:
    """Break the handbook as the case says."""
    written = {path for _, path, _ in changes}
    for kind, path, text in changes:
        file = handbook.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if kind == "write":
            file.write_bytes(text.encode("utf-8"))
            mate = path.replace("docs/zh/", "docs/en/")
            if mate not in written:
                (handbook.root / mate).parent.mkdir(parents=True, exist_ok=True)
                (handbook.root / mate).write_bytes(text.encode("utf-8"))
        elif kind == "append":
            file.write_text(file.read_text("utf-8") + text, "utf-8")
        elif kind == "delete":
            file.unlink()
        else:
            old, new = text.split("\n---8<---\n")
            handbook.replace(path, old, new.removesuffix("\n"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_fault_is_caught_by_name(case: pathlib.Path, published, handbook):
    expected, step, changes = parse(case.read_text("utf-8"))
    assert expected and changes, f"{case} expects nothing or changes nothing"
    before = os.readlink(handbook.root / "site")
    apply(changes, handbook)

    result = {"run": handbook.run, "publish": handbook.publish, "": handbook.site}[step]()

    assert result.returncode != 0, f"nothing was reported:\n{result.stdout}"
    for pattern in expected:
        assert re.search(pattern, result.stdout), f"{pattern!r} is not in:\n{result.stdout}"
    assert "Traceback" not in result.stdout and "INTERNALERROR" not in result.stdout, result.stdout
    assert os.readlink(handbook.root / "site") == before
    restore(published, handbook)
    again = handbook.run()
    assert again.returncode == 0, f"the next run is poisoned:\n{again.stdout}"


def restore(published, handbook) -> None:
    """Take the changes back, and keep what the failed run left in .handbook."""
    for name in ("docs", "snippets"):
        shutil.rmtree(handbook.root / name)
        shutil.copytree(published.root / name, handbook.root / name)
    for file in published.root.glob("*.*"):
        if file.is_file():
            shutil.copy(file, handbook.root / file.name)
