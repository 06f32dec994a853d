"""A list of mutations fits its programs, or says at which line it does not."""

import pathlib

import pytest

from handbook.mistakes import Mistakes
from handbook.pages.mutations import mutation_files, read_mutations

CODE = "x = 1\n\nassert x == 1\nif x:\n    y = 2 * (\n        x + 1\n    )\n    assert y == 4\n"
ENTRY = """- claim: One is one.
  program: p.py
  replace: x = 1
  with: |
    y = 3
    x = 2
  stops: assert x == 1
"""


@pytest.fixture
def root(tmp_path) -> pathlib.Path:
    folder = tmp_path / "snippets" / "questions" / "t" / "q"
    folder.mkdir(parents=True)
    (folder / "p.py").write_text(CODE, "utf-8")
    (folder / "mutations.yml").write_text(ENTRY, "utf-8")
    return tmp_path


def mistakes(root: pathlib.Path, old: str, new: str) -> str:
    (file,) = mutation_files(root)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(Mistakes) as caught:
        read_mutations(file, root)
    return str(caught.value)


def test_the_changed_program_has_to_stop_where_its_assert_stands_then(root):
    (mutation,) = read_mutations(mutation_files(root)[0], root)
    (part,) = mutation.program.parts
    assert part.code.startswith("y = 3\nx = 2\n\nassert x == 1\n") and mutation.program.stops == 4
    assert part.file == "snippets/questions/t/q/p.py" and mutation.line == 1


def test_a_change_has_the_whole_lines_that_a_reader_would_change(root):
    (file,) = mutation_files(root)
    entry = ENTRY.replace("replace: x = 1", 'replace: "(\\n        x + 1"')
    entry = entry.replace("|\n    y = 3\n    x = 2", '"(x + 2"').replace(
        "assert x == 1", "assert y == 4"
    )
    file.write_text(ENTRY + entry, "utf-8")
    first, second = read_mutations(file, root)
    assert (first.file, first.guard) == ("snippets/questions/t/q/p.py", 3)
    assert (first.old, first.new) == ("x = 1", "y = 3\nx = 2")
    assert (second.guard, second.program.stops) == (8, 7)
    assert (second.old, second.new) == ("y = 2 * (\n    x + 1", "y = 2 * (x + 2")


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("replace: x = 1", "replace: x", "'x' stands 4 times in snippets/questions/t/q/p.py"),
        ("stops: assert x == 1", "stops: assert z", "'assert z' stands 0 times"),
        ("stops: assert x == 1", "stops: x == 1", "'x == 1' is no assert"),
        ("program: p.py", "program: r.py", "there is no program 'r.py' beside this list"),
        ("y = 3", "y = (", "with the change, snippets/questions/t/q/p.py:1 is not valid Python"),
        ("claim: One is one.", "claim: [1]", "this entry has no 'claim' as the others have it"),
        ("- claim", "  claim", "this is no list"),
        ("- claim: One", "- claim: {One", "this is not YAML"),
    ],
)
def test_an_entry_that_does_not_fit_is_named_with_its_line(root, old, new, message):
    told = mistakes(root, old, new)
    assert told.startswith("snippets/questions/t/q/mutations.yml:") and message in told
