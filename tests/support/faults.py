"""What the cases of tests/faults/cases/ do to a tiny handbook."""

import pathlib
import re
import shutil

from handbook.book import in_line
from handbook.checks.cases import Case
from tests.support.handbooks import ROOT, TinyHandbook

CASES = ROOT / "tests" / "faults" / "cases"
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
            _note(root, path)
        elif kind == "append":
            files[0].write_text(files[0].read_text("utf-8") + text, "utf-8")
        elif kind == "delete":
            files[0].unlink()
        elif kind == "cut":
            for file in files:
                content = file.read_bytes()
                file.write_bytes(content[: len(content) // 2])
        elif kind == "swap":
            _swap(files, text.splitlines())
        else:
            _replace(files, *text.split("\n---8<---\n"))


def _note(root: pathlib.Path, path: str) -> None:
    """Say of a new page that its languages agree; one that was there is noted already."""
    page, list = re.match(r"docs/(?:zh|en)/(.+\.md)$", path), root / in_line.FILE
    if page and f"{page[1]} " not in (noted := list.read_text("utf-8")):
        list.write_text(f"{noted}{page[1]} {'0' * 12} {'0' * 12}\n", "utf-8")


def _swap(files: list[pathlib.Path], marks: list[str]) -> None:
    contents = {file: file.read_bytes() for file in files}
    if marks:
        contents = {
            file: content
            for file, content in contents.items()
            if any(re.search(mark.encode(), content) for mark in marks)
        }
        assert len(contents) == len(marks), f"{len(contents)} files hold one of {marks}"
    *rest, last = contents.values()
    for file, content in zip(contents, [last, *rest], strict=True):
        file.write_bytes(content)


def _replace(files: list[pathlib.Path], old: str, new: str) -> None:
    holding = [file for file in files if old in file.read_text("utf-8")]
    assert holding, f"{old!r} is not in {', '.join(map(str, files))}"
    for file in holding:
        file.write_text(file.read_text("utf-8").replace(old, new.removesuffix("\n")), "utf-8")


def good_handbook(case: Case, request) -> TinyHandbook:
    """The handbook that a case changes: few need the one with a lab and questions."""
    return request.getfixturevalue("published_whole" if case.group in WHOLE else "published")


def judge(case: Case, handbook: TinyHandbook):
    """What the command says that has to report the case; the handbook is broken already."""
    handbook.environment = handbook.environment | case.environment
    steps = {"run": handbook.run, "publish": handbook.publish, "workflows": handbook.workflows}
    return steps.get(case.step, handbook.site)()


def restore(good: pathlib.Path, broken: pathlib.Path) -> None:
    """Take the changes back, and keep what the failed run left in .handbook."""
    for name in ("docs", "snippets", "handbook", ".github"):
        shutil.rmtree(broken / name)
        shutil.copytree(good / name, broken / name)
    for file in good.glob("*.*"):
        if file.is_file():
            shutil.copy(file, broken / file.name)
