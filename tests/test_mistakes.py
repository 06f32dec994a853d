"""One value for every message, and words that both languages have."""

import re
import string

import pytest
import yaml

from handbook import words as words_module
from handbook.languages import LANGUAGES
from handbook.mistakes import SHOWN, Mistake, Mistakes, show
from handbook.program import Part, Program
from handbook.runs.failures import SAID, explain
from handbook.sandbox.result import Failure
from handbook.settings import ROOT
from handbook.words import words

GROUPS = yaml.safe_load(words_module.FILE.read_text("utf-8"))


def test_a_mistake_names_file_and_line_and_says_what_to_do():
    assert str(Mistake("a.md", 3, "this is wrong", "Do that.")) == "a.md:3: this is wrong. Do that."
    assert str(Mistake("a.md", 3, "MkDocs says so.")) == "a.md:3: MkDocs says so."
    assert str(Mistake("a.md", 3, "wrong", "Do.", "    code")) == "a.md:3: wrong. Do.\n    code"


def test_mistakes_are_sorted_by_file_and_line_and_told_once():
    two, ten = Mistake("a.md", 2, "x"), Mistake("a.md", 10, "x")
    assert Mistakes([ten, two, Mistake("a.md", 10, "x")]).found == (two, ten)


def test_a_flood_of_mistakes_is_cut(capsys):
    show(Mistake("a.md", line, "x") for line in range(SHOWN + 3))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == SHOWN + 1 and lines[-1] == "… and 3 more."


@pytest.mark.parametrize("group", GROUPS)
def test_both_languages_have_each_word_and_fill_in_the_same(group):
    fields = string.Formatter()
    said = [words(group, language) for language in LANGUAGES]
    assert said[0].keys() == said[1].keys()
    for name in said[0]:
        used = [{field for _, field, _, _ in fields.parse(x[name]) if field} for x in said]
        assert used[0] == used[1], name


def test_each_word_is_used_by_somebody():
    """A word that no code and no template names is dead."""
    files = [f for f in (ROOT / "handbook").rglob("*") if f.suffix in (".py", ".j2")]
    files += [f for f in (ROOT / "docs" / "overrides").rglob("*") if f.suffix in (".js", ".html")]
    code = "\n".join(file.read_text("utf-8") for file in files)
    by_group = {"faults", "page"}  # the folders of cases; "notebook zh" is put together
    for group, entries in GROUPS.items():
        for name in entries:
            quoted = f'"{name}"' in code or re.search(
                rf"words(\.|\[)['\"]?{re.escape(name)}\b", code
            )
            assert quoted or (group in by_group and (group == "faults" or " " in name)), name


def test_every_kind_of_failure_that_the_sandbox_names_has_words():
    code = "".join(f.read_text("utf-8") for f in (ROOT / "handbook" / "sandbox").glob("*.py"))
    code += (ROOT / "handbook" / "runs" / "executors.py").read_text("utf-8")
    code += (ROOT / "handbook" / "runs" / "running.py").read_text("utf-8")
    named = set(re.findall(r'(?:Ending|Failure|Stopped)\(\s*"([\w ]+)"', code))
    assert named - {"raised", "died"} <= SAID.keys()
    assert {"cpu", "time", "process left", "worker lost"} <= named


def test_a_failure_of_a_lab_speaks_of_a_lab():
    program = Program("p", (Part("1", "p.py", 1),), notebook=True)
    told = explain(Failure("figures", "p.py", 1, {"count": 12}), program)
    assert str(told) == "p.py:1: the lab drew more than 12 figures. Draw fewer."
