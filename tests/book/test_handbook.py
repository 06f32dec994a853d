"""A handbook reads each of its files once, and again only when it has changed."""

import collections
import concurrent.futures
import pathlib
import sys

import pytest

from handbook.book import handbook as book
from handbook.book.handbook import Handbook
from handbook.mistakes import Mistakes
from handbook.pages.page import Page
from handbook.program import Program
from handbook.runs import records
from handbook.sandbox.result import Result
from tests.support.handbooks import ROOT, written

ZH, EN = "docs/zh/lessons/waves.md", "docs/en/lessons/waves.md"
HOME = "docs/en/index.md"
LAB = "snippets/labs/light.py"


@pytest.fixture
def root(tmp_path) -> pathlib.Path:
    return written(tmp_path / "handbook")


@pytest.fixture
def read(monkeypatch) -> collections.Counter:
    """File → how often it was read since the counter was cleared."""
    counted = collections.Counter()

    def counting(original):
        def read(file, root):
            counted[file.relative_to(root).as_posix()] += 1
            return original(file, root)

        return read

    for name in ("read_page", "read_lab"):
        monkeypatch.setattr(book, name, counting(getattr(book, name)))
    return counted


def ask_for_everything(handbook: Handbook) -> None:
    for language in ("zh", "en"):
        handbook.mistakes(language)
        handbook.questions(language)
        handbook.runs(language)
        for page in handbook.pages(language):
            handbook.mate(page)
            handbook.page(page.path, language)


def broken(root: pathlib.Path, path: str) -> None:
    file = root / path
    file.write_text(file.read_text("utf-8").replace("```python", "```Python"), "utf-8")


def test_a_page_is_read_once_however_often_it_is_asked_for(root, read):
    handbook = Handbook(root)
    for _ in range(2):
        ask_for_everything(handbook)
    assert set(read) == {*handbook.paths("zh"), *handbook.paths("en")}
    assert set(read.values()) == {1}


def test_a_page_that_cannot_be_read_is_read_once_too(root, read):
    broken(root, EN)
    handbook = Handbook(root)
    for _ in range(3):
        handbook.mistakes("en")
        with pytest.raises(Mistakes):
            handbook.page(EN, "en")
    assert read[EN] == 1


def test_nothing_is_read_before_it_is_asked_for(root, read):
    Handbook(root).page(EN, "en")
    assert read == {EN: 1}


def test_a_handbook_is_shared_by_all_who_ask_for_its_folder(root):
    assert Handbook.at(root) is Handbook.at(root)


@pytest.mark.parametrize(
    "changed, again",
    [
        ([ZH], {ZH}),
        ([HOME, EN], {HOME, EN}),
        (["snippets/lessons/waves.py"], {ZH, EN}),
        ([LAB], {LAB}),
        (["docs/topics.yml", "docs/overrides/main.html"], set()),
    ],
)
def test_what_has_changed_is_read_again_and_no_other(root, read, changed, again):
    handbook = Handbook(root)
    ask_for_everything(handbook)
    read.clear()
    handbook.forget(changed)
    ask_for_everything(handbook)
    assert read == dict.fromkeys(again, 1)


def test_a_changed_page_is_seen_only_after_it_was_forgotten(root):
    handbook = Handbook(root)
    before = handbook.page(EN, "en")
    file = root / EN
    file.write_text(file.read_text("utf-8").replace("title: ", "title: New "), "utf-8")
    assert handbook.page(EN, "en") is before
    handbook.forget([EN])
    assert handbook.page(EN, "en").title == f"New {before.title}"
    assert f"New {before.title}" in [page.title for page in handbook.pages("en")]


def test_topics_glossary_and_order_of_questions_follow_what_was_forgotten(root):
    handbook = Handbook(root)
    assert [*handbook.topics] == ["sums"] and handbook.glossary
    assert [*handbook.questions("zh")] == ["sums/odd-numbers", "sums/even-numbers"]
    with open(root / "docs" / "topics.yml", "a", encoding="utf-8") as file:
        file.write("- {id: products, zh: 求积, en: Products}\n")
    (root / "docs" / "glossary.yml").unlink()
    file = root / "docs/zh/questions/sums/odd-numbers.md"
    file.write_text(file.read_text("utf-8").replace("level: 1", "level: 3"), "utf-8")
    (root / "docs/zh/questions/sums/even-numbers.md").unlink()
    assert [*handbook.topics] == ["sums"] and handbook.glossary
    handbook.forget(["docs/topics.yml", "docs/zh/questions/sums/odd-numbers.md"])
    assert [*handbook.topics] == ["sums", "products"] and not handbook.glossary
    assert [q.level for q in handbook.questions("zh").values()] == [3]


def test_a_page_that_cannot_be_read_is_among_the_mistakes_and_not_among_the_pages(root):
    broken(root, EN)
    handbook = Handbook(root)
    assert EN not in [page.path for page in handbook.pages("en")]
    assert HOME in [page.path for page in handbook.pages("en")]
    assert {mistake.path for mistake in handbook.mistakes("en")} == {EN}
    said = [mistake.what for mistake in handbook.mistakes("en")]
    assert any("is not a way to mark a block" in what for what in said)
    assert not handbook.mistakes("zh")
    assert ZH in [page.path for page in handbook.pages("zh")]


def test_a_lab_that_cannot_be_read_is_among_the_mistakes_of_both_languages(root):
    with open(root / LAB, "a", encoding="utf-8") as file:
        file.write('\n# %% [markdown] tags=["fr"]\n# Lumière.\n')
    handbook = Handbook(root)
    for language in ("zh", "en"):
        assert {mistake.path for mistake in handbook.mistakes(language)} == {LAB}
        assert not [page for page in handbook.pages(language) if page.is_lab]


def test_a_page_that_could_not_be_read_is_tried_again_whatever_has_changed(root):
    snippet = root / "snippets/lessons/waves.py"
    kept = snippet.read_text("utf-8")
    snippet.write_text(kept + "# --8<-- [start:unclosed]\n", "utf-8")
    handbook = Handbook(root)
    assert EN not in [page.path for page in handbook.pages("en")]
    snippet.write_text(kept, "utf-8")
    assert handbook.mistakes("en")
    handbook.forget(["docs/glossary.yml"])
    assert not handbook.mistakes("en")
    assert EN in [page.path for page in handbook.pages("en")]


def test_a_mate_is_the_same_page_in_the_other_language(root):
    handbook = Handbook(root)
    for language in ("zh", "en"):
        for page in handbook.pages(language):
            mate = handbook.mate(page)
            assert (mate.address, mate.language == language) == (page.address, False)
            assert handbook.mate(mate) is page


def test_a_page_in_one_language_has_no_mate(root):
    (root / ZH).unlink()
    handbook = Handbook(root)
    assert handbook.mate(handbook.page(EN, "en")) is None


def test_a_mate_that_cannot_be_read_says_why(root):
    broken(root, ZH)
    handbook = Handbook(root)
    with pytest.raises(Mistakes, match=ZH):
        handbook.mate(handbook.page(EN, "en"))


@pytest.fixture
def program(root) -> Program:
    """The program of the home page, which has not run."""
    return Handbook(root).page(HOME, "en").programs[0]


def test_a_program_has_a_record_when_it_has_run(root, program):
    handbook = Handbook(root)
    assert handbook.record(program) is None
    saved = records.save(handbook.key(program), Result(outputs=["6\n"]), handbook.settings)
    assert handbook.record(program) == saved


def test_a_record_is_read_once_until_something_changes(root, program):
    handbook = Handbook(root)
    saved = records.save(handbook.key(program), Result(outputs=["6\n"]), handbook.settings)
    found = handbook.record(program)
    assert found == saved and handbook.record(program) is found
    (handbook.settings.records / f"{saved.key}.json").unlink()
    assert handbook.record(program) is found
    handbook.forget([EN])
    assert handbook.record(program) is None


def test_runs_are_the_programs_that_have_a_record_in_page_order(root):
    handbook = Handbook(root)
    assert handbook.runs("en") == ()
    for page in (handbook.page(EN, "en"), handbook.page(HOME, "en")):
        records.save(handbook.key(page.programs[0]), Result(), handbook.settings)
    runs = handbook.runs("en")
    assert [run.page.path for run in runs] == [HOME, EN]
    assert all(run.record.key == handbook.key(run.program) for run in runs)


def test_what_stands_in_the_book_are_pages_and_labs_of_one_language(root):
    pages: tuple[Page, ...] = Handbook(root).pages("en")
    assert {page.language for page in pages} == {"en"}
    assert [page.path for page in pages if page.is_lab] == [LAB]
    assert pages[-1].address == "labs/light.ipynb"


def test_threads_that_read_at_once_read_what_one_reads():
    """The preview reads pages while it prepares what MkDocs knows, in another thread."""
    paths = [path for path in Handbook(ROOT).paths("zh") if path.endswith(".md")]
    alone, together = Handbook(ROOT), Handbook(ROOT)
    expected = {path: alone.page(path, "zh") for path in paths}
    patience = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # Threads take turns thousands of times a second.
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            found = dict(pool.map(lambda path: (path, together.page(path, "zh")), paths))
    finally:
        sys.setswitchinterval(patience)
    assert found == expected
