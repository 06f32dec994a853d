"""Python for the browser: only the very files of the list are taken, and each program has its place."""

import json

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


def test_lists_are_sorted_and_give_reasons():
    for listed in LISTS.values():
        assert list(listed) == sorted(set(listed))
    assert all(LISTS["cannot"].values())


def test_a_list_of_another_form_is_named_with_its_line(tmp_path):
    (tmp_path / "snippets").mkdir()
    (tmp_path / runtime.PROGRAMS).write_text("run:\n  - a.py\n cannot: [\n", "utf-8")
    with pytest.raises(Mistakes, match=r"browser\.yml:\d+: this is not a list 'run'"):
        runtime.decided(tmp_path)
    (tmp_path / runtime.PROGRAMS).write_text("run:\n  - a.py\ncannot:\n  b.py: slow\n", "utf-8")
    assert runtime.decided(tmp_path) == [("a.py", 2), ("b.py", 4)]
