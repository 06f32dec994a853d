# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of AdamW with warm-up and cosine: uv run judge.py my_attempt.py --watch"""

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


def oracle(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    """One weight at a time; corrected moments are weighted means: no state, no correction."""
    steps = len(gradients)
    rates, weights = np.zeros(steps), np.zeros(gradients.shape)
    for i, t in np.ndindex(len(w), steps):
        done = (t + 1 - warmup) / max(steps - warmup, 1)
        fallen = peak - (peak - floor) * math.sin(math.pi / 2 * max(done, 0)) ** 2
        rates[t] = peak * (t + 1) / warmup if t < warmup else fallen
        seen = gradients[: t + 1, i]
        mean = np.average(seen, weights=beta1 ** np.arange(t, -1, -1))
        square = np.average(seen**2, weights=beta2 ** np.arange(t, -1, -1))
        before = weights[t - 1, i] if t else w[i]
        shrunk = before * (1 - rates[t] * decay) if decays[i] else before
        weights[t, i] = shrunk - rates[t] * mean / (square**0.5 + epsilon)
    return rates, weights


def call(train, given):
    return train(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, steps, count, warmup, floor=0.0, epsilon=1e-8, decay=0.0, scale=1.0):
        w = rng.normal(size=count).round(1) + 2.0
        gradients = (rng.normal(size=(steps, count)).round(1) * scale).round(6)
        return pair(zh, en), {
            "w": w,
            "gradients": gradients,
            "decays": np.arange(count) % 2 == 0,
            "peak": 0.1,
            "floor": floor,
            "warmup": warmup,
            "beta1": 0.8,
            "beta2": 0.95,
            "epsilon": epsilon,
            "decay": decay,
        }

    return [
        case("一步，就是预热的全部", "one step, which is the whole warm-up", 1, 1, 1),
        case(
            "一步，没有预热：学习率已到终点",
            "one step, no warm-up: the rate is at its end",
            1,
            1,
            0,
            0.03,
        ),
        case("两步预热", "two steps of warm-up", 2, 1, 2),
        case("没有预热，三步余弦", "no warm-up, three steps of cosine", 3, 1, 0),
        case("余弦不降到 0", "a cosine that ends above 0", 4, 1, 1, 0.02),
        case("两个权重，一个衰减", "two weights, one of which decays", 3, 2, 1, decay=0.5),
        case(
            "梯度全是 0，只有衰减",
            "zero gradients, decay alone",
            3,
            2,
            2,
            0.01,
            decay=0.5,
            scale=0.0,
        ),
        case("ε 不小", "an epsilon that counts", 4, 2, 2, 0.01, epsilon=0.3),
        case(
            "预热两步，余弦四步", "warm-up for two steps, cosine for four", 6, 2, 2, 0.01, decay=0.2
        ),
        case(
            "梯度大小差一千倍",
            "gradients a thousand times apart",
            7,
            3,
            3,
            decay=0.2,
            scale=np.array([1e-2, 1.0, 10.0]),
        ),
        changed_to(
            case(
                "两个 β 都是 0，一个权重是负的",
                "both betas are 0, one weight is negative",
                4,
                2,
                1,
                decay=0.5,
            ),
            w=np.array([-1.5, 2.0]),
            beta1=0.0,
            beta2=0.0,
        ),
        changed_to(
            case(
                "floor 等于 peak，没有权重衰减",
                "the floor is the peak, no weight decays",
                3,
                2,
                1,
                0.3,
                decay=0.5,
            ),
            peak=0.3,
            decays=np.array([False, False]),
        ),
    ]


def changed_to(case, **others):
    label, inputs = case
    return label, inputs | others


def scale_changes_nothing(call, given):
    if given["epsilon"] > 1e-6:
        return True
    return close(call(given)[1], call(given | {"gradients": given["gradients"] * 10})[1])


def first_step_is_the_rate(call, given):
    if given["epsilon"] > 1e-6 or not given["gradients"][0].all():
        return True
    rates, weights = call(given | {"decay": 0.0})
    return close(np.abs(np.asarray(weights)[0] - given["w"]), np.asarray(rates)[0])


def rates_rise_and_fall(call, given):
    rates, warmup = np.asarray(call(given)[0]), given["warmup"]
    path = np.append(rates[max(warmup - 1, 0) :], given["floor"])
    top = warmup == 0 or close(rates[warmup - 1], given["peak"])
    falls = warmup == len(rates) or close(rates[-1], given["floor"])
    return top and falls and (np.diff(rates[:warmup]) > 0).all() and (np.diff(path) < 1e-6).all()


def the_others_do_not_decay(call, given):
    more = call(given | {"decay": given["decay"] + 0.1})[1]
    moved = (np.abs(np.asarray(more) - np.asarray(call(given)[1])) > 1e-9).any(axis=0)
    return not moved[~given["decays"]].any()


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    """w: (count,); gradients: (steps, count); decays: (count,), boolean."""
    return np.zeros(len(gradients)), np.zeros_like(gradients)  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    steps, m, v = len(gradients), np.zeros(w.shape), np.zeros(w.shape)
    rates, weights = [], []
    for t, g in enumerate(gradients, start=1):
        if t <= warmup:
            rate = peak * t / warmup
        else:
            done = (t - warmup) / (steps - warmup)
            rate = floor + (peak - floor) * (1 + math.cos(math.pi * done)) / 2
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        mean, square = m / (1 - beta1**t), v / (1 - beta2**t)
        w = w - rate * (mean / (np.sqrt(square) + epsilon) + decay * decays * w)
        rates.append(rate)
        weights.append(w)
    return np.array(rates), np.array(weights)
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


CORRECTED = "mean, square = m / (1 - beta1**t), v / (1 - beta2**t)"
STEP = "w = w - rate * (mean / (np.sqrt(square) + epsilon) + decay * decays * w)"
COSINE = "floor + (peak - floor) * (1 + math.cos(math.pi * done)) / 2"
WRONG = {
    "no bias correction": mistake(
        "没有做偏差修正",
        "there is no bias correction",
        "m 和 v 从 0 起步，要除以 1 − β 的 t 次方。",
        "m and v begin at 0: divide each by 1 − β to the power of t.",
        CORRECTED,
        "mean, square = m, v",
    ),
    "second moment not corrected": mistake(
        "v 没有做偏差修正",
        "the second moment is not corrected",
        "v 也从 0 起步，除以 1 − β2 的 t 次方。",
        "v begins at 0 as well: divide it by 1 − β2 to the power of t.",
        "v / (1 - beta2**t)",
        "v",
    ),
    "correction counts from 0": mistake(
        "偏差修正的 t 从 0 数起，第一步除以 0",
        "the correction counts from 0, and the first step divides by 0",
        "第一步的 t 是 1。",
        "The first step has t = 1.",
        CORRECTED,
        "mean, square = m / (1 - beta1 ** (t - 1)), v / (1 - beta2 ** (t - 1))",
    ),
    "L2 in the gradient": mistake(
        "衰减加进了梯度：这是 Adam 加 L2，不是 AdamW",
        "the decay is added to the gradient: Adam with L2, not AdamW",
        "衰减不进 m 和 v，直接从权重里减。",
        "The decay enters neither m nor v: take it off the weights.",
        "        m = beta1",
        "        g = g + decay * decays * w\n        m = beta1",
        " + decay * decays * w)",
        ")",
    ),
    "decay without the rate": mistake(
        "衰减没有乘学习率",
        "the decay is not multiplied by the rate",
        "这里按 rate · decay · w 衰减。",
        "Here the decay is rate · decay · w.",
        STEP,
        "w = w - rate * mean / (np.sqrt(square) + epsilon) - decay * decays * w",
    ),
    "decay at the peak rate": mistake(
        "衰减乘的是最高学习率，没有跟着变化",
        "the decay uses the peak rate, whatever the schedule says",
        "衰减和更新用同一个 rate。",
        "Decay and update share the rate of the step.",
        STEP,
        "w = w - rate * mean / (np.sqrt(square) + epsilon) - peak * decay * decays * w",
    ),
    "decay of the new weights": mistake(
        "先更新，再让更新后的权重衰减",
        "the step comes first, and the decay takes the new weights",
        "衰减用更新之前的 w。",
        "The decay takes w as it was before the step.",
        STEP,
        "w = w - rate * mean / (np.sqrt(square) + epsilon)\n        w = w - rate * decay * decays * w",
    ),
    "everything decays": mistake(
        "所有权重都衰减了",
        "all weights decay",
        "只有 decays 为 True 的衰减；偏置和归一化的增益往往不衰减。",
        "Only where decays is true: biases and gains of norms are often left out.",
        "decay * decays * w",
        "decay * w",
    ),
    "the others decay": mistake(
        "衰减的正好反了",
        "just the others decay",
        "decays 为 True 的才衰减。",
        "Weights decay where decays is true.",
        "decay * decays * w",
        "decay * ~decays * w",
    ),
    "no decay": mistake(
        "没有衰减",
        "nothing decays",
        "还要减去 rate · decay · w。",
        "Take off rate · decay · w as well.",
        " + decay * decays * w)",
        ")",
    ),
    "epsilon inside the root": mistake(
        "ε 加在了根号里面",
        "epsilon is added inside the root",
        "先开方，再加 ε。",
        "Take the root first, then add epsilon.",
        "np.sqrt(square) + epsilon",
        "np.sqrt(square + epsilon)",
    ),
    "epsilon before the correction": mistake(
        "ε 加在了修正之前的 √v 上",
        "epsilon is added to the root of v before the correction",
        "先修正，再开方，再加 ε。Keras 的 ε 就加在修正之前，这一题不是。",
        "Correct, take the root, then add epsilon. Keras adds it before; this problem does not.",
        "(np.sqrt(square) + epsilon)",
        "((np.sqrt(v) + epsilon) / np.sqrt(1 - beta2**t))",
    ),
    "no epsilon": mistake(
        "没有加 ε：梯度全是 0 时，0 / 0 得 NaN",
        "no epsilon: where all gradients are 0, 0 / 0 is NaN",
        "分母是 √square + ε。",
        "The denominator is √square + ε.",
        " + epsilon",
        "",
    ),
    "no root": mistake(
        "没有开方",
        "there is no root",
        "梯度放大十倍，步长应当不变。",
        "Gradients ten times as large should make the same step.",
        "np.sqrt(square)",
        "square",
    ),
    "square of the mean": mistake(
        "v 累积的是 m 的平方",
        "v averages the squares of m",
        "v 是梯度平方的平均：g**2。",
        "v is a mean of squared gradients: g**2.",
        "g**2",
        "m**2",
    ),
    "betas swapped": mistake(
        "β1 和 β2 用反了",
        "the betas are swapped",
        "m 用 β1，v 用 β2。",
        "m uses β1, and v uses β2.",
        "train(w, gradients, decays, peak, floor, warmup, beta1, beta2,",
        "train(w, gradients, decays, peak, floor, warmup, beta2, beta1,",
    ),
    "sums for means": mistake(
        "梯度前面少了 1 − β1",
        "the gradient lacks its 1 − β1",
        "m 是加权平均：β1 · m + (1 − β1) · g。",
        "m is a weighted mean: β1 · m + (1 − β1) · g.",
        "(1 - beta1) * g",
        "g",
    ),
    "sums for means of squares": mistake(
        "梯度的平方前面少了 1 − β2",
        "the squared gradient lacks its 1 − β2",
        "v 是加权平均：β2 · v + (1 − β2) · g²。",
        "v is a weighted mean: β2 · v + (1 − β2) · g².",
        "(1 - beta2) * g**2",
        "g**2",
    ),
    "no momentum": mistake(
        "更新用的是这一步的梯度，没有用 m",
        "the step takes the gradient, not m",
        "分子是修正后的 m。",
        "The numerator is the corrected m.",
        "m / (1 - beta1**t)",
        "g",
    ),
    "everything a step late": mistake(
        "预热和余弦都晚一步：t 从 0 数起",
        "warm-up and cosine are a step late: t counts from 0",
        "第一步的 t 是 1；最后一步正好降到 floor。",
        "The first step has t = 1; the last one ends at the floor.",
        "peak * t / warmup",
        "peak * (t - 1) / warmup",
        "(t - warmup) / (steps - warmup)",
        "(t - 1 - warmup) / (steps - warmup)",
    ),
    "cosine a step late": mistake(
        "余弦晚一步：预热之后又走一步 peak，最后到不了 floor",
        "the cosine is a step late: one more step at the peak, and the floor is not reached",
        "进度是 (t − warmup) / (steps − warmup)，t 从 1 数起。",
        "Its progress is (t − warmup) / (steps − warmup), with t from 1.",
        "(t - warmup) / (steps - warmup)",
        "(t - 1 - warmup) / (steps - warmup)",
    ),
    "warm-up from the floor": mistake(
        "预热从 floor 升起",
        "the warm-up starts from the floor",
        "预热与 floor 无关：peak · t / warmup。",
        "The floor has no part in the warm-up: peak · t / warmup.",
        "peak * t / warmup",
        "floor + (peak - floor) * t / warmup",
    ),
    "warm-up from 0": mistake(
        "预热从 0 开始，第一步白走",
        "the warm-up begins at 0, and the first step does nothing",
        "第 t 步是 peak · t / warmup，t 从 1 数起。",
        "Step t has peak · t / warmup, and t begins at 1.",
        "peak * t / warmup",
        "peak * (t - 1) / warmup",
    ),
    "no warm-up": mistake(
        "没有预热",
        "there is no warm-up",
        "前 warmup 步，学习率一步步升到 peak。",
        "In the first `warmup` steps the rate rises to the peak.",
        "rate = peak * t / warmup",
        "rate = peak",
    ),
    "cosine over all steps": mistake(
        "余弦从第 0 步算起，预热一完学习率就跳",
        "the cosine counts from step 0, and the rate jumps after the warm-up",
        "进度是 (t − warmup) / (steps − warmup)。",
        "Its progress is (t − warmup) / (steps − warmup).",
        "(t - warmup) / (steps - warmup)",
        "t / steps",
    ),
    "cosine not halved": mistake(
        "1 + cos 没有除以 2",
        "1 + cos is not halved",
        "1 + cos 从 2 降到 0，要除以 2。",
        "1 + cos falls from 2 to 0: halve it.",
        COSINE,
        "floor + (peak - floor) * (1 + math.cos(math.pi * done))",
    ),
    "a straight line": mistake(
        "降得像直线，不是余弦",
        "the rate falls on a straight line, not on a cosine",
        "用 (1 + cos(π · 进度)) / 2。",
        "Use (1 + cos(π · progress)) / 2.",
        COSINE,
        "floor + (peak - floor) * (1 - done)",
    ),
    "floor ignored": mistake(
        "学习率降到了 0，没有停在 floor",
        "the rate falls to 0, not to the floor",
        "余弦从 peak 降到 floor。",
        "The cosine leads from peak to floor.",
        COSINE,
        "peak * (1 + math.cos(math.pi * done)) / 2",
    ),
    "floor on top": mistake(
        "floor 是额外加上去的",
        "the floor is added on top",
        "余弦的幅度是 peak − floor。",
        "The cosine spans peak − floor.",
        "(peak - floor) *",
        "peak *",
    ),
    "cut off at the floor": mistake(
        "余弦降向 0，到 floor 就截住",
        "the cosine falls towards 0 and is cut off at the floor",
        "余弦的幅度是 peak − floor，最后一步才到 floor。",
        "The cosine spans peak − floor and reaches the floor in the last step.",
        COSINE,
        "max(floor, peak * (1 + math.cos(math.pi * done)) / 2)",
    ),
    "weights before the step": mistake(
        "每一步存的是更新之前的权重",
        "the weights of each step are those before it",
        "先更新，再存。",
        "Step first, then keep the weights.",
        STEP,
        "weights.append(w)\n        " + STEP,
        "        rates.append(rate)\n        weights.append(w)",
        "        rates.append(rate)",
    ),
    "one array for all steps": mistake(
        "每一步存的是同一个数组：−= 连前面存下的也改了",
        "all steps hold one array: −= changes those that were kept",
        "写 w = w − …，或者存 w.copy()。",
        "Write w = w − …, or keep w.copy().",
        "w = w - rate *",
        "w -= rate *",
        "    rates, weights = [], []",
        "    rates, weights, w = [], [], w.copy()",
    ),
    "weights changed in place": mistake(
        "就地改了 w：输入变了，每一步存的也是同一个数组",
        "w is changed in place: the input changes, and all steps hold one array",
        "写 w = w − …，不写 w −= …。",
        "Write w = w − …, not w −= ….",
        "w = w - rate *",
        "w -= rate *",
    ),
}
VARIANTS = {
    "rates first, in float32": """
import numpy as np
def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    f = np.float32
    t = np.arange(1, len(gradients) + 1, dtype=f)
    done = np.clip((t - warmup) / max(len(t) - warmup, 1), 0, 1)
    rates = np.where(t <= warmup, peak * t / max(warmup, 1), floor + (peak - floor) * np.cos(np.pi * done / 2) ** 2).astype(f)
    w, gradients, m, v = w.astype(f), gradients.astype(f), f(0), f(0)
    weights = []
    for i, (rate, g) in enumerate(zip(rates, gradients), 1):
        w = np.where(decays, w * (1 - rate * f(decay)), w)
        m += (g - m) * f(1 - beta1)
        v += (g * g - v) * f(1 - beta2)
        w = w - rate / f(1 - beta1**i) * m / (np.sqrt(v) / f(np.sqrt(1 - beta2**i)) + f(epsilon))
        weights.append(w)
    return rates, np.stack(weights)
""",
    "no state: weighted means by a matrix": """
import numpy as np
def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    steps = len(gradients)
    t = np.arange(steps)
    def mean(x, beta):
        age = t[:, None] - t
        weights = np.where(age >= 0, beta ** np.maximum(age, 0.0), 0)
        return weights / weights.sum(1, keepdims=True) @ x
    move = mean(gradients, beta1) / (np.sqrt(mean(gradients**2, beta2)) + epsilon)
    rates = np.array([
        peak * (i + 1) / warmup if i < warmup
        else (peak + floor + (peak - floor) * np.cos(np.pi * (i + 1 - warmup) / (steps - warmup))) / 2
        for i in range(steps)
    ])
    path = []
    for rate, step in zip(rates, move):
        w = w - rate * step - rate * decay * np.where(decays, w, 0)
        path.append(w)
    return rates, path
""",
}
PROBLEM = {
    "name": "adamw",
    "function": "train",
    "outputs": ["rates", "weights"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "学习率没有升到 peak，再降到 floor",
                "the rates do not rise to the peak and fall to the floor",
            ),
            rates_rise_and_fall,
        ),
        (
            pair(
                "不衰减时，第一步之后的权重离起点不是一个学习率",
                "without decay, the weights after step 1 are not one rate away from the start",
            ),
            first_step_is_the_rate,
        ),
        (
            pair(
                "梯度放大十倍，权重就不一样了",
                "with gradients ten times as large, the weights come out differently",
            ),
            scale_changes_nothing,
        ),
        (
            pair(
                "衰减加大，不该衰减的权重也动了",
                "more decay moves weights that should not decay",
            ),
            the_others_do_not_decay,
        ),
    ],
    "hints": [
        pair(
            "t 从 1 数起：t ≤ warmup 用 peak · t / warmup，之后用余弦。",
            "t begins at 1: up to warmup the rate is peak · t / warmup, then a cosine.",
        ),
        pair(
            "余弦的进度是 (t − warmup) / (steps − warmup)，从 peak 降到 floor。",
            "The progress of the cosine is (t − warmup) / (steps − warmup); it leads from peak to floor.",
        ),
        pair(
            "m、v 是 g 和 g² 的滑动平均，各除以 1 − β 的 t 次方。",
            "m and v are moving averages of g and g²; divide each by 1 − β to the power of t.",
        ),
        pair(
            "衰减不进 m 和 v：w − rate · (mean / (√square + ε) + decay · w)，后一项只给 decays 为 True 的。",
            "The decay enters neither m nor v: w − rate · (mean / (√square + ε) + decay · w), the last term only where decays is true.",
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
verdict = judge(WRONG["L2 in the gradient"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
