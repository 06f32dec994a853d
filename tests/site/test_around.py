"""What stands around the text of a page is said as its language says it."""

import pytest

from handbook.book.handbook import Handbook
from handbook.site.around import head_html, next_html
from tests.support.handbooks import written

TITLE = {"zh": "难题: 前 n 个立方数之和", "en": "Hard: the sum of n cubes"}


@pytest.fixture
def handbook(tmp_path) -> Handbook:
    """A handbook with a question that comes after two others, one with a colon in its title."""
    root = written(tmp_path / "handbook")
    for language, title in TITLE.items():
        folder = root / "docs" / language / "questions" / "sums"
        cubes = f'---\ntitle: "{title}"\ntopic: sums\nlevel: 2\n---\n\n# {title}\n'
        (folder / "cubes.md").write_text(cubes, "utf-8")
        both = (folder / "even-numbers.md").read_text("utf-8")
        both = both.replace(
            "[sums/odd-numbers]", "[sums/odd-numbers, sums/cubes]\nnext: sums/cubes"
        )
        (folder / "even-numbers.md").write_text(both, "utf-8")
    return Handbook(root)


def question(handbook: Handbook, language: str):
    return handbook.page(f"docs/{language}/questions/sums/even-numbers.md", language)


@pytest.mark.parametrize(
    "language, label, separator", [("zh", "先读：", "；"), ("en", "Read first: ", "; ")]
)
def test_questions_to_read_first_are_joined_as_the_language_joins_them(
    handbook, language, label, separator
):
    odd = handbook.questions(language)["sums/odd-numbers"].page.title
    links = [
        f'<a href="../odd-numbers/">{odd}</a>',
        f'<a href="../cubes/">{TITLE[language]}</a>',
    ]
    head = head_html(question(handbook, language), handbook)
    assert label + separator.join(links) + "</p>" in head


@pytest.mark.parametrize("language, label", [("zh", "下一题："), ("en", "Next question: ")])
def test_a_colon_in_the_title_of_the_next_question_stays_as_it_is(handbook, language, label):
    foot = next_html(question(handbook, language), handbook)
    assert f'{label}<a href="../cubes/">{TITLE[language]}</a>' in foot


def test_a_page_that_is_no_question_and_has_no_date_has_no_head(handbook):
    page = handbook.page("docs/zh/index.md", "zh")
    assert head_html(page, handbook) == "" and next_html(page, handbook) == ""
