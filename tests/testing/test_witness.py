"""pytest-markdown-docs reads a page by itself: what it finds is what runs, or it says what is not."""

import dataclasses
import pathlib

import pytest

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.pages.page import Page
from handbook.pages.reading import parse
from handbook.settings import ROOT
from handbook.testing.witness import disagreements

PAGES = [
    (language, path)
    for language in LANGUAGES
    for path in Handbook(ROOT).paths(language)
    if path.endswith(".md")
]
BODY = """---
title: t
---
# T

```python
x = 1
```

Text.

```python
print(x := 2)

assert x == 2
```

??? note "folded"

    ```python
    y = 3
    ```

```text
z = 4
```
"""
FIRST, SECOND, FOLDED = 6, 12, 20  # lines of the fences


@pytest.mark.parametrize("language, path", PAGES, ids=[path for _, path in PAGES])
def test_both_readings_of_a_page_of_the_handbook_agree(language, path):
    assert disagreements(Handbook.at(ROOT).page(path, language)) == []


def test_there_are_pages_with_blocks_to_agree_on():
    pages = [Handbook.at(ROOT).page(path, language) for language, path in PAGES]
    assert sum(len(page.blocks) for page in pages) > 300


@pytest.fixture
def page(tmp_path) -> Page:
    return read(BODY, tmp_path)


def read(text: str, root: pathlib.Path) -> Page:
    return parse("docs/en/page.md", text, root, "en", "page.md")


def with_block(page: Page, number: int, **changes: object) -> Page:
    """The page as it would be, had we read a fence of it otherwise."""
    blocks = [*page.blocks]
    fence = dataclasses.replace(blocks[number].fence, **changes)
    blocks[number] = dataclasses.replace(blocks[number], fence=fence)
    return dataclasses.replace(page, blocks=tuple(blocks))


def said(page: Page) -> list[str]:
    return [f"{mistake.path}:{mistake.line}: {mistake.what}" for mistake in disagreements(page)]


def test_a_page_read_in_the_same_way_has_nothing_to_say(page):
    assert [block.line for block in page.blocks] == [FIRST, SECOND, FOLDED]
    assert said(page) == []


def test_a_block_that_does_not_run_is_named(page):
    assert said(dataclasses.replace(page, blocks=page.blocks[1:])) == [
        f"docs/en/page.md:{FIRST}: pytest-markdown-docs finds a Python block here that is not one "
        "of those that run"
    ]


def test_every_block_is_named_of_a_page_of_which_none_runs(page):
    found = disagreements(dataclasses.replace(page, blocks=()))
    assert [mistake.line for mistake in found] == [FIRST, SECOND]
    assert all("```python fence" in mistake.remedy for mistake in found)


@pytest.mark.parametrize(
    "code", ["print(x := 2)\n\nassert x == 3", "print(x := 2)\nassert x == 2", "print(x := 2)", ""]
)
def test_a_block_that_runs_with_other_code_is_named(page, code):
    assert said(with_block(page, 1, code=code)) == [
        f"docs/en/page.md:{SECOND}: pytest-markdown-docs reads this block differently from what runs"
    ]


def test_a_block_that_is_indented_otherwise_is_named(page):
    assert len(said(with_block(page, 0, code=" x = 1"))) == 1


def test_a_block_on_another_line_is_named(page):
    start = page.blocks[1].fence.start
    for shifted in (start - 1, start + 1):
        assert said(with_block(page, 1, start=shifted)) == [
            f"docs/en/page.md:{SECOND}: pytest-markdown-docs finds a Python block here that is not "
            "one of those that run"
        ]


def test_blocks_that_have_changed_places_are_named(page):
    one, other, *_ = (block.fence for block in page.blocks)
    swapped = with_block(with_block(page, 0, code=other.code), 1, code=one.code)
    assert [mistake.line for mistake in disagreements(swapped)] == [FIRST, SECOND]


def test_a_block_in_a_note_which_only_the_site_shows_as_one_may_be_ours_alone(page):
    assert page.blocks[2].line == FOLDED
    assert said(dataclasses.replace(page, blocks=page.blocks[:2])) == []


def test_the_line_is_that_of_the_file_below_an_include(tmp_path):
    (tmp_path / "snippets").mkdir()
    snippet = "# --8<-- [start:a]\nx = 1\ny = 2\nz = 3\n# --8<-- [end:a]\n"
    (tmp_path / "snippets" / "s.py").write_text(snippet, "utf-8")
    body = '```python\n--8<-- "s.py:a"\n```\n\n```python\nx = 1\n```\n'
    page = read(f"---\ntitle: t\n---\n{body}", tmp_path)
    assert said(page) == []
    (mistake,) = disagreements(dataclasses.replace(page, blocks=page.blocks[:1]))
    assert mistake.line == 8
