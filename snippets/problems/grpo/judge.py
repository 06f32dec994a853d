# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of the GRPO loss: uv run judge.py my_attempt.py --watch"""

# --8<-- [start:engine]
import argparse
import contextlib
import copy
import io
import json
import locale
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback

import numpy as np

WORDS = {  # the judge's own words, in Chinese and in English
    "pass": ("通过：{} 组输入，结果都对。", "Passed: right on all {} inputs."),
    "pace": (
        "在这些小输入上，用时约是本页解法的 {:g} 倍。",
        "On these small inputs it took about {:g} times as long as the page's solution.",
    ),
    "error": ("判不了", "This cannot be judged"),
    "fail": ("还不对。最小的出错输入：{}", "Not yet. The smallest input that fails: {}"),
    "in": ("输入，可以粘进 Python：", "Went in; paste it into Python:"),
    "prints": ("这组输入上你 print 的：", "Your prints on this input:"),
    "cut": (
        "……只显示 {} 行；要看别的，在函数里 print 那一部分",
        "… {} lines are shown; to see another part, print it in your function",
    ),
    "out": ("你的结果", "came out"),
    "wanted": ("应为", "wanted"),
    "why": ("原因：{}", "why: {}"),
    "like": (
        "你的写法和这种错误的结果完全一样：{}",
        "On every input you get what this mistake gives: {}",
    ),
    "maybe": (
        "在这组输入上，结果和这种错误一样：{}",
        "On this input you get what this mistake gives: {}",
    ),
    "hint": ("提示 {} / {}：{}", "Hint {} of {}: {}"),
    "more": ("再看一条提示：--hint {}", "The next hint: --hint {}"),
    "load": ("文件读不进来：{}", "The file cannot be loaded: {}"),
    "missing": ("文件里没有函数 {}", "the file defines no function {}"),
    "crash": ("报错 {}", "it raised {}"),
    "none": ("返回了 None：是不是忘了 return？", "it returned None: is a return missing?"),
    "count": ("应返回 {} 个结果，你返回了 {} 个", "results: {} wanted, {} returned"),
    "numbers": ("{}：结果不是数字数组", "{}: this is no array of numbers"),
    "shape": ("{}：形状应为 {}，你的是 {}", "{}: the shape must be {} and is {}"),
    "finite": ("{}：结果里有 NaN 或无穷", "{}: NaN or infinity came out"),
    "value": (
        "{}{}：应为 {:.6g}，你得 {:.6g}，差得最多",
        "{}{}: wanted {:.6g}, got {:.6g}; furthest off there",
    ),
    "number": ("{}：应为 {:.6g}，你得 {:.6g}", "{}: wanted {:.6g}, got {:.6g}"),
    "changed": ("你的函数改动了输入 {}", "your function changed its input {}"),
    "state": (
        "同样的输入再算一次，结果变了：有东西留到了下一次调用",
        "called again with the same input, it answers otherwise: something stays between calls",
    ),
    "slow": ("超过 {} 秒还没跑完，已停止", "stopped: not finished after {} seconds"),
}


LINES = 30  # of one value, at most


def both(key, *values):
    """A text of the judge in both languages."""
    return {code: text.format(*values) for code, text in zip(("zh", "en"), WORDS[key], strict=True)}


def pair(zh, en):
    """A text of a problem in both languages."""
    return {"zh": zh, "en": en}


def plain(value):
    """Arrays as lists that JSON can hold: six digits, and "nan" for what is no number."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    array = np.asarray(value)
    if array.ndim:
        return [plain(one) for one in array]
    if array.dtype.kind in "biu":
        return array.item()
    if array.dtype.kind == "f":
        return float(f"{array:.6g}") if np.isfinite(array) else str(array)
    return str(value)


def python(value):
    """An input as Python: what stands there evaluates to it, with numpy as np."""
    if not isinstance(value, np.ndarray):
        return repr(value.item() if isinstance(value, np.generic) else value)
    if not value.size:
        return f"np.empty({value.shape}, dtype=np.{value.dtype})"
    number = lambda one: repr(one.item()).replace("nan", "np.nan").replace("inf", "np.inf")  # noqa: E731
    width = max(len(number(one)) for one in value.flat)
    text = lambda array: np.array2string(  # noqa: E731
        array, 70, separator=", ", threshold=sys.maxsize, prefix="np.array(",
        formatter={"all": lambda one: number(one).rjust(width)},
    ).replace("\n\n", "\n").replace("\n\n", "\n")  # fmt: skip
    whole, kind = text(value), ""
    if whole.count("\n") >= LINES:
        whole, kind = text(value.ravel()), f".reshape{value.shape}"
    said = "" if np.array(value.tolist()).dtype == value.dtype else f", dtype=np.{value.dtype}"
    return f"np.array({whole}{said}){kind}"


class Prints(io.StringIO):
    """What is printed on one input, as far as anyone reads; `live` gets it at once.

    There \f stands before each input: whoever stops an attempt has what its last input printed.
    """

    def __init__(self, live):
        super().__init__()
        self.live = live or io.StringIO()
        self.live.write("\f")
        self.live.flush()

    def write(self, text):
        kept = text[: max(0, 4000 - self.tell())]
        self.live.write(kept)
        self.live.flush()
        super().write(kept)
        return len(text)


def load(source, name):
    """The function of that name in a source text."""
    space = {"__name__": "my_attempt"}
    exec(compile(source, "my_attempt.py", "exec"), space)
    return space.get(name)


def raised(error):
    """An error in a line, with the line of the attempt that it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame.lineno for frame in frames if frame.filename == "my_attempt.py"]
    where = f" (my_attempt.py, line {mine[-1]})" if mine else ""  # a SyntaxError has its own
    return f"{type(error).__name__}: {error}{where}"


def tried(call, function, inputs):
    """What a function gives: (arrays, None), or (None, why it gave none)."""
    given = copy.deepcopy(inputs)
    try:
        answer = call(function, given)
        if answer is None:
            return None, both("none")
        answer = answer if isinstance(answer, (tuple, list)) else (answer,)
        arrays = tuple(np.asarray(one) for one in answer)
    except (Exception, SystemExit) as error:
        return None, both("crash", raised(error))
    for name in inputs:
        if repr(plain(given[name])) != repr(plain(inputs[name])):
            return arrays, both("changed", name)
    return arrays, None


def misfit(problem, got, wanted):
    """Why an answer cannot be compared at all, or None."""
    if len(got) != len(wanted):
        return both("count", len(wanted), len(got))
    for name, mine, right in zip(problem["outputs"], got, wanted, strict=True):
        if mine.dtype.kind not in "biuf":
            return both("numbers", name)
        if mine.shape != right.shape:
            return both("shape", name, right.shape, mine.shape)
        if not np.isfinite(mine).all():
            return both("finite", name)
    return None


def difference(problem, got, wanted):
    """Why an answer of the right form is wrong, or None."""
    for name, mine, right in zip(problem["outputs"], got, wanted, strict=True):
        if not close(mine, right):
            gap = np.abs(mine - right) / (ABSOLUTE + RELATIVE * np.abs(right))
            at = np.unravel_index(gap.argmax(), gap.shape)
            if right.size == 1:
                return both("number", name, right.item(), mine.item())
            return both("value", name, [int(i) for i in at], float(right[at]), float(mine[at]))
    return None


RELATIVE, ABSOLUTE = 1e-4, 1e-5  # float32 passes; every known mistake is further off


def close(mine, right):
    numbers = all(np.asarray(one).dtype.kind in "biuf" for one in (mine, right))
    return numbers and np.allclose(mine, right, RELATIVE, ABSOLUTE, equal_nan=True)


def alike(one, other):
    """Whether two attempts gave the same on one input, errors included."""
    (mine, why), (theirs, because) = one, other
    if mine is None or theirs is None:
        return mine is theirs and why["en"].split(":")[0] == because["en"].split(":")[0]
    same = len(mine) == len(theirs) and why == because
    return same and all(
        a.shape == b.shape and close(a, b) for a, b in zip(mine, theirs, strict=True)
    )


@np.errstate(all="ignore")
def judge(source, problem=None, live=None, others=None):
    """Judge the source text of an attempt.

    Args:
        source: what is judged.
        problem: by which; that of this file if there is none.
        live: a stream for what the attempt prints, each input behind a \\f.
        others: what the known mistakes give, if somebody has computed it; see `answers`.

    Returns:
        The verdict, which JSON can hold: `status` is "pass", "fail" or "error"; texts are
        {"zh": ..., "en": ...}.
    """
    problem = problem or PROBLEM
    verdict = {"problem": problem["name"], "status": "error", "hints": problem["hints"]}
    try:
        function = load(source, problem["function"])
    except (Exception, SystemExit) as error:
        return verdict | {"why": [both("load", raised(error))]}
    if not callable(function):
        return verdict | {"why": [both("missing", problem["function"])]}
    call, cases = problem["call"], sorted(problem["cases"](), key=size)
    mine, prints, began = [], [], time.perf_counter()
    for _, inputs in cases:
        prints.append(Prints(live))
        with contextlib.redirect_stdout(prints[-1]):
            mine.append(tried(call, function, inputs))
    took = time.perf_counter() - began
    for number, (label, inputs) in enumerate(cases):
        wanted, _ = tried(call, problem["oracle"], inputs)
        got, why = mine[number]
        amiss = None if got is None else misfit(problem, got, wanted)
        why = [why or amiss or difference(problem, got, wanted)]
        if why != [None] and got is not None and not amiss:
            with contextlib.redirect_stdout(io.StringIO()):
                why += explained(problem, function, inputs, mine[number])
        if why == [None]:
            continue
        mistake = known(problem, others or answers(problem, cases), mine, number)
        return verdict | {
            "status": "fail",
            "failing": {
                "label": label,
                "in": {name: python(one) for name, one in inputs.items()},
                "out": named(problem, got or ()),
                "wanted": named(problem, wanted),
            },
            "prints": prints[number].getvalue(),
            "why": [one for one in why if one],
            "mistake": mistake,
            "hints": ([mistake["hint"]] if mistake else []) + problem["hints"],
        }
    pace = compared(problem, function, cases, took)
    return verdict | {"status": "pass", "cases": len(cases), "pace": pace}


def compared(problem, function, cases, took):
    """The time of an attempt as a multiple of the page's solution, to two digits.

    Both go over all inputs in turn, the attempt having taken `took` seconds once; the fastest
    round of each counts. It ends after a fifth of a second.
    """
    theirs, end = load(SOLUTION, problem["function"]), time.perf_counter() + 0.2

    def once(one):
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            for _, inputs in cases:
                tried(problem["call"], one, inputs)
        return time.perf_counter() - began

    page = once(theirs)
    while time.perf_counter() < end:
        took, page = min(took, once(function)), min(page, once(theirs))
    return float(f"{took / page:.2g}")


def named(problem, arrays):
    """The results of a function by name, as JSON can hold them."""
    names = problem["outputs"] + [
        f"{n}" for n in range(len(problem["outputs"]) + 1, len(arrays) + 1)
    ]
    return {name: plain(array) for name, array in zip(names, arrays, strict=False)}


def size(case):
    return sum(np.size(one) for one in case[1].values())


def explained(problem, function, inputs, answer):
    """What a wrong answer of the right form breaks; properties compare one call with another."""
    call = problem["call"]
    if not alike(tried(call, function, inputs), answer):
        return [both("state")]
    return [says for says, holds in problem["properties"] if broken(holds, call, function, inputs)]


def broken(holds, call, function, inputs):
    """Whether a property fails on one input; an error there shows nothing about it."""
    try:
        return not holds(lambda given: call(function, copy.deepcopy(given)), inputs)
    except (Exception, SystemExit):
        return False


@np.errstate(all="ignore")
def answers(problem, cases):
    """What each known mistake gives on each input."""
    found = {}
    for name, (_, _, source) in problem["wrong"].items():
        wrong = load(source, problem["function"])
        found[name] = [tried(problem["call"], wrong, inputs) for _, inputs in cases]
    return found


def known(problem, others, mine, failing):
    """The known mistake that gives the same answers: on all inputs, or else on the failing one."""
    near = []
    for name, theirs in others.items():
        text, hint, _ = problem["wrong"][name]
        same = [alike(one, other) for one, other in zip(mine, theirs, strict=True)]
        if all(same):
            return {"name": name, "text": text, "hint": hint, "everywhere": True}
        if same[failing]:
            near.append({"name": name, "text": text, "hint": hint, "everywhere": False})
    return near[0] if len(near) == 1 else None


def told(verdict, language, hints=0):
    """The verdict as text, with the first hints."""
    say = lambda key, *values: both(key, *values)[language]  # noqa: E731
    if verdict["status"] == "pass":
        return say("pass", verdict["cases"]) + "\n" + say("pace", verdict["pace"])
    failing = verdict.get("failing")
    lines = [say("fail", failing["label"][language]) if failing else say("error")]
    lines += [say("why", why[language]) for why in verdict["why"]]
    if mistake := verdict.get("mistake"):
        lines.append(say("like" if mistake["everywhere"] else "maybe", mistake["text"][language]))
    for key in ("out", "wanted") if failing else ():
        for name, one in failing[key].items():
            lines += cut(f"  {say(key)} {name} ={shown(one)}".splitlines(), say)
    if prints := verdict.get("prints", "").rstrip():
        lines += [say("prints"), *cut([f"  {line}" for line in prints.splitlines()], say)]
    if failing:
        lines.append(say("in"))
        for name, one in failing["in"].items():
            below = "\n" + " " * len(f"{name} = ")
            lines += cut(f"{name} = {one}".replace("\n", below).splitlines(), say)
    every = verdict["hints"]
    lines += [say("hint", n, len(every), hint[language]) for n, hint in enumerate(every[:hints], 1)]
    if hints < len(every):
        lines.append(say("more", hints + 1))
    return "\n".join(lines)


def cut(lines, say):
    """The first lines of a value or of what was printed; past them, how to see the others."""
    return lines if len(lines) <= LINES else [*lines[:LINES], say("cut", LINES)]


def shown(value):
    """A result in a verdict, rows below each other."""
    try:
        array = np.array(value)
        array = array if array.dtype.kind in "bi" else array.astype(float)
        if not array.ndim:
            return f" {array}" if array.dtype.kind == "b" else f" {array.item():.6g}"
        text = np.array2string(array, precision=4, suppress_small=True, threshold=10**6)
    except (TypeError, ValueError):
        return f" {value}"
    return f" {text}" if "\n" not in text else "\n    " + text.replace("\n", "\n    ")


def command(arguments):
    """The judge as a command; the exit code is 0 if the attempt passes and 1 if not."""
    reader = argparse.ArgumentParser(prog="judge.py", description=f"Judge of {PROBLEM['name']}.")
    reader.add_argument("attempt", type=pathlib.Path, help="your file; written if it is not there")
    reader.add_argument("--watch", action="store_true", help="judge again whenever you save")
    reader.add_argument("--hint", type=int, default=0, metavar="N", help="show the first N hints")
    reader.add_argument("--language", choices=["zh", "en"], help="of the verdict")
    reader.add_argument("--json", action="store_true", help="print the verdict as JSON")
    reader.add_argument("--seconds", type=float, default=30, help="the limit for one attempt")
    reader.add_argument("--verdict-to", type=pathlib.Path, help=argparse.SUPPRESS)
    options = reader.parse_args(arguments)
    if options.verdict_to:  # the process in which the attempt runs
        verdict = judge(options.attempt.read_text("utf-8"), live=sys.stdout)
        options.verdict_to.write_text(json.dumps(verdict), "utf-8")
        return 0
    language = options.language
    if language is None:
        language = "zh" if (locale.getlocale()[0] or "").startswith(("zh", "Chinese")) else "en"
    if not options.attempt.exists():
        options.attempt.write_text(STARTER, "utf-8")
    while True:
        saved = options.attempt.stat().st_mtime_ns
        verdict = apart(options.attempt, options.seconds)
        print(
            json.dumps(verdict, ensure_ascii=False)
            if options.json
            else told(verdict, language, options.hint)
        )
        if not options.watch:
            return 0 if verdict["status"] == "pass" else 1
        while not options.attempt.exists() or options.attempt.stat().st_mtime_ns == saved:
            time.sleep(0.3)


def apart(attempt, seconds):
    """Judge a file in a process of its own, within a time limit."""
    error = {"problem": PROBLEM["name"], "status": "error", "hints": PROBLEM["hints"]}
    with tempfile.TemporaryDirectory() as folder:
        to, printed = pathlib.Path(folder, "verdict.json"), pathlib.Path(folder, "printed.txt")
        judging = [sys.executable, os.path.abspath(__file__), str(attempt), "--verdict-to", str(to)]
        with printed.open("w") as out, contextlib.suppress(subprocess.TimeoutExpired):
            error |= {"status": "timeout", "why": [both("slow", seconds)]}
            subprocess.run(judging, stdout=out, timeout=seconds, check=False)
            error |= {"status": "error", "why": [both("load", "the process ended early")]}
        loading, *inputs = printed.read_text(errors="replace").split("\f")
        sys.stderr.write(loading)
        if to.exists():
            return json.loads(to.read_text("utf-8"))
        return error | {"prints": inputs[-1] if inputs else ""}


def caught():
    """Each known wrong solution, and the name that its verdict gives it; None if it passes."""
    others = answers(PROBLEM, sorted(PROBLEM["cases"](), key=size))
    verdicts = {
        name: judge(source, others=others) for name, (_, _, source) in PROBLEM["wrong"].items()
    }
    return {
        name: (verdict.get("mistake") or {}).get("name") if verdict["status"] == "fail" else None
        for name, verdict in verdicts.items()
    }


def changed(source, old, new):
    """A known wrong solution: the solution with one place changed."""
    if source.count(old) != 1:
        raise ValueError(f"{old!r} stands {source.count(old)} times in the solution")
    return source.replace(old, new)


# --8<-- [end:engine]
# --8<-- [start:oracle]
import math


def oracle(new, old, reference, rewards, mask, group, clip, beta):
    """One answer at a time, one token at a time, in plain numbers."""
    batch, time = new.shape
    advantage, loss = np.zeros(batch), 0.0
    for i in range(batch):
        start = i // group * group
        mine = [float(one) for one in rewards[start : start + group]]
        mean = math.fsum(mine) / group
        spread = math.sqrt(math.fsum((one - mean) ** 2 for one in mine) / group)
        advantage[i] = (mine[i - start] - mean) / (spread + 1e-6)
        counted = [t for t in range(time) if mask[i, t]]
        for t in counted:
            ratio = math.exp(new[i, t] - old[i, t])
            kept = min(max(ratio, 1 - clip), 1 + clip)
            r = math.exp(reference[i, t] - new[i, t])
            k3 = r - math.log(r) - 1
            gain = min(ratio * advantage[i], kept * advantage[i])
            loss -= (gain - beta * k3) / len(counted) / batch
    return loss, advantage


def call(grpo, given):
    return grpo(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, rewards, lengths, group, beta=0.1, move=0.5, clip=0.2, padding=None):
        lengths = np.array(lengths)[:, None]
        shape = (len(rewards), lengths.max())
        mask = np.arange(shape[1]) < lengths
        new = rng.uniform(-2, -0.5, size=shape).round(1)
        old = (new + rng.normal(size=shape) * move).round(1)
        reference = (new + rng.normal(size=shape) * move).round(1)
        if padding:
            numbers = zip((new, old, reference), padding, strict=True)
            new, old, reference = (np.where(mask, one, fill) for one, fill in numbers)
        given = {"new": new, "old": old, "reference": reference, "rewards": np.array(rewards)}
        return pair(zh, en), given | {"mask": mask, "group": group, "clip": clip, "beta": beta}

    prompt = case("提示词在前，回答在后", "the prompt stands first", [1.0, 0.0], [4, 4], 2)
    prompt[1]["mask"] = np.array([[False, False, True, True], [False, True, True, True]])
    empty = case("所有回答都是空的", "all answers are empty", [1.0, 0.0], [1, 1], 2)
    empty[1]["mask"] = np.zeros((2, 1), bool)
    far = case("比值 4 和 ¼，优势有正有负", "ratios 4 and ¼, advantages of both signs", [1.0, 0.0], [2, 2], 2)  # fmt: skip
    far[1]["old"] = far[1]["new"] - np.log([[4, 1 / 4], [4, 1 / 4]])
    return [
        case("每组只有一个回答", "groups of one answer", [0.7, 0.2], [2, 3], 1),
        case(
            "第一步：三个策略相同",
            "first step: the three policies agree",
            [1.0, 0.0],
            [1, 1],
            2,
            move=0.0,
        ),
        case("没有 KL 项，一个 token", "no KL term, one token", [0.0, 3.0, 1.0], [1, 1, 1], 3, 0.0),
        case("整组奖励都是 0.1", "all rewards of the group are 0.1", [0.1] * 3, [1, 1, 1], 3),
        case(
            "只有 KL 项：整组奖励相等",
            "the KL term alone: equal rewards",
            [1.0, 1.0],
            [2, 2],
            2,
            0.5,
        ),
        case("两个回答，长短不一", "two answers of different lengths", [2.0, 1.0], [1, 3], 2),
        case("一个回答是空的", "one answer is empty", [1.0, 0.0], [2, 0], 2),
        prompt,
        case(
            "填充处 new 是 500，old 是 −500",
            "padding: 500 in new, −500 in old",
            [1.0, 0.0],
            [3, 1],
            2,
            padding=(500.0, -500.0, 0.0),
        ),
        case(
            "两组，奖励大小不同",
            "two groups, rewards of different size",
            [1.0, 0.0, 30.0, 10.0],
            [2, 1, 2, 2],
            2,
        ),
        case(
            "两组，各三个回答",
            "two groups of three",
            [1.0, 0.0, 0.5, 5.0, 9.0, 6.0],
            [3, 1, 4, 2, 4, 1],
            3,
            0.04,
        ),
        case(
            "填充处 reference 是 500，new 是 −500",
            "padding: 500 in reference, −500 in new",
            [1.0, 0.0],
            [3, 1],
            2,
            padding=(-500.0, -500.0, 500.0),
        ),
        case("奖励只差 1/512", "rewards that differ by 1/512", [0.5, 0.5 + 1 / 512], [1, 1], 2),
        case("clip = 0.4", "clip = 0.4", [2.0, 1.0], [3, 3], 2, clip=0.4),
        empty,
        far,
    ]


def advantage_of_a_group_sums_to_zero(call, given):
    advantage = np.asarray(call(given)[1]).reshape(-1, given["group"])
    return close(advantage.sum(axis=1), 0)


def padding_does_not_count(call, given):
    noise = np.where(given["mask"], 0.0, 0.3)
    moved = {name: given[name] + noise * n for n, name in enumerate(("new", "old", "reference"))}
    return close(call(given | moved)[0], call(given)[0])


def reward_of_all_plus_one_changes_nothing(call, given):
    return close(call(given)[0], call(given | {"rewards": given["rewards"] + 1.0})[0])


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    """new, old, reference, mask: (batch, time); rewards: (batch,); returns loss and advantage."""
    return 0.0, np.zeros(len(rewards))  # TODO: yours.
'''

SOLUTION = """import numpy as np


def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    grouped = rewards.reshape(-1, group)  # (questions, group)
    centred = grouped - grouped.mean(axis=1, keepdims=True)
    advantage = (centred / (grouped.std(axis=1, keepdims=True) + 1e-6)).reshape(-1)
    a = advantage[:, None]  # (batch, 1): the same for all tokens of an answer
    ratio = np.exp(np.where(mask, new - old, 0.0))
    gain = np.minimum(ratio * a, np.clip(ratio, 1 - clip, 1 + clip) * a)
    delta = np.where(mask, reference - new, 0.0)
    k3 = np.exp(delta) - delta - 1
    per_token = (gain - beta * k3) * mask
    per_answer = per_token.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    return -per_answer.mean(), advantage
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


GAIN = "np.minimum(ratio * a, np.clip(ratio, 1 - clip, 1 + clip) * a)"
SPREAD = "(grouped.std(axis=1, keepdims=True) + 1e-6)"
PER_ANSWER = "per_token.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)"
WRONG = {
    "one group for the batch": mistake(
        "均值和标准差是对整个 batch 求的，不是对一组",
        "mean and deviation are over the batch, not over the group",
        "只有同一道题的回答才互相比较。",
        "Only answers to the same question are compared.",
        "rewards.reshape(-1, group)",
        "rewards.reshape(1, -1)",
    ),
    "groups interleaved": mistake(
        "把隔行的回答当成一组",
        "answers that stand apart are taken for a group",
        "同一组的回答连着放：reshape(-1, group)，沿 axis=1 求。",
        "The answers of a group are consecutive: reshape(-1, group), along axis 1.",
        "rewards.reshape(-1, group)",
        "rewards.reshape(group, -1).T",
        ").reshape(-1)",
        ").T.reshape(-1)",
    ),
    "no division by the deviation": mistake(
        "优势没有除以标准差（Dr. GRPO 的写法）",
        "the advantage is not divided by the deviation (as in Dr. GRPO)",
        "这道题用原来的 GRPO：减均值，再除以标准差。",
        "This is the original GRPO: subtract the mean, divide by the deviation.",
        "centred / " + SPREAD,
        "centred",
    ),
    "mean of the others": mistake(
        "减的是组内其他回答的均值，不含自己（leave-one-out）",
        "the mean of the other answers of the group is subtracted (leave-one-out)",
        "题目的均值含自己。",
        "In the statement the mean includes the answer itself.",
        "centred = grouped - grouped.mean(axis=1, keepdims=True)",
        "centred = grouped - (grouped.sum(axis=1, keepdims=True) - grouped) / max(group - 1, 1)",
    ),
    "divided by the variance": mistake(
        "除以了方差，不是标准差",
        "divided by the variance, not by the deviation",
        "奖励整体乘 10，优势不该变。",
        "Rewards ten times as large should not change the advantage.",
        "grouped.std",
        "grouped.var",
    ),
    "deviation of a sample": mistake(
        "标准差除以了 G − 1，不是 G",
        "the deviation divides by G − 1, not by G",
        "题目除以 G：np.std 的默认值，torch.std 要写 correction=0；一组一个回答时 G − 1 是 0。",
        "The statement divides by G: the default of np.std; torch.std needs correction=0. G − 1 is 0 for a group of one.",
        SPREAD,
        "(((centred**2).sum(axis=1, keepdims=True) / (group - 1)) ** 0.5 + 1e-6)",
    ),
    "deviation of a sample, 1e-4": mistake(
        "标准差除以了 G − 1，分母又加了 1e-4",
        "the deviation divides by G − 1, and 1e-4 is added to it",
        "库的写法各不相同；题目除以 G，加 1e-6。",
        "Libraries differ; the statement divides by G and adds 1e-6.",
        SPREAD,
        "(((centred**2).sum(axis=1, keepdims=True) / (group - 1)) ** 0.5 + 1e-4)",
    ),
    "1e-4 in the denominator": mistake(
        "分母加了 1e-4，题目是 1e-6",
        "1e-4 in the denominator where the statement has 1e-6",
        "加 1e-6。",
        "Add 1e-6.",
        " + 1e-6)",
        " + 1e-4)",
    ),
    "1e-6 under the root": mistake(
        "1e-6 加在了方差上，在根号里面",
        "1e-6 is added to the variance, under the root",
        "先开方，再加 1e-6。",
        "Take the root first, then add 1e-6.",
        SPREAD,
        "np.sqrt(grouped.var(axis=1, keepdims=True) + 1e-6)",
    ),
    "equal rewards divide by 0": mistake(
        "分母没有加 1e-6",
        "no 1e-6 in the denominator",
        "分母总要加；奖励全相等时标准差为 0 或舍入误差那么大，优势应为 0。",
        "Always add it; with equal rewards the deviation is 0 or a rounding error, and the advantage should be 0.",
        " + 1e-6)",
        ")",
    ),
    "ratio upside down": mistake(
        "比值写反了：old / new",
        "the ratio is upside down: old over new",
        "新策略在分子：exp(new − old)。",
        "The new policy is on top: exp(new − old).",
        "new - old",
        "old - new",
    ),
    "log-probabilities divided": mistake(
        "两个 log 概率直接相除",
        "log-probabilities are divided by each other",
        "概率之比是 log 概率之差的 exp。",
        "The ratio of probabilities is exp of the difference of their logs.",
        "np.exp(np.where(mask, new - old, 0.0))",
        "np.where(mask, new / old, 1.0)",
    ),
    "one ratio for the answer": mistake(
        "整个回答只用一个比值（各 token 之积）",
        "one ratio for the whole answer, the product of its tokens'",
        "每个 token 有自己的比值，各自截断。",
        "Each token has its own ratio and is clipped by itself.",
        "np.where(mask, new - old, 0.0)",
        "np.where(mask, new - old, 0.0).sum(axis=1, keepdims=True)",
    ),
    "geometric mean of the ratios": mistake(
        "整个回答共用一个比值（各 token 的几何平均）",
        "one ratio for the whole answer, the geometric mean of its tokens'",
        "每个 token 有自己的比值，各自截断。",
        "Each token has its own ratio and is clipped by itself.",
        "np.where(mask, new - old, 0.0)",
        "np.where(mask, new - old, 0.0).sum(axis=1, keepdims=True)"
        " / np.maximum(mask.sum(axis=1, keepdims=True), 1)",
    ),
    "not clipped": mistake(
        "没有截断",
        "not clipped",
        "比值超出 1 ± clip 时，另算一份截断的，取小的。",
        "Compute a clipped term as well and take the smaller.",
        GAIN,
        "ratio * a",
    ),
    "clipped without the minimum": mistake(
        "只用了截断的那一份，没有取 min",
        "only the clipped term, without the minimum",
        "取 min 之后，让目标变差的那一侧不截断。",
        "With the minimum, the side that makes the objective worse is not clipped.",
        GAIN,
        "np.clip(ratio, 1 - clip, 1 + clip) * a",
    ),
    "maximum for minimum": mistake(
        "取了 max：截断的方向反了",
        "the maximum is taken, so the wrong side is clipped",
        "目标取 min；写成损失（先取负号）才是 max。",
        "The objective takes the minimum; only its negative, the loss, takes the maximum.",
        "np.minimum(ratio * a",
        "np.maximum(ratio * a",
    ),
    "clipped on one side": mistake(
        "只截断了上边，没有截断下边",
        "clipped above only, not below",
        "优势为负时，起作用的是下限 1 − clip。",
        "For a negative advantage the lower bound, 1 − clip, is what counts.",
        "np.clip(ratio, 1 - clip, 1 + clip)",
        "np.minimum(ratio, 1 + clip)",
    ),
    "dual clip": mistake(
        "优势为负时又限住了损失，最多 3 倍（dual-clip 的写法）",
        "for a negative advantage the loss is bounded once more, at 3 times (as in dual-clip PPO)",
        "题目里，优势为负、比值很大时不截断。",
        "In the statement a large ratio is not clipped where the advantage is negative.",
        GAIN,
        "np.maximum(" + GAIN + ", np.where(a < 0, 3 * a, -np.inf))",
    ),
    "clipped around 0": mistake(
        "比值截断到了 −clip 和 clip 之间，没有以 1 为中心",
        "the ratio is clipped to −clip and clip, not around 1",
        "策略没变时比值是 1，上下限是 1 ± clip。",
        "Where the policy has not moved the ratio is 1: the bounds are 1 ± clip.",
        "1 - clip, 1 + clip",
        "-clip, clip",
    ),
    "clip always 0.2": mistake(
        "截断到了写死的 0.8 和 1.2，没有用 clip",
        "the bounds are always 0.8 and 1.2, whatever clip is",
        "上下限是 1 ± clip。",
        "The bounds are 1 ± clip.",
        "1 - clip, 1 + clip",
        "0.8, 1.2",
    ),
    "the product is clipped": mistake(
        "截断的是 ratio × 优势，不是 ratio",
        "ratio times advantage is clipped, not the ratio",
        "先截断比值，再乘优势。",
        "Clip the ratio, then multiply by the advantage.",
        "np.clip(ratio, 1 - clip, 1 + clip) * a",
        "np.clip(ratio * a, 1 - clip, 1 + clip)",
    ),
    "KL upside down": mistake(
        "k3 的方向反了：用了 new − reference",
        "k3 is upside down: new − reference",
        "样本来自 new，k3 用 exp(reference − new)。",
        "The samples come from new, so k3 uses exp(reference − new).",
        "reference - new",
        "new - reference",
    ),
    "KL by the difference": mistake(
        "KL 用了差值 new − reference（k1）",
        "the KL term is the difference new − reference (k1)",
        "题目用 k3 = exp(d) − d − 1，d = reference − new；它不会小于 0，差值会。",
        "The statement has k3 = exp(d) − d − 1 with d = reference − new; it is never below 0, the difference can be.",
        "np.exp(delta) - delta - 1",
        "-delta",
    ),
    "KL against the old policy": mistake(
        "KL 项比的是 old，不是 reference",
        "the KL term compares with old, not with reference",
        "old 是采样时的策略，reference 是固定不动的那个。",
        "old is the policy that sampled; reference is the one that stays fixed.",
        "reference - new",
        "old - new",
    ),
    "KL left out": mistake(
        "没有 KL 项",
        "the KL term is left out",
        "每个 token 减 beta · k3。",
        "Subtract beta · k3 from each token's gain.",
        "gain - beta * k3",
        "gain",
    ),
    "KL without beta": mistake(
        "KL 项没有乘 beta",
        "the KL term is not multiplied by beta",
        "减的是 beta · k3。",
        "What is subtracted is beta · k3.",
        "gain - beta * k3",
        "gain - k3",
    ),
    "beta always 0.04": mistake(
        "KL 项的权重写死了 0.04，没有用 beta",
        "the weight of the KL term is always 0.04, whatever beta is",
        "权重是 beta。",
        "The weight is beta.",
        "gain - beta * k3",
        "gain - 0.04 * k3",
    ),
    "KL rewarded": mistake(
        "KL 项的符号反了，离参考越远越好",
        "the KL term has the wrong sign and rewards distance",
        "目标里减 beta · k3，损失里加。",
        "Subtract beta · k3 from the objective: the loss adds it.",
        "gain - beta * k3",
        "gain + beta * k3",
    ),
    "padding in the denominator": mistake(
        "分母是整行的长度，填充也算进去了",
        "the denominator is the length of the row, padding included",
        "分母是这个回答计入的 token 数。",
        "The denominator is the number of tokens of the answer that count.",
        PER_ANSWER,
        "per_token.mean(axis=1)",
    ),
    "mean over all tokens": mistake(
        "对全部 token 取平均，没有先对每个回答平均（DAPO 的写法）",
        "a mean over all tokens, not over each answer first (as in DAPO)",
        "题目先在每个回答内平均，再对回答平均。",
        "The statement takes the mean within each answer, then over answers.",
        PER_ANSWER,
        "per_token.sum(axis=1) * len(mask) / max(mask.sum(), 1)",
    ),
    "sum over tokens": mistake(
        "token 求了和，没有除以长度",
        "tokens are summed, not averaged",
        "除以这个回答的 token 数。",
        "Divide by the number of tokens of the answer.",
        PER_ANSWER,
        "per_token.sum(axis=1)",
    ),
    "empty answer gives NaN": mistake(
        "空回答得 0 / 0",
        "an empty answer gives 0 / 0",
        "没有 token 的回答贡献 0：分母至少取 1。",
        "An answer without tokens adds 0: let the denominator be at least 1.",
        "np.maximum(mask.sum(axis=1), 1)",
        "mask.sum(axis=1)",
    ),
    "empty answer left out": mistake(
        "空回答没有算进回答数",
        "the empty answer is left out of the number of answers",
        "除以全部回答数，空的也算。",
        "Divide by the number of all answers, the empty ones included.",
        "per_answer.mean()",
        "per_answer.sum() / max(mask.any(axis=1).sum(), 1)",
    ),
    "masked too late": mistake(
        "先取 exp 再乘掩码：填充处溢出，∞ × 0 得 NaN",
        "the mask comes after exp: padding overflows, and ∞ × 0 is NaN",
        "先把掩掉的差值换成 0，再取 exp。",
        "Replace masked differences by 0 before exp.",
        "np.where(mask, new - old, 0.0)",
        "new - old",
    ),
    "KL masked too late": mistake(
        "k3 先取 exp 再乘掩码：填充处溢出，∞ × 0 得 NaN",
        "k3 is masked after exp: padding overflows, and ∞ × 0 is NaN",
        "reference − new 也要先掩，再取 exp。",
        "Mask reference − new, too, before exp.",
        "np.where(mask, reference - new, 0.0)",
        "reference - new",
    ),
    "loss upside down": mistake(
        "损失的符号反了：在最小化目标",
        "the loss has the wrong sign: it minimizes the objective",
        "目标要最大化，损失是它的相反数。",
        "The objective is to be maximized; the loss is its negative.",
        "-per_answer.mean()",
        "per_answer.mean()",
    ),
}
VARIANTS = {
    "as a loss, with the maximum, float32": """
import numpy as np
def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    new, old, reference = (np.where(mask, x, 0).astype(np.float32) for x in (new, old, reference))
    mean = np.repeat(rewards.reshape(-1, group).mean(axis=1), group)
    spread = np.repeat(rewards.reshape(-1, group).std(axis=1), group)
    advantage = ((rewards - mean) / (spread + 1e-6)).astype(np.float32)
    ratio = np.exp(new - old)
    loss = np.maximum(-advantage[:, None] * ratio, -advantage[:, None] * ratio.clip(1 - clip, 1 + clip))
    loss = loss + beta * (np.expm1(reference - new) - (reference - new))
    weight = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1) / len(mask)
    return (loss * weight).sum(), advantage
""",
    "loops, and the bound by the sign of the advantage": """
import math
def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    advantage = []
    for start in range(0, len(rewards), group):
        part = [float(r) for r in rewards[start : start + group]]
        mean = sum(part) / group
        variance = sum((r - mean) ** 2 for r in part) / group
        advantage += [(r - mean) / (variance**0.5 + 1e-6) for r in part]
    total = 0.0
    for i, a in enumerate(advantage):
        tokens = mask[i].nonzero()[0]
        for t in tokens:
            ratio = math.exp(new[i, t] - old[i, t])
            bounded = min(ratio, 1 + clip) if a > 0 else max(ratio, 1 - clip)
            d = reference[i, t] - new[i, t]
            total += (beta * (math.exp(d) - d - 1) - bounded * a) / len(tokens)
    return total / len(advantage), advantage
""",
    "tokens as one list": """
import numpy as np
def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    question = np.arange(len(rewards)) // group
    mean = np.bincount(question, rewards) / group
    variance = np.bincount(question, (rewards - mean[question]) ** 2) / group
    advantage = (rewards - mean[question]) / (variance[question] ** 0.5 + 1e-6)
    answer, _ = np.nonzero(mask)
    n, o, r, a = new[mask], old[mask], reference[mask], advantage[answer]
    gain = np.minimum(np.exp(n - o) * a, np.exp(n - o).clip(1 - clip, 1 + clip) * a)
    k3 = np.exp(r - n) - (r - n) - 1
    return ((beta * k3 - gain) / mask.sum(axis=1)[answer]).sum() / len(rewards), advantage
""",
}
PROBLEM = {
    "name": "grpo",
    "function": "grpo",
    "outputs": ["loss", "advantage"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("一组的优势加起来不是 0", "the advantages of a group do not sum to 0"),
            advantage_of_a_group_sums_to_zero,
        ),
        (
            pair("不计入的 token 改变了损失", "a token that does not count changes the loss"),
            padding_does_not_count,
        ),
        (
            pair("奖励全加 1，损失变了", "adding 1 to all rewards changes the loss"),
            reward_of_all_plus_one_changes_nothing,
        ),
    ],
    "hints": [
        pair(
            "先写优势：rewards.reshape(-1, group)，每行减均值，除以标准差加 1e-6。",
            "Begin with the advantage: rewards.reshape(-1, group), each row less its mean, over its deviation plus 1e-6.",
        ),
        pair(
            "ratio = exp(new − old)，取 exp 之前把不计入的差值换成 0。",
            "ratio = exp(new − old); replace differences that do not count by 0 before exp.",
        ),
        pair(
            "每个 token 是 min(ratio · A, clip(ratio) · A) − beta · k3，其中 k3 = exp(d) − d − 1，d = reference − new。",
            "For each token: min(ratio · A, clip(ratio) · A) − beta · k3, with k3 = exp(d) − d − 1 and d = reference − new.",
        ),
        pair(
            "每个回答内对计入的 token 平均（分母至少取 1），再对回答平均，取负号。",
            "Take the mean over the tokens of each answer that count (denominator at least 1), then over answers, then the negative.",
        ),
    ],
}
# --8<-- [end:problem]
# --8<-- [start:run]
if __name__ == "__main__" and len(sys.argv) > 1 and "ipykernel" not in sys.modules:
    sys.exit(command(sys.argv[1:]))

assert judge(STARTER)["status"] == "fail"
names = caught()
for name, found in names.items():
    print("caught as" if name == found else "LIVES", name)
assert all(name == found for name, found in names.items())
for name, source in VARIANTS.items():
    print("passes:", name)
    assert judge(source)["status"] == "pass"
# --8<-- [end:run]
# --8<-- [start:verdict]
verdict = judge(WRONG["clipped without the minimum"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
