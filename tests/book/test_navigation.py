"""Where mkdocs.yml writes `questions/*` stand the questions, topic after topic; all else stays."""

import pathlib

import pytest

from handbook.book.handbook import Handbook
from handbook.book.navigation import expand
from tests.support.handbooks import written

PATH = ["questions/sums/odd-numbers.md", "questions/sums/even-numbers.md"]


@pytest.fixture
def root(tmp_path) -> pathlib.Path:
    return written(tmp_path / "handbook")


def write_question(root: pathlib.Path, name: str, **meta: object) -> None:
    front = "".join(f"{key}: {value}\n" for key, value in meta.items())
    for language in ("zh", "en"):
        file = root / "docs" / language / "questions" / f"{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"---\ntitle: {name}\n{front}---\n\n# {name}\n", "utf-8")


def test_questions_stand_along_their_path_and_not_in_the_order_of_their_names(root):
    assert PATH != sorted(PATH)
    assert expand(["questions/*"], Handbook(root), "zh") == [{"求和": PATH}]


def test_topics_stand_in_the_order_of_their_file(root):
    topics = root / "docs" / "topics.yml"
    first = "- {id: roots, zh: 求根, en: Roots}\n"
    last = "- {id: limits, zh: 极限, en: Limits}\n"
    topics.write_text(first + topics.read_text("utf-8") + last, "utf-8")
    write_question(root, "limits/first", topic="limits", level=1)
    write_question(root, "roots/square", topic="roots", level=1)
    found = expand(["questions/*"], Handbook(root), "en")
    assert found == [
        {"Roots": ["questions/roots/square.md"]},
        {"Sums": PATH},
        {"Limits": ["questions/limits/first.md"]},
    ]


def test_level_then_next_order_the_questions_of_a_topic(root):
    write_question(root, "sums/cubes", topic="sums", level=1, next="sums/all")
    write_question(root, "sums/all", topic="sums", level=3)
    write_question(root, "sums/begin", topic="sums", level=1)
    ((_, found),) = expand(["questions/*"], Handbook(root), "en")[0].items()
    assert [address.split("/")[-1] for address in found] == [
        "begin.md",
        "cubes.md",
        "all.md",
        "odd-numbers.md",
        "even-numbers.md",
    ]


@pytest.mark.parametrize("language, title", [("zh", "求和"), ("en", "Sums")])
def test_a_topic_with_a_page_of_its_own_begins_with_it(root, language, title):
    index = root / "docs" / language / "questions" / "sums" / "index.md"
    index.write_text("---\ntitle: Sums\n---\n\n# Sums\n", "utf-8")
    handbook = Handbook(root)
    found = expand(["questions/*"], handbook, language)
    assert found == [{title: ["questions/sums/index.md", *PATH]}]
    other = "en" if language == "zh" else "zh"
    (only,) = expand(["questions/*"], handbook, other)
    assert [*only.values()] == [PATH]


def test_a_topic_without_questions_is_left_out(root):
    with open(root / "docs" / "topics.yml", "a", encoding="utf-8") as file:
        file.write("- {id: limits, zh: 极限, en: Limits}\n")
    assert [*expand(["questions/*"], Handbook(root), "en")[0]] == ["Sums"]
    assert len(expand(["questions/*"], Handbook(root), "en")) == 1


def test_all_other_entries_stay_as_they_are_and_where_they_are(root):
    written_nav = [
        "index.md",
        {"Home": "about/verification.md"},
        {"Questions": ["questions/index.md", "questions/*", {"More": ["questions/cards.md"]}]},
        {"Labs": ["labs/index.md", "labs/light.ipynb"]},
    ]
    kept = repr(written_nav)
    assert expand(written_nav, Handbook(root), "en") == [
        "index.md",
        {"Home": "about/verification.md"},
        {"Questions": ["questions/index.md", {"Sums": PATH}, {"More": ["questions/cards.md"]}]},
        {"Labs": ["labs/index.md", "labs/light.ipynb"]},
    ]
    assert repr(written_nav) == kept
