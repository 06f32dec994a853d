# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of PPO: uv run judge.py my_attempt.py --watch"""

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


def oracle(
    new, old, new_values, old_values, rewards, last, done, mask, gamma, lam, clip, value_clip, whiten
):  # fmt: skip
    """Each advantage by itself: a sum over the steps from there to the end of its episode."""
    advantage, returns, steps = np.zeros(rewards.shape), np.zeros(rewards.shape), []
    for row in range(len(rewards)):
        times = [t for t in range(rewards.shape[1]) if mask[row, t]]
        steps += [(row, t) for t in times]
        values = [float(old_values[row, t]) for t in times] + [float(last[row])]
        for first, t in enumerate(times):
            weight = 1.0
            for n in range(first, len(times)):
                ends = done[row, times[n]]
                target = rewards[row, times[n]] + (0 if ends else gamma * values[n + 1])
                advantage[row, t] += weight * (target - values[n])
                weight *= 0 if ends else gamma * lam
            returns[row, t] = advantage[row, t] + values[first]
    if not steps:
        return advantage, returns, 0.0, 0.0
    if whiten:
        mean = math.fsum(advantage[at] for at in steps) / len(steps)
        variance = math.fsum((advantage[at] - mean) ** 2 for at in steps) / len(steps)
        for at in steps:
            advantage[at] = (advantage[at] - mean) / math.sqrt(variance + 1e-8)
    policy_loss = value_loss = 0.0
    for at in steps:
        ratio = math.exp(new[at] - old[at])
        kept = min(max(ratio, 1 - clip), 1 + clip)
        policy_loss -= min(ratio * advantage[at], kept * advantage[at]) / len(steps)
        near = min(max(new_values[at], old_values[at] - value_clip), old_values[at] + value_clip)
        error = max((new_values[at] - returns[at]) ** 2, (near - returns[at]) ** 2)
        value_loss += error / 2 / len(steps)
    return advantage, returns, policy_loss, value_loss


def call(ppo, given):
    return ppo(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, rewards, done=(), mask=None, padding=None, **numbers):
        rewards = np.array(rewards, dtype=float)
        shape = rewards.shape
        counts = np.ones(shape, bool) if mask is None else np.array(mask, bool)
        draw = lambda size: (rng.normal(size=size) * 0.5).round(1)  # noqa: E731
        ends = np.zeros(shape, bool)
        for at in done:
            ends[at] = True
        old, values = draw(shape) - 1.5, draw(shape)
        given = {"new": (old + draw(shape)).round(1), "old": old}
        given |= {
            "new_values": (values + draw(shape)).round(1),
            "old_values": values,
            "rewards": rewards,
        }
        if padding:  # anything may stand where a step does not count
            fill = zip(given.items(), padding, strict=True)
            given = {name: np.where(counts, one, other) for (name, one), other in fill}
            ends |= ~counts & (np.arange(shape[1]) % 2 == 0)
        given |= {"last": draw(shape[:1]) + 2, "done": ends, "mask": counts}
        rest = {"gamma": 0.9, "lam": 0.8, "clip": 0.2, "value_clip": 0.2, "whiten": False}
        return pair(zh, en), given | rest | numbers

    tiny = case("优势都很小，白化", "tiny advantages, whitened", [[1e-4, -1e-4, 0]], [(0, 0), (0, 1), (0, 2)], whiten=True)  # fmt: skip
    tiny[1]["old_values"] = np.zeros((1, 3))
    far = case("比值 4 和 ¼，优势有正有负", "ratios 4 and ¼, advantages of both signs", [[2, 2, -2, -2]], [(0, 0), (0, 1), (0, 2), (0, 3)])  # fmt: skip
    far[1]["old_values"] = np.zeros((1, 4))
    far[1]["new"] = far[1]["old"] + np.log([[4, 1 / 4, 4, 1 / 4]])
    right = [[1, 1, 0], [1, 1, 1], [1, 0, 0]]
    gaps = [[0, 1, 0, 1, 0], [0, 1, 1, 0, 1]]
    loud = (500.0, -500.0, 300.0, -300.0, 200.0)
    return [
        case("一步，回合结束", "one step, and the episode ends", [[1]], [(0, 0)]),
        case("一步，回合没有结束", "one step, and the episode goes on", [[1]]),
        case("一步，白化", "one step, whitened", [[1]], whiten=True),
        case("没有一步计入", "no step counts", [[0, 0]], mask=[[0, 0]], padding=loud, whiten=True),
        case("两步", "two steps", [[0, 1]], [(0, 1)], gamma=0.5, lam=0.5),
        case("三步，没有结束，gamma = lam = 1", "three steps, no end, gamma = lam = 1", [[0, 1, 0.5]], gamma=1.0, lam=1.0),
        case("第二步结束，第三步是新的回合", "the second step ends, the third begins anew", [[0, 1, 2]], [(0, 1)]),
        case("lam = 0", "lam = 0", [[1, 0, 2]], gamma=0.99, lam=0.0),
        case("第一行一步都不计入", "in the first row no step counts", [[2, 0], [0, 1]], mask=[[0, 0], [1, 1]], padding=loud, whiten=True),
        case("clip = 0.4，value_clip = 0.1", "clip = 0.4, value_clip = 0.1", [[1, -1, 0, 2]], clip=0.4, value_clip=0.1),
        case("gamma = 0，value_clip = 0.5", "gamma = 0, value_clip = 0.5", [[1, -1, 3, 0]], [(0, 1)], gamma=0.0, clip=0.1, value_clip=0.5),
        tiny,
        far,
        case("右边有填充", "padding on the right", [[0, 1, 0], [1, 0, 2]], [(0, 1)], right[:2], loud),
        case("右边有填充，白化", "padding on the right, whitened", [[0, 1, 0], [1, 0, 2], [9, 0, 0]], [(1, 1)], right, (-300.0, 200.0, 5.0, 9.0, 4.0), whiten=True),
        case("左边是提示词，中间是工具的输出", "a prompt on the left, tool output between", [[0, 1, 0, 2, 0], [0, 1, 0, 0, 3]], [(0, 3)], gaps, loud),
        case("左、中、右都有不计入的，白化", "gaps everywhere, whitened", [[0, 1, 0, 2, 0], [0, 1, 0, 0, 3]], [(1, 2)], gaps, (40.0, -40.0, 7.0, -8.0, 6.0), gamma=0.95, lam=0.6, whiten=True),
    ]  # fmt: skip


def what_does_not_count_changes_nothing(call, given):
    away = np.where(given["mask"], 0.0, 0.7)
    floats = ("new", "old", "new_values", "old_values", "rewards")
    moved = {name: given[name] + away * n for n, name in enumerate(floats, 1)}
    there, here = call(given | moved), call(given)
    return all(close(a, b) for a, b in zip(there, here, strict=True))


def whitening_leaves_the_returns(call, given):
    return close(call(given)[1], call(given | {"whiten": not given["whiten"]})[1])


def nothing_comes_back_through_an_end(call, given):
    plain = given | {"whiten": False}
    later = np.cumsum(given["done"] & given["mask"], axis=1) - (given["done"] & given["mask"])
    changed = plain | {"rewards": given["rewards"] + (later > 0)}
    first = given["mask"] & (later == 0) & (given["done"] & given["mask"]).any(axis=1)[:, None]
    return close(np.asarray(call(changed)[0])[first], np.asarray(call(plain)[0])[first])


def white_advantages_sum_to_zero(call, given):
    advantage = np.asarray(call(given | {"whiten": True})[0])
    return close(advantage[given["mask"]].sum(), 0)


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def ppo(
    new, old, new_values, old_values, rewards, last, done, mask,
    gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True,
):  # fmt: skip
    """All (batch, time), last (batch,); returns advantage, returns, policy loss, value loss."""
    return np.zeros(rewards.shape), np.zeros(rewards.shape), 0.0, 0.0  # TODO: yours.
'''

SOLUTION = """import numpy as np


def ppo(
    new, old, new_values, old_values, rewards, last, done, mask,
    gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True,
):  # fmt: skip
    advantage = np.zeros(rewards.shape)
    value, carried = last, np.zeros(len(last))  # of the next step that counts
    for t in reversed(range(rewards.shape[1])):
        goes_on = ~done[:, t]
        delta = rewards[:, t] + gamma * value * goes_on - old_values[:, t]
        advantage[:, t] = np.where(mask[:, t], delta + gamma * lam * carried * goes_on, 0.0)
        value = np.where(mask[:, t], old_values[:, t], value)
        carried = np.where(mask[:, t], advantage[:, t], carried)
    returns = np.where(mask, advantage + old_values, 0.0)
    count = max(mask.sum(), 1)
    if whiten:
        centred = np.where(mask, advantage - advantage.sum() / count, 0.0)
        advantage = centred / np.sqrt((centred**2).sum() / count + 1e-8)
    ratio = np.exp(np.where(mask, new - old, 0.0))
    gain = np.minimum(ratio * advantage, np.clip(ratio, 1 - clip, 1 + clip) * advantage)
    near = old_values + np.clip(new_values - old_values, -value_clip, value_clip)
    error = np.maximum((new_values - returns) ** 2, (near - returns) ** 2) * mask
    return advantage, returns, -gain.sum() / count, 0.5 * error.sum() / count
"""


def mistake(zh, en, hint_zh, hint_en, *changes):
    source = SOLUTION
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        source = changed(source, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), source


DELTA = "gamma * value * goes_on"
SUM = "gamma * lam * carried * goes_on"
NEXT = "value = np.where(mask[:, t], old_values[:, t], value)"
CARRY = "carried = np.where(mask[:, t], advantage[:, t], carried)"
RETURNS = "    returns = np.where(mask, advantage + old_values, 0.0)\n"
WHITE = """    if whiten:
        centred = np.where(mask, advantage - advantage.sum() / count, 0.0)
        advantage = centred / np.sqrt((centred**2).sum() / count + 1e-8)
"""
ROOT = "np.sqrt((centred**2).sum() / count + 1e-8)"
GAIN = "np.minimum(ratio * advantage, np.clip(ratio, 1 - clip, 1 + clip) * advantage)"
ERROR = "np.maximum((new_values - returns) ** 2, (near - returns) ** 2)"
NEAR = "old_values + np.clip(new_values - old_values, -value_clip, value_clip)"
LOSS = "-gain.sum() / count"
WRONG = {
    "done ignored": mistake(
        "没有理会 done：价值和优势都从下一个回合流了过来",
        "done is ignored: value and advantage flow back from the next episode",
        "回合结束的那一步，两处都要断：下一步的价值，和传下来的优势。",
        "At a step that ends the episode cut both: the next value, and the advantage carried back.",
        "goes_on = ~done[:, t]",
        "goes_on = True",
    ),
    "bootstraps through the end": mistake(
        "回合结束了，仍加了 gamma 乘下一步的价值",
        "gamma times the next value is added although the episode has ended",
        "结束之后的价值是 0。",
        "After the end the value is 0.",
        DELTA,
        "gamma * value",
    ),
    "advantage carried through the end": mistake(
        "优势的累加没有在回合结束处断开",
        "the sum of the advantage goes on through the end of an episode",
        "累加的那一项也要乘“没有结束”。",
        "Multiply the carried term by “not done” as well.",
        SUM,
        "gamma * lam * carried",
    ),
    "done of the next step": mistake(
        "看的是下一步的 done，断早了一步",
        "done of the next step is read: the cut comes one step early",
        "done[t] 说的是第 t 步结束了回合，看它自己的。",
        "done[t] says that step t ends the episode; read the step's own.",
        "goes_on = ~done[:, t]",
        "goes_on = ~done[:, min(t + 1, done.shape[1] - 1)]",
    ),
    "last left out": mistake(
        "最后一步之后的价值当成了 0，没有用 last",
        "the value after the last step is taken for 0, not last",
        "没有 done 的轨迹是被截断的，要用 last 接上。",
        "A trajectory without done was cut off: go on from last.",
        "value, carried = last,",
        "value, carried = np.zeros(len(last)),",
    ),
    "lam left out": mistake(
        "累加时少了 lam",
        "the sum leaves lam out",
        "每退一步乘 gamma · lam。",
        "Each step back multiplies by gamma · lam.",
        SUM,
        "gamma * carried * goes_on",
    ),
    "gamma left out of the sum": mistake(
        "累加时只乘了 lam，少了 gamma",
        "the sum multiplies by lam alone, without gamma",
        "每退一步乘 gamma · lam。",
        "Each step back multiplies by gamma · lam.",
        SUM,
        "lam * carried * goes_on",
    ),
    "next value not discounted": mistake(
        "下一步的价值没有乘 gamma",
        "the next value is not multiplied by gamma",
        "δ = r + gamma · V(下一步) − V(这一步)。",
        "δ = r + gamma · V(next) − V(this).",
        DELTA,
        "value * goes_on",
    ),
    "one step alone": mistake(
        "只有单步的 δ，没有累加",
        "δ of one step alone, nothing is summed",
        "优势 = δ + gamma · lam · 下一步的优势。",
        "Advantage = δ + gamma · lam · the advantage of the next step.",
        "delta + " + SUM,
        "delta",
    ),
    "masked steps not skipped": mistake(
        "不计入的步也参加了递推，它们的价值和奖励流进了优势",
        "steps that do not count take part: their values and rewards flow into the advantages",
        "不计入的步要跳过：下一步是下一个计入的步。",
        "Skip what does not count: the next step is the next one that counts.",
        "advantage[:, t] = np.where(mask[:, t], delta + " + SUM + ", 0.0)",
        "advantage[:, t] = delta + " + SUM,
        NEXT,
        "value = old_values[:, t]",
        CARRY,
        "carried = advantage[:, t]",
        RETURNS,
        RETURNS + "    advantage = np.where(mask, advantage, 0.0)\n",
    ),
    "value of a masked step": mistake(
        "下一步的价值取自不计入的步",
        "the next value is that of a step that does not count",
        "跳过它：价值也取下一个计入的步的。",
        "Skip it: take the value of the next step that counts, too.",
        NEXT,
        "value = old_values[:, t]",
    ),
    "a gap cuts the sum": mistake(
        "遇到不计入的步，累加就断了",
        "a step that does not count cuts the sum",
        "中间隔着的步当作不存在，累加接着往前走。",
        "A gap is as good as not there: carry the sum across it.",
        CARRY,
        "carried = advantage[:, t]",
    ),
    "masked steps set to 0": mistake(
        "不计入的步置成了 0，没有跳过：价值和累加都断在那里",
        "steps that do not count are set to 0, not skipped: value and sum stop there",
        "跳过去：两样都从下一个计入的步接过来。",
        "Skip them: both come from the next step that counts.",
        NEXT,
        "value = old_values[:, t] * mask[:, t]",
        CARRY,
        "carried = advantage[:, t]",
    ),
    "done of a masked step": mistake(
        "不计入的步的 done 也起了作用，把价值和优势断掉了",
        "done of a step that does not count is heeded: it cuts value and advantage",
        "不计入的步当作不存在，它的 done 也不看。",
        "A step that does not count is as good as not there, and so is its done.",
        NEXT,
        "value = np.where(mask[:, t], old_values[:, t], value * goes_on)",
        CARRY,
        "carried = np.where(mask[:, t], advantage[:, t], carried * goes_on)",
    ),
    "new values in the advantage": mistake(
        "优势用了新的价值，不是采样时的",
        "the advantage uses the new values, not those of the time of sampling",
        "优势和回报用 old_values，训练中不变。",
        "Advantages and returns use old_values, which training does not move.",
        "goes_on - old_values[:, t]",
        "goes_on - new_values[:, t]",
        NEXT,
        NEXT.replace("old_values", "new_values"),
        "advantage + old_values",
        "advantage + new_values",
    ),
    "returns after whitening": mistake(
        "白化之后才算回报",
        "the returns come from whitened advantages",
        "先算回报，再白化：回报要和价值同一个尺度。",
        "Returns first, then whitening: a return is on the scale of the values.",
        RETURNS,
        "",
        WHITE,
        WHITE + RETURNS,
    ),
    "returns with lam = 1": mistake(
        "回报是折扣奖励之和，不是优势加价值",
        "returns are discounted sums of rewards, not advantage plus value",
        "这道题的回报是 old_values + 优势，也随 lam 变。",
        "Here a return is old_values + advantage, and depends on lam.",
        RETURNS,
        "    returns = np.where(mask, advantage + old_values, 0.0)\n"
        "    if lam != 1:\n"
        "        returns = ppo(new, old, new_values, old_values, rewards, last, done, mask, gamma, 1.0)[1]\n",
    ),
    "never whitened": mistake(
        "没有白化",
        "never whitened",
        "whiten 为真时，减均值，除以标准差。",
        "Where whiten is true, subtract the mean and divide by the deviation.",
        WHITE,
        "",
    ),
    "always whitened": mistake(
        "whiten 为假时也白化了",
        "whitened although whiten is false",
        "看 whiten 参数。",
        "Look at the argument whiten.",
        "if whiten:",
        "if True:",
    ),
    "whitened per row": mistake(
        "每行各自白化，不是整个 batch 一起",
        "each row is whitened by itself, not the batch as a whole",
        "均值和方差对整个 batch 的计入步求。",
        "Mean and variance are over all steps of the batch that count.",
        "advantage.sum() / count, 0.0)",
        "advantage.sum(axis=1, keepdims=True) / np.maximum(mask.sum(axis=1, keepdims=True), 1), 0.0)",
        "(centred**2).sum() / count",
        "(centred**2).sum(axis=1, keepdims=True) / np.maximum(mask.sum(axis=1, keepdims=True), 1)",
    ),
    "whitened with the padding": mistake(
        "白化时把不计入的步也算进了均值和方差",
        "mean and variance of the whitening count the masked steps, too",
        "只对计入的步求，除以它们的个数。",
        "Take them over the steps that count and divide by their number.",
        "advantage - advantage.sum() / count",
        "advantage - advantage.mean()",
        "(centred**2).sum() / count",
        "advantage.var()",
    ),
    "variance of a sample": mistake(
        "方差除以了 n − 1，不是 n",
        "the variance divides by n − 1, not by n",
        "题目除以 n；只有一步时，n − 1 是 0。",
        "The statement divides by n; n − 1 is 0 for one step.",
        "(centred**2).sum() / count",
        "(centred**2).sum() / (count - 1)",
    ),
    "masked steps whitened": mistake(
        "不计入的步也减了均值，优势不再是 0",
        "the mean is subtracted from masked steps, too: their advantage is no longer 0",
        "白化之后再掩一次。",
        "Mask once more after whitening.",
        "advantage = centred / ",
        "advantage = (advantage - advantage.sum() / count) / ",
    ),
    "loss before whitening": mistake(
        "返回的优势白化了，策略损失用的却是白化之前的",
        "the advantage returned is whitened, but the policy loss takes the one before",
        "策略损失用返回的那个优势。",
        "The policy loss takes the advantage that is returned.",
        "        advantage = centred / ",
        "        white = centred / ",
        "return advantage, returns",
        "return white if whiten else advantage, returns",
    ),
    "epsilon outside the root": mistake(
        "1e-8 加在了标准差上，在根号外面",
        "1e-8 is added to the deviation, outside the root",
        "先给方差加 1e-8，再开方。",
        "Add 1e-8 to the variance, then take the root.",
        ROOT,
        "(np.sqrt((centred**2).sum() / count) + 1e-8)",
    ),
    "no epsilon": mistake(
        "方差没有加 1e-8；优势全相等时是 0 / 0",
        "1e-8 is not added to the variance; equal advantages then give 0 / 0",
        "方差加 1e-8。",
        "Add 1e-8 to the variance.",
        " + 1e-8)",
        ")",
    ),
    "not centred": mistake(
        "白化只除以标准差，没有减均值",
        "whitening divides by the deviation and subtracts no mean",
        "分子也要减均值。",
        "Subtract the mean in the numerator as well.",
        "advantage = centred / ",
        "advantage = advantage / ",
    ),
    "ratio upside down": mistake(
        "比值写反了：old / new",
        "the ratio is upside down: old over new",
        "新策略在分子：exp(new − old)。",
        "The new policy is on top: exp(new − old).",
        "new - old, 0.0",
        "old - new, 0.0",
    ),
    "not clipped": mistake(
        "策略损失没有截断",
        "the policy loss is not clipped",
        "取 ratio · A 和 clip(ratio) · A 中小的。",
        "Take the smaller of ratio · A and clip(ratio) · A.",
        GAIN,
        "ratio * advantage",
    ),
    "clipped without the minimum": mistake(
        "策略损失只用了截断的那一份，没有取 min",
        "the policy loss has the clipped term alone, without the minimum",
        "取 min 之后，让目标变差的那一侧不截断。",
        "With the minimum, the side that makes the objective worse is not clipped.",
        GAIN,
        "np.clip(ratio, 1 - clip, 1 + clip) * advantage",
    ),
    "maximum for minimum": mistake(
        "收益取了 max：截断的方向反了",
        "the gain takes the maximum, so the wrong side is clipped",
        "收益取 min；写成损失（先取负号）才是 max。",
        "The gain takes the minimum; only its negative, the loss, takes the maximum.",
        "np.minimum(ratio",
        "np.maximum(ratio",
    ),
    "clipped on one side": mistake(
        "比值只截断了上边，没有截断下边",
        "the ratio is clipped above only, not below",
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
        "np.maximum(" + GAIN + ", np.minimum(3 * advantage, 0) - 1e9 * (advantage > 0))",
    ),
    "clipped around 0": mistake(
        "截断的是比值的绝对值：到了 −clip 和 clip 之间，没有以 1 为中心",
        "the absolute value of the ratio is clipped: to −clip and clip, not around 1",
        "策略没变时比值是 1，上下限是 1 ± clip。",
        "Where the policy has not moved the ratio is 1: the bounds are 1 ± clip.",
        "1 - clip, 1 + clip",
        "-clip, clip",
    ),
    "clip always 0.2": mistake(
        "比值截断到了写死的 0.8 和 1.2，没有用 clip",
        "the bounds of the ratio are always 0.8 and 1.2, whatever clip is",
        "上下限是 1 ± clip。",
        "The bounds are 1 ± clip.",
        "1 - clip, 1 + clip",
        "0.8, 1.2",
    ),
    "masked too late": mistake(
        "先取 exp 再掩：不计入的步溢出，∞ × 0 得 NaN",
        "the mask comes after exp: masked steps overflow, and ∞ × 0 is NaN",
        "先把不计入的差值换成 0，再取 exp。",
        "Replace differences that do not count by 0 before exp.",
        "np.where(mask, new - old, 0.0)",
        "new - old",
    ),
    "policy loss upside down": mistake(
        "策略损失的符号反了：在最小化收益",
        "the policy loss has the wrong sign: it minimizes the gain",
        "损失是收益均值的相反数。",
        "The loss is the negative of the mean gain.",
        LOSS,
        "gain.sum() / count",
    ),
    "summed, not averaged": mistake(
        "损失是各步之和，没有除以步数",
        "the losses are sums over the steps, not means",
        "除以计入的步数：batch 大了，步子不该跟着变大。",
        "Divide by the number of steps that count: a larger batch must not mean larger gradients.",
        LOSS,
        "-gain.sum()",
        "0.5 * error.sum() / count",
        "0.5 * error.sum()",
    ),
    "mean within each row first": mistake(
        "先在每行内平均，再对行平均",
        "a mean within each row, then over rows",
        "题目对整个 batch 的计入步一起平均。",
        "The statement takes one mean over all steps that count.",
        LOSS,
        "-(gain.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)).mean()",
        "0.5 * error.sum() / count",
        "0.5 * (error.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)).mean()",
    ),
    "padding in the denominator": mistake(
        "损失除以了全部步数，不计入的也算了",
        "the losses divide by all steps, also those that do not count",
        "分母是计入的步数。",
        "The denominator is the number of steps that count.",
        LOSS,
        "-gain.mean()",
        "error.sum() / count",
        "error.mean()",
    ),
    "nothing counts gives NaN": mistake(
        "没有一步计入时得 0 / 0",
        "0 / 0 where no step counts",
        "分母至少取 1。",
        "Let the denominator be at least 1.",
        "max(mask.sum(), 1)",
        "mask.sum()",
    ),
    "value not clipped": mistake(
        "价值损失没有截断",
        "the value loss is not clipped",
        "另算一份价值离旧值不超过 value_clip 的，取大的。",
        "Compute a second error, the value within value_clip of the old one, and take the larger.",
        ERROR,
        "(new_values - returns) ** 2",
    ),
    "value clipped without the maximum": mistake(
        "价值损失只用了截断的那一份",
        "the value loss has the clipped error alone",
        "两份误差取大的。",
        "Take the larger of the two errors.",
        ERROR,
        "(near - returns) ** 2",
    ),
    "smaller error": mistake(
        "价值的两份误差取了小的",
        "the value loss takes the smaller of the two errors",
        "损失是悲观的：取大的。",
        "The loss is the pessimistic one: take the larger.",
        "np.maximum((new_values",
        "np.minimum((new_values",
    ),
    "one clip for both": mistake(
        "价值的截断用了 clip，没有用 value_clip",
        "the value is clipped with clip, not with value_clip",
        "价值有自己的范围 value_clip。",
        "Values have a range of their own, value_clip.",
        "-value_clip, value_clip)",
        "-clip, clip)",
    ),
    "value clip always 0.2": mistake(
        "价值的截断写死了 0.2，没有用 value_clip",
        "the value is always clipped at 0.2, whatever value_clip is",
        "截断到旧价值 ± value_clip。",
        "Clip to the old value ± value_clip.",
        "-value_clip, value_clip)",
        "-0.2, 0.2)",
    ),
    "value clipped around 0": mistake(
        "价值截断到了 ± value_clip，没有以旧价值为中心",
        "the value is clipped to ± value_clip, not around the old value",
        "截断的是移动：旧价值 ± value_clip。",
        "What is clipped is the move: the old value ± value_clip.",
        NEAR,
        "np.clip(new_values, -value_clip, value_clip)",
    ),
    "half left out": mistake(
        "价值损失少了 ½",
        "the value loss lacks the ½",
        "价值损失是误差均值的一半。",
        "The value loss is half the mean error.",
        "0.5 * error",
        "error",
    ),
    "value loss counts the padding": mistake(
        "价值损失没有掩码",
        "the value loss has no mask",
        "只有计入的步有误差。",
        "Only steps that count have an error.",
        "(near - returns) ** 2) * mask",
        "(near - returns) ** 2)",
    ),
}
VARIANTS = {
    "the return first, by its own recursion, float32": """
import numpy as np
def ppo(new, old, new_values, old_values, rewards, last, done, mask,
        gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True):
    f = np.float32
    new, old, v, base, rewards = (np.where(mask, x, 0).astype(f) for x in (new, old, new_values, old_values, rewards))
    returns = np.zeros_like(rewards)
    for row in range(len(rewards)):
        target = value = f(last[row])
        for t in np.flatnonzero(mask[row])[::-1]:
            ahead = f(0) if done[row, t] else f(gamma) * (f(1 - lam) * value + f(lam) * target)
            target = returns[row, t] = rewards[row, t] + ahead
            value = base[row, t]
    advantage = np.where(mask, returns - base, f(0))
    weight = mask.astype(f) / f(max(mask.sum(), 1))
    if whiten:
        mean = (advantage * weight).sum()
        advantage = (advantage - mean) * mask / np.sqrt((weight * (advantage - mean) ** 2).sum() + f(1e-8))
    ratio = np.exp(new - old)
    policy = np.maximum(-advantage * ratio, -advantage * ratio.clip(1 - clip, 1 + clip))
    near = v.clip(base - f(value_clip), base + f(value_clip))
    worse = np.maximum(abs(v - returns), abs(near - returns))
    return advantage, returns, (policy * weight).sum(), (worse**2 * weight).sum() / 2
""",
    "one product with a matrix of weights": """
import numpy as np
def ppo(new, old, new_values, old_values, rewards, last, done, mask,
        gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True):
    advantage = np.zeros(rewards.shape)
    for row, counts in enumerate(mask):
        if counts.any():
            value = np.append(old_values[row, counts], last[row])
            go = 1.0 - done[row, counts]
            delta = rewards[row, counts] + gamma * go * value[1:] - value[:-1]
            step, episode = np.arange(len(go)), np.cumsum(1 - go) - (1 - go)
            far = step[None, :] - step[:, None]
            same = (far >= 0) & (episode[None, :] == episode[:, None])
            advantage[row, counts] = np.where(same, (gamma * lam) ** np.maximum(far, 0.0), 0) @ delta
    a, base, v = advantage[mask], old_values[mask], new_values[mask]
    g = a + base
    if whiten and len(a):
        a = (a - a.mean()) / (a.var() + 1e-8) ** 0.5
    ratio = np.exp(new[mask] - old[mask])
    bounded = np.where(a > 0, np.minimum(ratio, 1 + clip), np.maximum(ratio, 1 - clip))
    near = np.clip(v, base - value_clip, base + value_clip)
    square = np.maximum((v - g) ** 2, (near - g) ** 2)
    returns = np.zeros(rewards.shape)
    advantage[mask], returns[mask] = a, g
    n = max(len(a), 1)
    return advantage, returns, -(bounded * a).sum() / n, square.sum() / n / 2
""",
    "all episodes as one list, in plain numbers": """
import math
import numpy as np
def ppo(new, old, new_values, old_values, rewards, last, done, mask,
        gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True):
    at = [(b, t) for b in range(len(mask)) for t in range(len(mask[b])) if mask[b][t]]
    plain, carried = {}, 0.0
    for i in reversed(range(len(at))):
        b, t = at[i]
        newest = i + 1 == len(at) or at[i + 1][0] != b
        after = last[b] if newest else old_values[at[i + 1]]
        after, carried = (0.0, 0.0) if done[b, t] else (after, 0.0 if newest else carried)
        carried = rewards[b, t] + gamma * after - old_values[b, t] + gamma * lam * carried
        plain[b, t] = carried
    n = len(at) or 1
    mean = math.fsum(plain.values()) / n if whiten else 0.0
    scale = math.sqrt(math.fsum((x - mean) ** 2 for x in plain.values()) / n + 1e-8) if whiten else 1.0
    policy, value, advantage, returns = 0.0, 0.0, np.zeros(mask.shape), np.zeros(mask.shape)
    for i, x in plain.items():
        advantage[i], returns[i] = (x - mean) / scale, x + old_values[i]
        ratio = math.exp(new[i] - old[i])
        policy += max(-ratio * advantage[i], -min(max(ratio, 1 - clip), 1 + clip) * advantage[i])
        move = max(-value_clip, min(value_clip, new_values[i] - old_values[i]))
        value += max((new_values[i] - returns[i]) ** 2, (old_values[i] + move - returns[i]) ** 2)
    return advantage, returns, policy / n, value / n / 2
""",
}
PROBLEM = {
    "name": "ppo",
    "function": "ppo",
    "outputs": ["advantage", "returns", "policy_loss", "value_loss"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("不计入的步改变了结果", "a step that does not count changes the result"),
            what_does_not_count_changes_nothing,
        ),
        (
            pair("白化改变了回报", "whitening changes the returns"),
            whitening_leaves_the_returns,
        ),
        (
            pair(
                "回合结束之后的奖励改变了之前的优势",
                "a reward after the end of an episode changes advantages before it",
            ),
            nothing_comes_back_through_an_end,
        ),
        (
            pair("白化之后，优势加起来不是 0", "whitened advantages do not sum to 0"),
            white_advantages_sum_to_zero,
        ),
    ],
    "hints": [
        pair(
            "先当所有步都计入：从后往前，δ = r + gamma · V(下一步) − V，A = δ + gamma · lam · A(下一步)；done 处，后面的两项都是 0。",
            "First let all steps count: from the back, δ = r + gamma · V(next) − V and A = δ + gamma · lam · A(next); at done both of the next step are 0.",
        ),
        pair(
            "再加掩码：不计入的步不改动手里的“下一步的价值”和“下一步的优势”。",
            "Then the mask: a step that does not count leaves the next value and the next advantage as they are.",
        ),
        pair(
            "先算 returns = A + old_values，再白化：对计入的步减均值，除以 sqrt(方差 + 1e-8)。",
            "First returns = A + old_values, then whiten: over the steps that count, less the mean, over sqrt(variance + 1e-8).",
        ),
        pair(
            "策略取 min(ratio · A, clip(ratio) · A)，价值取两份平方误差中大的；都对计入的步平均，价值再乘 ½。",
            "The policy takes min(ratio · A, clip(ratio) · A), the value the larger of two squared errors; both are means over the steps that count, the value times ½.",
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
verdict = judge(WRONG["done of the next step"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
