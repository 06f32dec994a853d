"""A result is found again only if nothing that could change it has changed."""

import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys
import time

import pytest

from handbook import settings
from handbook.program import Part, Program
from handbook.runs import records
from handbook.sandbox.result import Failure, Result
from handbook.settings import ROOT

SANDBOX = pathlib.Path(records.sandbox.__file__).parent
FILES = [
    file.relative_to(SANDBOX).as_posix()
    for file in sorted(SANDBOX.rglob("*"))
    if file.is_file() and file.suffix != ".pyc"
]
RESULT = Result(outputs=["3\n"], figures=[["<svg/>"]], values={"x": "3"}, seconds=1.5, peak_mib=100)


@pytest.fixture
def known(tmp_path) -> settings.Settings:
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return settings.load(tmp_path)


def program(*codes: str, expressions: tuple[str, ...] = ()) -> Program:
    return Program("p", tuple(Part(code, "p.py", 1) for code in codes), expressions)


def key_of(asked: Program, known: settings.Settings) -> str:
    """Its key, with all that surrounds it looked at again."""
    records._surroundings.cache_clear()
    return records.key_of(asked, known)


def test_record_comes_back_as_it_was_written(known):
    written = records.save("k", RESULT, known)
    assert records.load("k", known) == written


def test_comments_and_layout_do_not_change_the_key(known):
    one, other = program("x = 1  # one\nprint( x )"), program("x = 1\n\nprint(x)")
    assert records.key_of(one, known) == records.key_of(other, known)


@pytest.mark.parametrize(
    "other",
    [
        program("x = 2"),
        program("x = 1", "y = 1"),
        program("x = 1", expressions=("x",)),
    ],
)
def test_code_sections_and_inline_values_change_the_key(known, other):
    assert records.key_of(program("x = 1"), known) != records.key_of(other, known)


def test_moving_a_line_between_sections_changes_the_key(known):
    assert records.key_of(program("x = 1", "y = 1\nz = 1"), known) != records.key_of(
        program("x = 1\ny = 1", "z = 1"), known
    )


def test_lock_file_changes_the_key(known):
    before = key_of(program("x = 1"), known)
    with open(known.root / "uv.lock", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert key_of(program("x = 1"), known) != before


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(settings.Limits)])
def test_each_limit_changes_the_key(known, name):
    other = dataclasses.replace(known, limits=dataclasses.replace(known.limits, **{name: 7}))
    assert records.key_of(program("x = 1"), known) != records.key_of(program("x = 1"), other)


@pytest.fixture
def sandbox(tmp_path, monkeypatch) -> pathlib.Path:
    """A copy of the folder that runs programs, taken for the folder itself."""
    copy = tmp_path / "sandbox"
    shutil.copytree(SANDBOX, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(records.sandbox, "__file__", str(copy / "__init__.py"))
    yield copy
    records._surroundings.cache_clear()


@pytest.mark.parametrize("name", FILES)
def test_each_file_of_the_runner_changes_the_key(known, sandbox, name):
    before = key_of(program("x = 1"), known)
    assert key_of(program("x = 1"), known) == before
    (sandbox / name).write_bytes((sandbox / name).read_bytes() + b"\n")
    assert key_of(program("x = 1"), known) != before


@pytest.mark.parametrize("name", ["new.py", "deeper/new.py"])
def test_a_new_file_of_the_runner_changes_the_key(known, sandbox, name):
    before = key_of(program("x = 1"), known)
    (sandbox / name).parent.mkdir(exist_ok=True)
    (sandbox / name).write_text("", "utf-8")
    assert key_of(program("x = 1"), known) != before


def test_a_file_of_the_runner_under_another_name_changes_the_key(known, sandbox):
    before = key_of(program("x = 1"), known)
    (sandbox / "walls.py").rename(sandbox / "walls2.py")
    assert key_of(program("x = 1"), known) != before


def test_what_a_contributor_is_told_of_a_failure_does_not_change_the_key(tmp_path):
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "handbook", tmp_path / "handbook", ignore=ignore)
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    ask = (
        "from handbook.program import Part, Program\n"
        "from handbook import settings\n"
        "from handbook.runs import failures, records\n"
        "known = settings.load(settings.ROOT)\n"
        "print(failures.RUN_AGAIN, known.root)\n"
        "print(records.key_of(Program('p', (Part('x = 1', 'p.py', 1),)), known))"
    )

    def asked() -> list[str]:
        command = [sys.executable, "-c", ask]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
        return done.stdout.splitlines()

    told, key = asked()
    words = tmp_path / "handbook" / "runs" / "failures.py"
    words.write_text(words.read_text("utf-8").replace("Run it again.", "Try again."), "utf-8")
    assert told == f"Run it again. {tmp_path}"
    assert asked() == [f"Try again. {tmp_path}", key]


def test_truncated_record_counts_as_none(known):
    records.save("k", RESULT, known)
    file = known.records / "k.json"
    file.write_text(file.read_text("utf-8")[:-20], "utf-8")
    assert records.load("k", known) is None


def test_record_edited_by_hand_counts_as_none(known):
    records.save("k", RESULT, known)
    file = known.records / "k.json"
    content = json.loads(file.read_text("utf-8"))
    content["result"]["outputs"] = ["4\n"]
    file.write_text(json.dumps(content), "utf-8")
    assert records.load("k", known) is None


def test_record_of_another_program_under_this_name_counts_as_none(known):
    records.save("k", RESULT, known)
    (known.records / "k.json").rename(known.records / "other.json")
    assert records.load("other", known) is None


def test_failed_program_leaves_no_record(known):
    with pytest.raises(ValueError, match="ran to its end"):
        records.save("k", Result(failure=Failure("guard lost", "p.py", 1)), known)
    assert not known.records.exists()


def test_prune_keeps_what_pages_need(known):
    for key in ("a", "b"):
        records.save(key, RESULT, known)
    assert records.prune({"a"}, known, time.time() + 1) == 1
    assert records.load("a", known) and not records.load("b", known)


def test_prune_keeps_what_was_written_since(known):
    start = time.time() - 60
    records.save("new", RESULT, known)
    assert records.prune(set(), known, start) == 0 and records.load("new", known)
