"""Only pages are brought in line, and only what begins as a page."""

import pytest

from handbook.book.in_line import bring_in_line
from handbook.mistakes import Mistakes
from tests.support.handbooks import written


@pytest.mark.parametrize("name", ["../../README.md", "no.md"])
def test_what_is_no_page_is_named_and_stays(tmp_path, name):
    root = written(tmp_path / "handbook")
    before = (root / "README.md").read_text("utf-8")
    with pytest.raises(Mistakes, match="there is no such page"):
        bring_in_line(name, root)
    assert (root / "README.md").read_text("utf-8") == before


def test_a_front_matter_that_is_not_read_gets_no_second_one(tmp_path):
    root = written(tmp_path / "handbook")
    page = root / "docs" / "zh" / "index.md"
    page.write_text("\n" + page.read_text("utf-8"), "utf-8")
    with pytest.raises(
        Mistakes, match="docs/zh/index.md:1: the page does not begin with its front"
    ):
        bring_in_line("index.md", root)
    assert page.read_text("utf-8").count("in_line_with") == 1
