"""Each claim can fail: with one line of its program made wrong, the assert that guards it stops it.

mutations/<topic>/<question>.yml lists, for a page of docs/*/questions/, what it claims, the
assert that holds the claim, and a change to the program that must break that assert:

    - claim: The scale keeps the gradient through the softmax from vanishing.
      program: the_scale_keeps_the_softmax_awake.py
      replace: ("q·k/√d", d**0.5)
      with: ("q·k/√d", 1.0)
      stops: assert min(shrink) > 300
"""

import functools
import pathlib

import pytest
import yaml

from handbook import settings
from handbook.program import Part, Program
from handbook.runs.failures import explain
from handbook.sandbox.server import Server
from handbook.settings import ROOT

FOLDER = pathlib.Path(__file__).with_name("mutations")
QUESTIONS = ROOT / "docs" / "zh" / "questions"


def mutations() -> list[tuple[str, dict[str, str]]]:
    """(question, mutation) of every file, in order."""
    return [
        (file.relative_to(FOLDER).with_suffix("").as_posix(), entry)
        for file in sorted(FOLDER.rglob("*.yml"))
        for entry in yaml.safe_load(file.read_text("utf-8"))
    ]


@functools.cache
def server() -> Server:
    return Server(settings.load(ROOT))


@pytest.mark.parametrize(
    "question, mutation",
    mutations(),
    ids=[f"{question}: {mutation['claim']}" for question, mutation in mutations()],
)
def test_wrong_program_is_stopped_by_the_assert_of_its_claim(question, mutation):
    file = ROOT / "snippets" / "questions" / question / mutation["program"]
    name = file.relative_to(ROOT).as_posix()
    code = file.read_text("utf-8")
    old, new, guard = (mutation[key].strip() for key in ("replace", "with", "stops"))
    assert code.count(old) == 1, f"{name}: {old!r} stands {code.count(old)} times, not once"
    assert guard.startswith("assert "), f"{guard!r} is no assert"
    assert code.count(guard) == 1, f"{name}: {guard!r} stands {code.count(guard)} times, not once"
    wrong = code.replace(old, new)

    program = Program(name, (Part(wrong, name, 1),))
    failure = server().run(program).failure

    line = wrong[: wrong.index(guard)].count("\n") + 1
    assert failure is not None, f"{name}: with {new!r} the program still passes"
    said = str(explain(failure, program))
    assert said.startswith(f"{name}:{line}: AssertionError"), said


def test_every_question_has_a_mutation():
    questions = {
        page.relative_to(QUESTIONS).with_suffix("").as_posix()
        for page in QUESTIONS.rglob("*/*.md")
        if page.name != "index.md"
    }
    assert {question for question, _ in mutations()} == questions
