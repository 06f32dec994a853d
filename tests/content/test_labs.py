"""Every lab of the handbook has what each lab promises."""

import tomllib

import pytest

from handbook.book.handbook import Handbook
from handbook.checks.programs import HEAD
from handbook.pages.labs import lab_files
from handbook.settings import ROOT

LABS = [file.relative_to(ROOT).as_posix() for file in lab_files(ROOT)]


@pytest.mark.parametrize("path", LABS)
def test_lab_has_three_exercises_with_executed_answers(path):
    lab = Handbook.at(ROOT).lab(path)
    ids = [heading.id for heading in lab.pages["zh"].headings]
    assert {"exercise-1", "exercise-2", "exercise-3"} <= set(ids)
    answers = [cell for cell in lab.cells if cell.answer]
    for kind in ("zh", "en", ""):
        assert len([cell for cell in answers if cell.language == kind]) >= 3


@pytest.mark.parametrize("path", LABS)
def test_lab_counts_the_packages_that_its_head_lists(path):
    text = (ROOT / path).read_text("utf-8")
    head = HEAD.search(text)["toml"].replace("# ", "")
    listed = len(tomllib.loads(head)["dependencies"])
    zh, en = "一两三四五六"[listed - 1], ["one", "two", "three", "four", "five", "six"][listed - 1]
    assert f"下面一格里的{zh}个包" in text and f"the {en} packages in the next cell" in text
