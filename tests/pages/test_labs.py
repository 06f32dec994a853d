"""A lab is one source, read as a page in each language: same program, same lines, own text."""

import pytest

from handbook.mistakes import Mistakes
from handbook.pages.labs import Cell, Lab, lab_files, read_lab

HEAD = """\
# ---
# title:
#   zh: 光
#   en: Light
# description:
#   zh: 一个实验。
#   en: A lab.
# ---
"""
BODY = """
# %% [markdown] tags=["zh"]
# # 光
#
# 一段话。

# %% [markdown] tags=["en"]
# # Light

# %%
x = [1, 2]
print(x)

# %% [markdown] tags=["zh"]
# 一共 `{python} sum(x)`。

# %% [markdown] tags=["en"]
# In all `{python} sum(x)`.

# %% tags=["answer"]
y = 2 * x
"""


def read(tmp_path, body: str = BODY, head: str = HEAD) -> Lab:
    file = tmp_path / "snippets" / "labs" / "light.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(head + body, "utf-8")
    assert lab_files(tmp_path) == [file]
    return read_lab(file, tmp_path)


def mistakes(tmp_path, body: str, head: str = HEAD) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        read(tmp_path, body, head)
    return str(caught.value).splitlines()


def line_of(text: str) -> int:
    """The line of the file on which some text of `BODY` stands."""
    lines = (HEAD + BODY).splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_cells_have_their_line_their_language_and_whether_they_are_folded(tmp_path):
    cells = read(tmp_path).cells
    assert [(cell.language, cell.answer) for cell in cells] == [
        ("zh", False),
        ("en", False),
        ("", False),
        ("zh", False),
        ("en", False),
        ("", True),
    ]
    assert cells[0] == Cell(line_of("# %%"), "zh", False, "# 光\n\n一段话。")
    assert cells[2].text == "x = [1, 2]\nprint(x)"


def test_both_pages_have_the_same_program_with_the_lines_of_the_file(tmp_path):
    zh, en = (read(tmp_path).pages[language] for language in ("zh", "en"))
    assert zh.programs == en.programs
    (program,) = zh.programs
    assert program.notebook and program.name == "labs/light.py"
    assert program.expressions == ("sum(x)",)
    assert [(part.file, part.line, part.section) for part in program.parts] == [
        ("snippets/labs/light.py", line_of("x = [1"), None),
        ("snippets/labs/light.py", line_of("y = 2"), None),
    ]
    assert [block.index for block in en.blocks] == [0, 1]


def test_text_stands_on_the_lines_of_the_file_and_in_one_page(tmp_path):
    pages = read(tmp_path).pages
    for language, words, other in (("zh", "一共", "In all"), ("en", "In all", "一共")):
        page = pages[language]
        assert page.text.find(words) == line_of(words)
        assert words in page.body and other not in page.body
        assert [value.line for value in page.values] == [line_of(words)]
        assert [heading.level for heading in page.headings] == [1]


def test_head_is_that_of_the_language(tmp_path):
    pages = read(tmp_path).pages
    assert pages["zh"].meta == {"title": "光", "description": "一个实验。"}
    assert pages["en"].meta == {"title": "Light", "description": "A lab."}
    assert pages["en"].address == "labs/light.ipynb" and pages["en"].url == "labs/light/"
    assert pages["en"].is_lab and read(tmp_path).name == "light"


def test_tags_of_the_head_are_those_of_the_language(tmp_path):
    head = HEAD.replace("# ---\n# title", "# ---\n# tags:\n#   en: [light]\n# title")
    pages = read(tmp_path, head=head).pages
    assert pages["en"].meta["tags"] == ["light"] and "tags" not in pages["zh"].meta


@pytest.mark.parametrize(
    "old, new, line, message",
    [
        ('["zh"]\n# # 光', '["fr"]\n# # 光', "# %%", "'fr' is no tag of a lab. There are: zh, en, answer."),
        ('["zh"]\n# # 光', '["zh", "en"]\n# # 光', "# %%", "this text names no language"),
        ('# %% tags=["answer"]', '# %% tags=["zh"]', '["answer"]', "code belongs to both languages"),
        ("# 一段话。", "# !!! note\n#     一段话。", "# %%", "Jupyter shows no notes like this"),
        ("# 一段话。", '# --8<-- "x.py"', "# %%", "a lab includes nothing"),
        ("print(x)", "display(x)", "print(x)", "'display' acts otherwise in Jupyter"),
        ("print(x)", "print(x", "print(x)", "this is not valid Python"),
        ("print(x)\n\n", "print(x)\n", "print(x)", "the cell above has no end"),
        ("# 一段话。", "# ```python\n# z = 1\n# ```", "# 一段话。", "this Python block stands in a text"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_line(tmp_path, old, new, line, message):
    assert BODY.count(old) == 1
    said = mistakes(tmp_path, BODY.replace(old, new))
    at = line_of(line) + (message.startswith("the cell above"))
    assert any(x.startswith(f"snippets/labs/light.py:{at}: {message}") for x in said), said


def test_a_mistake_that_both_languages_have_is_named_once(tmp_path):
    assert len(mistakes(tmp_path, BODY.replace("print(x)", "quit()"))) == 1


def test_a_title_that_a_language_lacks_is_named(tmp_path):
    said = mistakes(tmp_path, BODY, HEAD.replace("#   en: Light\n", ""))
    assert said == [
        "snippets/labs/light.py:1: the head gives no title for 'en'. Add it: see the other labs."
    ]


def test_a_script_without_cells_is_no_lab(tmp_path):
    assert "not in jupytext's percent format" in mistakes(tmp_path, "\nx = 1\n", "")[0]


def test_a_handbook_may_have_no_labs(tmp_path):
    assert lab_files(tmp_path) == []
