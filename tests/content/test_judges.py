"""The judges of problems: one engine, and a command that says the same as the page."""

import json
import pathlib
import re
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest

from handbook.pages.sections import sections
from tests.content.judges import JUDGES, ROOT, SOURCE, beside, engine

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
def test_an_answer_of_texts_has_a_verdict(judge):
    names = names_of(judge)
    name = names["PROBLEM"]["function"]
    wrapped = f"""
import numpy
_right = {name}
def {name}(*given, **named):
    answer = _right(*given, **named)
    more = lambda one: numpy.asarray(one).astype(str)
    return tuple(map(more, answer)) if isinstance(answer, tuple) else more(answer)
"""
    assert names["judge"](names["SOLUTION"] + wrapped)["status"] == "fail"


@every
@pytest.mark.parametrize("name", ["starter", "solution"])
def test_a_judge_holds_the_very_code_that_its_page_shows(judge, name):
    file = beside(judge, name)
    held = names_of(judge)[name.upper()].strip()
    told = f"{judge}: {name.upper()} is not that of {file.name}. Copy it from there."
    assert held == section(file, name), told


@every
def test_the_command_writes_the_starter_and_refuses_it(judge, tmp_path):
    attempt = tmp_path / "my_attempt.py"
    done = command(judge, attempt, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["status"] == "fail"
    assert attempt.read_text("utf-8").strip() == section(beside(judge, "starter"), "starter")


@every
def test_the_command_passes_the_solution_and_shows_hints_one_at_a_time(judge, tmp_path):
    assert command(judge, beside(judge, "solution")).returncode == 0
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
        "no default for alpha",
    },
    "broken-transformer": {
        "no step yet",
        "root of the number of heads",
        "no scale",
        "norm after the sum",
        "one cache for everybody",
        *(" + ".join(names) for count in range(1, 5) for names in combinations(PLANTED, count)),
    },
    "bpe": {"error when pairs run out", "the text needs a pair"},
    "cnn": {"no padding"},
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


@every
def test_an_input_that_fails_is_printed_as_python(judge):
    names = names_of(judge)
    problem = names["PROBLEM"]
    source = f"def {problem['function']}(*given, **named): raise ValueError"
    for case in problem["cases"]():
        verdict = names["judge"](source, problem | {"cases": lambda case=case: [case]})
        heading, end = names["WORDS"]["in"][1], names["WORDS"]["more"][1].format(1)
        _, _, printed = names["told"](verdict, "en").partition(f"{heading}\n")
        space = {"np": np}
        exec(printed.removesuffix(end), space)
        assert {name: space.get(name) for name in case[1]} == Same(case[1]), printed


class Same(dict):
    """What equals the same values of the same types, arrays included."""

    def __eq__(self, others):
        return self.keys() == others.keys() and all(
            type(one) is type(others[name])
            and np.array_equal(one, others[name])
            and np.asarray(one).dtype == np.asarray(others[name]).dtype
            for name, one in self.items()
        )

    __hash__ = None


VALUES = {
    "numbers that are none": (np.array([0.1, -np.inf, np.nan]), "np.array([    0.1, -np.inf,  np.nan])"),
    "another type": (np.array([1, 2], np.int8), "np.array([1, 2], dtype=np.int8)"),
    "half the digits": (np.array(0.1, np.float32), "np.array(0.10000000149011612, dtype=np.float32)"),
    "nothing": (np.zeros((0, 2)), "np.empty((0, 2), dtype=np.float64)"),
    "truth": (np.array([[True], [False]]), "np.array([[ True],\n          [False]])"),
    "a number of an array": (np.float64(0.5), "0.5"),
    "lists in a dict": ({"a": [1, True]}, "{'a': [1, True]}"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "text"), VALUES.values(), ids=VALUES)
def test_a_value_is_printed_with_its_type(value, text):
    assert names_of(SOURCE)["python"](value) == text


def test_a_long_input_is_printed_flat_and_a_long_result_cut():
    names = names_of(SOURCE)
    tall = np.arange(120).reshape(40, 3)
    text = names["python"](tall)
    assert text.count("\n") < 10 and np.array_equal(eval(text), tall)
    verdict = names["judge"]("import numpy as np\ndef attend(*given): return np.ones((99, 2))")
    told = names["told"](verdict, "en")
    assert told.count("[1. 1.]") == 29 and "30 lines are shown" in told


def test_a_single_number_is_furthest_off_nowhere():
    names = names_of(ROOT / "snippets/problems/ppo/judge.py")
    verdict = names["judge"](names["WRONG"]["policy loss upside down"][2])
    assert re.fullmatch(r"policy_loss: wanted \S+, got \S+", verdict["why"][0]["en"])


PRINTS = """
print("loaded")
import numpy as np
def attend(q, k, v, real):
    print("time", q.shape[2])
    {}
    return v
"""
SIXTY = 'print("so\\n" * 60)'


def test_a_verdict_has_the_prints_of_its_input_alone(tmp_path):
    attempt = tmp_path / "mine.py"
    attempt.write_text(PRINTS.format("pass"), "utf-8")
    done = command(SOURCE, attempt, "--language", "en")
    assert "Your prints on this input:\n  time 2\n" in done.stdout
    assert done.stdout.count("time 2") == 1 and "time 1" not in done.stdout + done.stderr
    assert done.stderr == "loaded\n"
    assert json.loads(command(SOURCE, attempt, "--json").stdout)["prints"] == "time 2\n"
    attempt.write_text(PRINTS.format(SIXTY), "utf-8")
    shown = command(SOURCE, attempt, "--language", "en").stdout
    assert shown.count("  so\n") == 29 and "30 lines are shown" in shown


def test_a_judge_that_is_called_prints_nothing_itself(capsys):
    verdict = names_of(SOURCE)["judge"](PRINTS.format("pass"))
    assert verdict["prints"] == "time 2\n"
    assert capsys.readouterr().out == "loaded\n"


def test_a_slow_attempt_passes_and_is_told_how_slow():
    names = names_of(SOURCE)
    slow = names["SOLUTION"].replace("    ", "    import time; time.sleep(0.01)\n    ", 1)
    verdict = names["judge"](slow)
    assert verdict["status"] == "pass" and verdict["pace"] > 3
    last = names["told"](verdict, "en").splitlines()[-1]
    assert last.endswith(f"about {verdict['pace']:g} times as long as the page's solution.")


def test_an_attempt_without_an_end_shows_what_its_last_input_printed(tmp_path):
    attempt = tmp_path / "mine.py"
    attempt.write_text(PRINTS.format("while q.shape[2] > 1: pass"), "utf-8")
    done = command(SOURCE, attempt, "--language", "en", "--seconds", 3)
    assert "Your prints on this input:\n  time 2" in done.stdout and "time 1" not in done.stdout
    assert done.stderr == "loaded\n"


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
