"""A result is found again only if nothing that could change it has changed."""

import dataclasses
import json
import pathlib
import shutil

import pytest

from verify import records, settings
from verify.pages import Part, Program
from verify.sessions import Result

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULT = Result(outputs=["3\n"], figures=[["<svg/>"]], values={"x": "3"}, seconds=1.5, peak_mib=100)


@pytest.fixture
def known(tmp_path) -> settings.Settings:
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return settings.load(tmp_path)


def program(*codes: str, expressions: tuple[str, ...] = ()) -> Program:
    return Program("p", tuple(Part(code, "p.py", 1) for code in codes), expressions)


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
    before = records.key_of(program("x = 1"), known)
    with open(known.root / "uv.lock", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    records._surroundings.cache_clear()
    assert records.key_of(program("x = 1"), known) != before


def test_limits_change_the_key(known):
    other = dataclasses.replace(known, limits=dataclasses.replace(known.limits, seconds=1))
    assert records.key_of(program("x = 1"), known) != records.key_of(program("x = 1"), other)


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
        records.save("k", Result(error="p.py:1: no"), known)
    assert not known.records.exists()


def test_prune_keeps_what_pages_need(known):
    for key in ("a", "b"):
        records.save(key, RESULT, known)
    assert records.prune({"a"}, known) == 1
    assert records.load("a", known) and not records.load("b", known)
