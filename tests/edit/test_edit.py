"""A page that is begun, moved or removed by a command leaves a handbook that hangs together."""

import re

import pytest

from handbook import runtime
from handbook.book import expectations, in_line
from handbook.book.handbook import Handbook
from handbook.checks.every import check_handbook
from handbook.edit.move import move
from handbook.edit.names import page_name
from handbook.edit.new import KINDS, begin
from handbook.edit.remove import remove
from handbook.languages import CONFIGURATIONS
from handbook.mistakes import Mistakes
from handbook.site.exports import redirects
from tests.support.handbooks import written

NAVIGATION = "nav:\n  - index.md\n  - Lessons:\n      - lessons/waves.md  # the first\n"


@pytest.fixture
def root(tmp_path):
    root = written(tmp_path / "handbook")
    for page in in_line.all_pairs(root):
        in_line.bring_in_line(page, root)
    for name in CONFIGURATIONS.values():
        (root / name).write_text(f"site_name: x\n\n{NAVIGATION}", "utf-8")
    (root / expectations.FILE).write_text("en:\n  waves: lessons/waves/\n", "utf-8")
    return root


def give_buttons(root) -> None:
    """A list of the programs that a browser can run, as the handbook has one."""
    programs = [file for file in (root / "snippets").rglob("*.py") if file.parent.name != "labs"]
    light = [x for x in programs if not runtime.lacking(x.read_text("utf-8"))]
    lines = [f"  - {file.relative_to(root).as_posix()}\n" for file in light]
    (root / runtime.PROGRAMS).write_text(f"run:\n{''.join(lines)}cannot: {{}}\n", "utf-8")


def wrong(root) -> list[str]:
    return sorted({str(mistake) for mistake in check_handbook(Handbook(root))})


@pytest.mark.parametrize(
    "told",
    [
        "problems/cnn",
        "problems/cnn.md",
        "docs/zh/problems/cnn.md",
        "./docs/en/problems/cnn.md",
        "snippets/problems/cnn/",
    ],
)
def test_a_page_is_told_as_tab_completes_it(told, tmp_path):
    assert page_name(told, tmp_path) == "problems/cnn"


@pytest.mark.parametrize("told", ["../README.md", "Problems/CNN", "", "a b"])
def test_what_is_no_name_is_named(told, tmp_path):
    with pytest.raises(Mistakes, match="is no name of a page"):
        page_name(told, tmp_path)


@pytest.mark.parametrize(
    "name", ["questions/sums/all-numbers", "problems/sums", "guide/sums", "labs/sums"]
)
def test_a_new_page_lacks_nothing_but_what_is_to_be_written(root, name):
    before = wrong(root)
    begin(name, Handbook(root))
    found = [line for line in wrong(root) if line not in before]
    assert found
    for line in found:
        assert re.search("still to be written|says what this program shows", line), line
    assert KINDS[name.split("/")[0]]


def test_a_new_page_does_not_replace_one(root):
    with pytest.raises(Mistakes, match="odd-numbers.md:1: this is there already"):
        begin("questions/sums/odd-numbers", Handbook(root))


def test_a_page_that_is_moved_takes_all_that_names_it_along(root):
    give_buttons(root)
    before = wrong(root)
    move("questions/sums/odd-numbers", "questions/sums/odd", root)
    move("lessons/waves", "lessons/sea/waves", root)
    assert wrong(root) == before
    for name in CONFIGURATIONS.values():
        assert "      - lessons/sea/waves.md  # the first\n" in (root / name).read_text("utf-8")
    assert expectations.read(root)[0].page == "lessons/sea/waves/"
    even = (root / "docs/zh/questions/sums/even-numbers.md").read_text("utf-8")
    assert "[奇数](odd.md)" in even and "prerequisites: [sums/odd]" in even
    assert "(../lessons/sea/waves.md)" in (root / "snippets/labs/light.py").read_text("utf-8")
    assert "](lessons/sea/waves.md)" in (root / "docs/en/index.md").read_text("utf-8")
    assert (root / "snippets/questions/sums/odd").is_dir()
    named = (root / runtime.PROGRAMS).read_text("utf-8")
    assert "sums/odd/" in named and "odd-numbers" not in named


def test_a_page_that_is_moved_is_no_more_behind_than_before(root):
    linking = root / "docs" / "en" / "index.md"
    linking.write_text(f"{linking.read_text('utf-8')}\n[Waves](lessons/waves.md)\n", "utf-8")
    in_line.bring_in_line("index.md", root)
    before = in_line.in_line_now(root)
    move("lessons/waves", "lessons/water", root)
    assert in_line.in_line_now(root) == before - {"lessons/waves.md"} | {"lessons/water.md"}
    text = linking.read_text("utf-8")
    assert "lessons/water.md" in text
    linking.write_text(f"{text}\nMore.\n", "utf-8")
    move("lessons/water", "lessons/sea", root)
    behind = before - in_line.in_line_now(root)
    assert behind == {"index.md", "lessons/waves.md"}  # what was behind stays so


def test_readers_of_a_page_that_is_moved_find_it_and_keep_their_marks(root):
    move("questions/sums/odd-numbers", "questions/sums/odd", root)
    move("questions/sums/odd", "questions/sums/uneven", root)
    question = Handbook(root).questions("en")["sums/uneven"]
    assert question.id == "sums/odd-numbers"
    led = redirects.of(question.page)
    assert {*led} == {f"questions/sums/{x}/index.html" for x in ("odd-numbers", "odd")}
    assert all('content="0; url=../uneven/"' in page for page in led.values())


def test_a_page_that_is_removed_leaves_only_links_to_it(root):
    give_buttons(root)
    before = wrong(root)
    left = [*map(str, remove("questions/sums/even-numbers", root))]
    assert wrong(root) == before
    assert [line for line in left if "docs/zh/questions/sums/odd-numbers.md:" in line]
    remove("lessons/waves", root)
    for name in CONFIGURATIONS.values():
        assert "waves" not in (root / name).read_text("utf-8")
    assert expectations.read(root) == ()


def test_the_programs_of_a_page_that_is_removed_have_no_button(root):
    give_buttons(root)
    assert "sums/odd-numbers/" in (root / runtime.PROGRAMS).read_text("utf-8")
    remove("questions/sums/odd-numbers", root)
    assert "sums/odd-numbers/" not in (root / runtime.PROGRAMS).read_text("utf-8")


def test_a_page_that_cannot_be_read_is_not_called_gone(root):
    page = root / "docs/en/lessons/waves.md"
    page.write_text(page.read_text("utf-8").replace("title:", "heading:", 1), "utf-8")
    found = wrong(root)
    assert any("heading" in line for line in found)
    assert not any("is to find" in line for line in found)
