"""Python for the browser: only the very files of the list are taken, and each program has its place."""

import json
import pathlib

import pytest
import yaml

from handbook import runtime
from handbook.mistakes import Mistakes
from tests.support.handbooks import ROOT

LISTS = yaml.safe_load((ROOT / runtime.PROGRAMS).read_text("utf-8"))


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "_place", lambda: tmp_path)
    runtime.sources.cache_clear()
    yield tmp_path
    runtime.sources.cache_clear()


def test_other_files_than_those_of_the_list_are_refused(place):
    for name in runtime.files():
        (place / name).write_bytes(b"another file of that name")
    with pytest.raises(Mistakes, match=r"handbook/runtime.yml:1: numpy.* is not the file"):
        runtime.sources()


def test_missing_files_are_refused(place):
    with pytest.raises(Mistakes, match="is not the file that this list names"):
        runtime.sources()


def test_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(runtime, "PACKAGE", "no-such-package")
    runtime.sources.cache_clear()
    with pytest.raises(Mistakes, match=r"pyproject.toml:1: no-such-package, which brings Python"):
        runtime.sources()
    runtime.sources.cache_clear()


def test_no_two_files_have_one_name_on_the_site():
    assert len({runtime.served(name) for name in runtime.files()}) == len(runtime.files())


def test_list_has_what_its_packages_need_and_no_more():
    known = json.loads(runtime.sources()["pyodide-lock.json"].read_text("utf-8"))["packages"]
    needed, left = set(), list(runtime.PACKAGES.values())
    while left:
        name = left.pop()
        needed.add(name)
        left += known[name]["depends"]
    packages = {known[name]["file_name"]: known[name]["sha256"] for name in needed}
    listed = {name: entry["sha256"] for name, entry in runtime.files().items()}
    assert packages.items() <= listed.items()
    assert listed.keys() - packages.keys() == {*runtime.ALWAYS, "pyodide.mjs", "pyodide.asm.js"}
    sizes = {name: file.stat().st_size for name, file in runtime.sources().items()}
    assert sizes == {name: entry["bytes"] for name, entry in runtime.files().items()}


def programs() -> list[str]:
    """The programs of pages, by their files; labs are notebooks."""
    files = (file.relative_to(ROOT).as_posix() for file in (ROOT / "snippets").rglob("*.py"))
    return sorted(file for file in files if not file.startswith("snippets/labs/"))


@pytest.mark.parametrize("file", programs(), ids=lambda file: pathlib.PurePath(file).stem)
def test_program_has_a_button_or_a_reason(file):
    lacking = runtime.lacking((ROOT / file).read_text("utf-8"))
    has = [name for name in ("run", "cannot") if file in LISTS[name]]
    if lacking:
        what = f"{file} imports {', '.join(sorted(lacking))}, which no browser has"
        assert not has, f"{runtime.PROGRAMS}:1: {what}. Take it off the list."
    else:
        what = f"{file} stands in {' and '.join(has) or 'no list'}"
        remedy = "Try it as the head of the file says, then write it below run, or below cannot with the reason."
        assert len(has) == 1, f"{runtime.PROGRAMS}:1: {what}. {remedy}"


def test_lists_are_sorted_and_name_programs_that_are_there():
    for listed in LISTS.values():
        assert list(listed) == sorted(set(listed))
        assert set(listed) <= set(programs())
    assert all(LISTS["cannot"].values())
