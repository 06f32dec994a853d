"""Only pages are brought in line, and of two people who correct slips nobody loses anything."""

import pytest

from handbook.book import in_line
from handbook.book.handbook import Handbook
from handbook.book.in_line import bring_in_line
from handbook.mistakes import Mistakes
from tests.support.handbooks import written


@pytest.fixture
def root(tmp_path):
    root = written(tmp_path / "handbook")
    for page in in_line.all_pairs(root):
        bring_in_line(page, root)
    return root


def change(root, path: str, old: str, new: str) -> None:
    file = root / path
    assert old in (text := file.read_text("utf-8"))
    file.write_text(text.replace(old, new), "utf-8")


def behind(root) -> list[str]:
    handbook = Handbook(root)
    pages = (page for x in ("zh", "en") for page in handbook.pages(x))
    return [page.path for page in pages if in_line.is_behind(page, handbook)]


@pytest.mark.parametrize("name", ["../../README.md", "no.md"])
def test_what_is_no_page_is_named_and_stays(root, name):
    before = (root / "README.md").read_text("utf-8")
    with pytest.raises(Mistakes, match="there is no such page"):
        bring_in_line(name, root)
    assert (root / "README.md").read_text("utf-8") == before


def test_a_front_matter_that_is_not_read_is_named(root):
    page = root / "docs" / "zh" / "index.md"
    page.write_text("\n" + page.read_text("utf-8"), "utf-8")
    with pytest.raises(
        Mistakes, match="docs/zh/index.md:1: the page does not begin with its front"
    ):
        bring_in_line("index.md", root)


def test_a_conflict_that_a_merge_left_is_named(root):
    change(root, "docs/en/index.md", "There are", "<<<<<<< HEAD\nThere are")
    with pytest.raises(Mistakes, match=r"docs/en/index.md:\d+: a merge left a conflict here"):
        bring_in_line("index.md", root)


def test_the_other_language_is_behind_until_both_are_brought_in_line(root):
    assert behind(root) == []
    change(root, "docs/en/index.md", "There are", "We count")
    assert behind(root) == ["docs/zh/index.md"]
    bring_in_line("index.md", root)
    assert behind(root) == []


def test_a_slip_that_is_corrected_leaves_the_other_language_in_line(root):
    text = (root / "docs/en/index.md").read_text("utf-8")
    change(root, "docs/en/index.md", "There are", "There  are")
    bring_in_line("index.md", root, {"en": text})
    assert behind(root) == []


def test_a_slip_that_is_corrected_does_not_hide_that_a_page_was_behind(root):
    change(root, "docs/en/index.md", "There are", "We count")
    text = (root / "docs/en/index.md").read_text("utf-8")
    change(root, "docs/en/index.md", "We count", "We do count")
    with pytest.raises(Mistakes, match="docs/zh/index.md:1: this page was behind"):
        bring_in_line("index.md", root, {"en": text})
    assert behind(root) == ["docs/zh/index.md"]


def test_lines_that_a_merge_kept_of_one_page_are_named_and_mended(root):
    file = root / in_line.FILE
    file.write_text(file.read_text("utf-8") + f"index.md {'0' * 12} {'1' * 12}\n", "utf-8")
    with pytest.raises(Mistakes, match=r"in-line.txt:\d+: index.md stands in line"):
        in_line.read(root)
    bring_in_line("index.md", root)
    assert in_line.read(root) and behind(root) == []
