"""A snippet file is cut at its marks, and a reader takes it without them."""

import pytest

from handbook.pages.sections import sections, without_marks
from handbook.program import Part


def marked(name: str, code: str) -> str:
    return f"# --8<-- [start:{name}]\n{code}\n# --8<-- [end:{name}]\n"


def test_sections_are_parts_with_the_lines_of_their_file():
    text = '"""Doc."""\n\n' + marked("one", "a = 1\n\nb = 2") + "\n" + marked("two", "c = 3")
    found = sections(text, "snippets/s.py")
    assert [*found.values()] == [
        Part("a = 1\n\nb = 2", "snippets/s.py", 4, "one"),
        Part("c = 3", "snippets/s.py", 10, "two"),
    ]
    assert [*found] == ["one", "two"]


@pytest.mark.parametrize("blank", [0, 1, 2])
def test_blank_lines_between_two_sections_stay_between_them(blank):
    text = marked("one", "a = 1") + "\n" * blank + marked("two", "b = 2")
    assert without_marks(text) == "a = 1\n" + "\n" * blank + "b = 2\n"


def test_a_line_that_stood_between_two_marks_is_the_only_thing_between_them():
    text = marked("one", "a = 1\n") + "\n" + marked("two", "\nb = 2")
    assert without_marks(text) == "a = 1\n\n\nb = 2\n"


@pytest.mark.parametrize("blank", [3, 4, 9])
def test_never_more_than_two_blank_lines_are_left(blank):
    inside, outside = blank // 3, blank - 2 * (blank // 3)
    text = (
        marked("one", "a = 1" + "\n" * inside) + "\n" * outside + marked("two", "\n" * inside + "b")
    )
    assert without_marks(text) == "a = 1\n\n\nb\n"


def test_blank_lines_within_a_section_and_every_other_line_stay():
    code = "def f():\n    # --8<-- is no mark\n\n    return '# --8<-- [start:x]'"
    text = '"""Doc."""\n\n' + marked("one", code) + "\n\n" + marked("two", "g = f")
    assert without_marks(text) == f'"""Doc."""\n\n{code}\n\n\ng = f\n'


def test_an_indented_mark_goes_with_its_line():
    text = "if True:\n    # --8<-- [start:a]\n    x = 1\n    # --8<-- [end:a]\n"
    assert without_marks(text) == "if True:\n    x = 1\n"


def test_what_is_left_runs_as_it_did():
    text = marked("one", "a = 1") + "\n" + marked("two", "assert a == 1")
    exec(compile(without_marks(text), "s.py", "exec"), {})
