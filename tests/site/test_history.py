"""Dates come from git: each page its own, or none is told to feed readers."""

import os

import pytest

from handbook.mistakes import Mistakes
from handbook.site.exports.history import Dates, read
from tests.support.handbooks import commit, git


@pytest.fixture
def root(tmp_path):
    """A handbook of two pages, committed a day apart, in a folder of a repository."""
    folder = tmp_path / "all" / "my 手册"
    (folder / "docs").mkdir(parents=True)
    git(tmp_path / "all", "init", "--quiet")
    for day, name in enumerate(["第一.md", "two.md"], 1):
        (folder / "docs" / name).write_text("x", "utf-8")
        commit(folder, 86400 * day)
    return folder


def test_each_file_has_the_date_of_its_last_commit(root):
    assert read(root) == {"docs/第一.md": 86400, "docs/two.md": 172800}
    (root / "docs/第一.md").write_text("y", "utf-8")
    commit(root, 86400 * 3)
    dates = Dates(root, published=True)
    assert dates.of(["docs/第一.md"]) == 259200 and dates.of(["docs/two.md"]) == 172800
    assert dates.of(["docs/第一.md", "docs/two.md"]) == 259200


@pytest.mark.parametrize("name", ["new.md", "第一.md"])
def test_file_that_is_not_committed_as_it_is_has_the_date_it_was_written(root, name):
    (root / "docs" / name).write_text("other", "utf-8")
    os.utime(root / "docs" / name, (5, 5_000_000))
    assert Dates(root, published=True).of([f"docs/{name}"]) == 5_000_000


def test_shallow_clone_is_refused_where_dates_are_told(root, tmp_path):
    source = f"file://{tmp_path / 'all'}"
    git(tmp_path, "clone", "--quiet", "--depth=1", source, "shallow")
    shallow = tmp_path / "shallow" / "my 手册"
    with pytest.raises(Mistakes, match=r"docs:1: this clone does not hold .*fetch-depth: 0"):
        Dates(shallow, published=True)
    os.utime(shallow / "docs/two.md", (5, 5_000_000))
    assert Dates(shallow, published=False).of(["docs/two.md"]) == 5_000_000


@pytest.mark.parametrize("prepare", [lambda _: None, lambda at: git(at, "init", "--quiet")])
def test_folder_without_history_is_refused_where_dates_are_told(tmp_path, prepare):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/page.md").write_text("x", "utf-8")
    prepare(tmp_path)
    with pytest.raises(Mistakes, match=r"docs:1: git cannot tell .*\. Publish from a clone\."):
        Dates(tmp_path, published=True)
    assert Dates(tmp_path, published=False).of(["docs/page.md"]) > 1_700_000_000


def test_machine_without_git_is_told_so(root, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Mistakes, match="git cannot tell"):
        Dates(root, published=True)
