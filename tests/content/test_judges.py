"""The judges of problems: one engine, and a command that says the same as the page."""

import json
import pathlib
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest

from handbook.pages.sections import sections
from tests.content.judges import JUDGES, ROOT, SOURCE, engine

TENSORFLOW = sorted((ROOT / "snippets/problems").glob("*/with_tensorflow.py"))
every = pytest.mark.parametrize("judge", JUDGES, ids=lambda path: path.parent.name)


def section(file: pathlib.Path, name: str) -> str:
    return sections(file.read_text("utf-8"), file.relative_to(ROOT).as_posix())[name].code.strip()


def names_of(judge: pathlib.Path) -> dict[str, object]:
    """The names of a judge, which has not judged anything yet."""
    definitions, _, _ = judge.read_text("utf-8").partition("# --8<-- [start:run]")
    names = {"__name__": "judge"}
    exec(compile(definitions, judge, "exec"), names)
    return names


def command(judge: pathlib.Path, *arguments: object) -> subprocess.CompletedProcess:
    call = [sys.executable, str(judge), *map(str, arguments)]
    return subprocess.run(call, capture_output=True, text=True, timeout=120, check=False)


@every
def test_each_judge_has_the_same_engine(judge):
    where = SOURCE.relative_to(ROOT)
    assert engine(judge) == engine(SOURCE), f"{judge}: change the engine in {where}, then make fix"


@every
def test_the_oracle_keeps_every_property(judge):
    names = names_of(judge)
    problem, broken = names["PROBLEM"], names["broken"]
    for label, inputs in problem["cases"]():
        for says, holds in problem["properties"]:
            untrue = broken(holds, problem["call"], problem["oracle"], inputs)
            assert not untrue, f"{judge}: {says['en']!r} is said of the oracle, {label['en']}"


@every
def test_an_answer_of_another_form_breaks_no_property(judge):
    """One more axis: what a property says of such an answer need not be true."""
    names = names_of(judge)
    name = names["PROBLEM"]["function"]
    wrapped = f"""
import numpy
_right = {name}
def {name}(*given, **named):
    answer = _right(*given, **named)
    more = lambda one: numpy.asarray(one)[..., None]
    return tuple(map(more, answer)) if isinstance(answer, tuple) else more(answer)
"""
    verdict = names["judge"](names["SOLUTION"] + wrapped)
    assert verdict["status"] == "fail"
    assert len(verdict["why"]) == 1, verdict["why"]


@every
@pytest.mark.parametrize("name", ["starter", "solution"])
def test_a_judge_holds_the_very_code_that_its_page_shows(judge, name):
    shown = section(judge.with_name(f"{name}.py"), name)
    held = names_of(judge)[name.upper()].strip()
    assert held == shown, f"{judge}: {name.upper()} is not that of {name}.py. Copy it from there."


@every
def test_the_command_writes_the_starter_and_refuses_it(judge, tmp_path):
    attempt = tmp_path / "my_attempt.py"
    done = command(judge, attempt, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["status"] == "fail"
    assert attempt.read_text("utf-8").strip() == section(judge.with_name("starter.py"), "starter")


@every
def test_the_command_passes_the_solution_and_shows_hints_one_at_a_time(judge, tmp_path):
    assert command(judge, judge.with_name("solution.py")).returncode == 0
    shown = command(judge, tmp_path / "mine.py", "--hint", 2, "--language", "en").stdout
    assert "Hint 2 of" in shown and "Hint 3 of" not in shown and "--hint 3" in shown


@every
def test_an_attempt_that_remembers_is_told_so(judge):
    """What the properties would say of it need not be true: they compare two calls."""
    names = names_of(judge)
    name = names["PROBLEM"]["function"]
    source = f"""{names["SOLUTION"]}
import numpy
_right, _called = {name}, []
def {name}(*given, **named):
    _called.append(1)
    answer = _right(*given, **named)
    more = lambda one: numpy.asarray(one, float) + len(_called)
    return tuple(map(more, answer)) if isinstance(answer, tuple) else more(answer)
"""
    verdict = names["judge"](source)
    assert verdict["why"][1:] == [names["both"]("state")]


PLANTED = ["scale", "mask", "heads", "residual"]  # with these the step is still to be written
RAISE = {  # known mistakes that raise on some input, as whoever makes them sees
    "beam-search": {
        "finished ones are dropped",
        "unfinished ones are dropped",
        "wider than the candidates",
        "kept from row to row",
    },
    "broken-transformer": {
        "no step yet",
        "one cache for everybody",
        *(" + ".join(names) for count in range(1, 5) for names in combinations(PLANTED, count)),
    },
    "bpe": {"error when pairs run out", "the text needs a pair"},
    "grouped-query": {"divided by the number of KV heads"},
    "lora": {"frozen weight transposed", "merge of the transposed product"},
    "kv-cache": {"joined along the heads", "one cache for everybody"},
    "sampling": {"k beyond the vocabulary"},
}


@every
def test_known_mistakes_give_answers(judge):
    """One that raises by accident is found by name where nobody else makes it, and nowhere else."""
    names = names_of(judge)
    problem, tried = names["PROBLEM"], names["tried"]
    raised = set()
    for name, (_, _, source) in problem["wrong"].items():
        wrong = names["load"](source, problem["function"])
        with np.errstate(all="ignore"):
            answers = [tried(problem["call"], wrong, inputs)[0] for _, inputs in problem["cases"]()]
        if any(answer is None for answer in answers):
            raised.add(name)
    assert raised == RAISE.get(judge.parent.name, set())


def test_what_an_attempt_prints_stays_out_of_the_verdict(tmp_path):
    judge, attempt = JUDGES[0], tmp_path / "mine.py"
    solution = judge.with_name("solution.py").read_text("utf-8")
    attempt.write_text(f'print("hello")\n{solution}', "utf-8")
    assert json.loads(command(judge, attempt, "--json").stdout)["status"] == "pass"


@pytest.mark.parametrize("attempt", TENSORFLOW, ids=lambda path: path.parent.name)
def test_the_judge_passes_the_tensorflow_solution(attempt):
    done = command(attempt.with_name("judge.py"), attempt, "--language", "en", "--seconds", 100)
    assert "Passed" in done.stdout, done.stdout


BROKEN = {
    "an endless loop": ("while True: pass", "timeout"),
    "a mistake of syntax": ("def", "error"),
    "no function": ("x = 1", "error"),
    "an exit": ("import os; os._exit(0)", "error"),
}


@pytest.mark.parametrize(("code", "status"), BROKEN.values(), ids=BROKEN)
def test_an_attempt_that_cannot_be_judged_has_a_verdict_too(code, status, tmp_path):
    attempt = tmp_path / "mine.py"
    attempt.write_text(code, "utf-8")
    done = command(JUDGES[0], attempt, "--json", "--seconds", 3)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["status"] == status
