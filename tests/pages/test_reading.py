"""The parser sees what a reader sees."""

import pathlib

import pytest

from handbook.mistakes import Mistakes
from handbook.pages.fences import end_of_annotations, find_fences
from handbook.pages.page import Page, Table
from handbook.pages.reading import read_page
from handbook.program import Part


def read(tmp_path: pathlib.Path, body: str, **snippets: str) -> Page:
    file = tmp_path / "docs" / "zh" / "page.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\ntitle: t\n---\n{body}", "utf-8")
    (tmp_path / "snippets").mkdir(exist_ok=True)
    for name, text in snippets.items():
        (tmp_path / "snippets" / f"{name}.py").write_text(text, "utf-8")
    return read_page(file, tmp_path)


def mistakes(tmp_path: pathlib.Path, body: str, **snippets: str) -> str:
    with pytest.raises(Mistakes) as caught:
        read(tmp_path, body, **snippets)
    return str(caught.value)


def test_mistakes_of_the_front_matter_and_of_the_text_are_told_together(tmp_path):
    file = tmp_path / "docs" / "zh" / "page.md"
    file.parent.mkdir(parents=True)
    file.write_text("---\ntitle: 7\nas_of: soon\nreview_by: 2027-01-01\n---\n- a\n  - b\n", "utf-8")
    with pytest.raises(Mistakes) as caught:
        read_page(file, tmp_path)
    assert [mistake.line for mistake in caught.value.found] == [2, 3, 7]


@pytest.mark.parametrize("written", ["{#an-id}", "{ #an-id }", "{: #an-id}"])
def test_heading_has_the_id_that_the_page_gets(tmp_path, written):
    assert read(tmp_path, f"## A heading {written}\n").headings[0].id == "an-id"


@pytest.mark.parametrize(
    "character", "\x08\x0c\x1b\x85\u00ad\u061c\u200b\u200d\u2028\u202e\u2066\ufeff"
)
def test_character_that_nobody_sees_is_named_with_its_line(tmp_path, character):
    assert f"docs/zh/page.md:5: an invisible character stands here, U+{ord(character):04X}" in (
        mistakes(tmp_path, f"Text.\na{character}b\n")
    )


@pytest.mark.parametrize("text", ["第一\u3000段", "a\u00a0b", "❤\ufe0f", "مرحبا", "a\tb"])
def test_character_that_somebody_sees_is_no_mistake(tmp_path, text):
    assert read(tmp_path, f"{text}\n").body.strip() == text


@pytest.mark.parametrize(
    "text, line",
    [
        ("- a\n  - b\n", 5),
        ("1. a\n   1. b\n", 5),
        ("> - a\n>\n>   ```text\n>   x\n>   ```\n", 6),
    ],
)
def test_block_that_is_not_in_its_list_is_named(tmp_path, text, line):
    assert f"docs/zh/page.md:{line}: this" in mistakes(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    ["- a\n    - b\n", "> - a\n>\n>     ```text\n>     x\n>     ```\n", "a\n- b\n", "-1 - 2\n"],
)
def test_block_in_its_list_is_no_mistake(tmp_path, text):
    assert read(tmp_path, text).text.source


SECTIONS = """'''Doc.'''
# --8<-- [start:one]
a = 1
# --8<-- [end:one]

# --8<-- [start:two]
b = a + 1
# --8<-- [end:two]
"""


@pytest.mark.parametrize(
    "before, prefix",
    [
        ("", ""),
        ("!!! note\n\n", "    "),
        ('??? question "q"\n\n', "    "),
        ('=== "tab"\n\n', "    "),
        ('=== "tab"\n\n    !!! note\n\n', "        "),
        ("1.  item\n\n", "    "),
        ("", "> "),
        ('<div markdown="1">\n\n', ""),
        ('<div markdown="1">\n', ""),
    ],
)
def test_fence_is_found_at_any_depth_with_its_line(tmp_path, before, prefix):
    fence = "".join(f"{prefix}{line}\n" for line in ("```python", "x = 1", "", "print(x)", "```"))
    page = read(tmp_path, before + fence)
    assert [block.part.code for block in page.blocks] == ["x = 1\n\nprint(x)"]
    assert page.blocks[0].line == 4 + before.count("\n")
    assert page.blocks[0].part.line == page.blocks[0].line + 1


def test_fence_inside_another_language_is_text(tmp_path):
    assert not read(tmp_path, "````text\n```python\nx = 1\n```\n````\n").blocks


def test_sections_of_one_file_are_one_program(tmp_path):
    body = '```python\n--8<-- "s.py:one"\n```\nand\n\n```python\n--8<-- "s.py:two"\n```\n\n```python\nc = 1\n```\n'
    page = read(tmp_path, body, s=SECTIONS)
    assert [len(program.parts) for program in page.programs] == [2, 1]
    assert [program.name for program in page.programs] == ["s.py", "docs/zh/page.md:13"]
    assert page.programs[0].parts[1] == Part("b = a + 1", "snippets/s.py", 7, "two")


def test_every_other_block_is_a_program_alone(tmp_path):
    page = read(tmp_path, "```python\nx = 1\n```\n\n```python\ny = 1\n```\n")
    assert len(page.programs) == 2


def test_missing_section_is_named_with_those_there_are(tmp_path):
    message = mistakes(tmp_path, '```python\n--8<-- "s.py:two"\n```\n', s=SECTIONS)
    assert message.startswith("docs/zh/page.md:4: the page shows the sections two of snippets/s.py")
    assert "one, two" in message


def test_program_between_two_sections_is_an_error(tmp_path):
    body = '```python\n--8<-- "s.py:one"\n```\n\n```python\nz = 1\n```\n\n```python\n--8<-- "s.py:two"\n```\n'
    assert "with no other program between" in mistakes(tmp_path, body, s=SECTIONS)


def test_code_outside_every_section_is_an_error(tmp_path):
    message = mistakes(tmp_path, '```python\n--8<-- "s.py:one"\n```\n', s=SECTIONS + "c = 3\n")
    assert message.startswith("snippets/s.py:9: this statement is in no section")


@pytest.mark.parametrize(
    "text, message",
    [
        ("# --8<-- [start:a]\nx = 1\n", "snippets/s.py:1: section 'a' has no end"),
        (
            "# --8<-- [start:a]\n# --8<-- [end:a]\n# --8<-- [end:b]\n",
            "snippets/s.py:3: section 'b' ends here but does not start",
        ),
        (
            "# --8<-- [start:a]\n# --8<-- [start:b]\n# --8<-- [end:b]\n",
            "snippets/s.py:2: section 'b' starts inside section 'a'",
        ),
    ],
)
def test_markers_that_do_not_pair_up_are_named(tmp_path, text, message):
    assert message in mistakes(tmp_path, '```python\n--8<-- "s.py:a"\n```\n', s=text)


def test_marker_in_another_spelling_is_an_error(tmp_path):
    text = "#--8<-- [start: a]\nx = 1\n#--8<-- [end: a]\n"
    message = mistakes(tmp_path, '```python\n--8<-- "s.py:a"\n```\n', s=text)
    assert message.startswith("docs/zh/page.md:5: the section 'a' of snippets/s.py is not marked")


def test_annotation_list_belongs_to_its_block():
    lines = [
        "```python",
        "x = 1  # (1)!",
        "```",
        "",
        "1.  one",
        "    more",
        "",
        "2.  two",
        "",
        "Text.",
    ]
    fence = find_fences(lines)[0]
    assert end_of_annotations(lines, fence) == 8


def test_list_after_a_block_without_annotations_does_not():
    lines = ["```python", "x = 1", "```", "", "1.  one"]
    assert end_of_annotations(lines, find_fences(lines)[0]) == 3


def test_inline_values_belong_to_the_nearest_program_above_or_to_the_one_they_name(tmp_path):
    body = (
        'First `{python s} a`.\n\n```python\n--8<-- "s.py:one"\n```\n\n```python\n--8<-- "s.py:two"\n```\n\n'
        "```python\nc = 1\n```\n\nThen `{python} c`, `{python s} b` and ``literal `{python} d` ``.\n"
    )
    page = read(tmp_path, body, s=SECTIONS)
    assert [(v.expression, page.programs.index(v.program)) for v in page.values] == [
        ("a", 0),
        ("c", 1),
        ("b", 0),
    ]
    assert page.programs[0].expressions == ("a", "b")


def test_inline_value_needs_a_program_of_that_name(tmp_path):
    message = mistakes(tmp_path, "`{python nothing} x`\n\n```python\nx = 1\n```\n")
    assert message.startswith(
        "docs/zh/page.md:4: the inline value `x` needs a program named 'nothing'"
    )


def test_inline_value_above_several_programs_names_one(tmp_path):
    below = "\n\n```python\nx = 1\n```\n\ntext\n\n```python\nx = 2\n```\n"
    message = mistakes(tmp_path, f"`{{python}} x`{below}")
    assert message.startswith(
        "docs/zh/page.md:4: the inline value `x` stands above all programs of the page. Name"
    )
    assert read(tmp_path, "`{python} x`\n\n```python\nx = 1\n```\n").values


def test_tables_are_counted_outside_code(tmp_path):
    page = read(tmp_path, "| a | b |\n| - | - |\n| 1 | `x\\|y` |\n\n```text\n| no |\n| - |\n```\n")
    assert page.tables == (Table(4, 3, 2),)


def test_every_mistake_of_a_page_is_reported_at_once(tmp_path):
    message = mistakes(tmp_path, "```Python\nx\n```\n\n```py\nx\n```\n\n```python notest\nx\n```\n")
    assert [line.split(":")[1] for line in message.splitlines()] == ["4", "8", "12", "14"]


def test_windows_line_ends_do_not_move_lines(tmp_path):
    file = tmp_path / "docs" / "zh" / "page.md"
    file.parent.mkdir(parents=True)
    (tmp_path / "snippets").mkdir()
    file.write_bytes(b"---\r\ntitle: t\r\n---\r\n\r\n```python\r\nx = 1\r\n```\r\n")
    block = read_page(file, tmp_path).blocks[0]
    assert (block.line, block.part.code) == (5, "x = 1")


def test_file_in_another_encoding_is_named_with_its_line(tmp_path):
    file = tmp_path / "docs" / "zh" / "page.md"
    file.parent.mkdir(parents=True)
    file.write_bytes("---\ntitle: t\n---\n张量\n".encode("gbk"))
    with pytest.raises(Mistakes, match=r"docs/zh/page\.md:4: the file is not UTF-8"):
        read_page(file, tmp_path)


def test_an_include_in_another_encoding_is_named_with_its_line(tmp_path):
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "s.py").write_bytes("a = 1\n# 张量\n".encode("gbk"))
    (tmp_path / "docs" / "zh").mkdir(parents=True)
    file = tmp_path / "docs" / "zh" / "page.md"
    file.write_text('---\ntitle: t\n---\n```python\n--8<-- "s.py"\n```\n', "utf-8")
    named = r"docs/zh/page\.md:5: this include is of a file that is not UTF-8: .*s\.py"
    with pytest.raises(Mistakes, match=named):
        read_page(file, tmp_path)


def test_line_ends_of_old_machines_do_not_move_blocks(tmp_path):
    (tmp_path / "docs" / "zh").mkdir(parents=True)
    (tmp_path / "snippets").mkdir()
    file = tmp_path / "docs" / "zh" / "page.md"
    file.write_bytes(b"---\rtitle: t\r---\rText.\r\r```python\rx = 1\r```\r")
    page = read_page(file, tmp_path)
    assert (page.blocks[0].line, page.blocks[0].part.code) == (6, "x = 1")
