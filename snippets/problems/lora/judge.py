# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of the LoRA layer: uv run judge.py my_attempt.py --watch"""

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
def forward(x, w, a, b, scale):
    """The layer as one matrix, the merged one."""
    return x @ (w + scale * b @ a).T


def slope(given, n, dy):
    """The gradient by given[n]: the output is linear in it, so one step of 1 is exact."""
    gradient = np.zeros(given[n].shape)
    for i in np.ndindex(gradient.shape):
        moved = list(given)
        moved[n] = given[n].copy()
        moved[n][i] += 1
        gradient[i] = ((forward(*moved) - forward(*given)) * dy).sum()
    return gradient


def oracle(w, a, alpha, x, dy, rate):
    """The gradients are differences of the forward pass: no formula to get wrong twice."""
    b, scale, steps = np.zeros((w.shape[0], a.shape[0])), alpha / a.shape[0], []
    for x_t, dy_t in zip(x, dy, strict=True):
        now = x_t, w, a, b, scale
        dx, da, db = (slope(now, n, dy_t) for n in (0, 2, 3))
        steps.append((forward(*now), dx, da, db))
        a, b = a - rate * da, b - rate * db
    return *(np.array(one) for one in zip(*steps, strict=True)), w + scale * b @ a


def call(lora, given):
    return lora(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, steps, tokens, fan_in, fan_out, rank, alpha, rate, size=1.0):
        return pair(zh, en), {
            "w": rng.normal(size=(fan_out, fan_in)).round(1),
            "a": rng.normal(size=(rank, fan_in)).round(1),
            "alpha": alpha,
            "x": rng.normal(size=(steps, tokens, fan_in)).round(1) * size,
            "dy": rng.normal(size=(steps, tokens, fan_out)).round(1),
            "rate": rate,
        }

    return [
        case("一步，一个 token，秩 1", "one step, one token, rank 1", 1, 1, 2, 1, 1, 2.0, 0.5),
        case("两步，秩 1", "two steps, rank 1", 2, 1, 2, 1, 1, 0.5, 0.5),
        case("学习率为 0", "a rate of 0", 2, 1, 2, 2, 1, 3.0, 0.0),
        case("方阵，两个 token", "a square weight, two tokens", 2, 2, 2, 2, 2, 3.0, 0.2),
        case("秩 3，满秩", "rank 3, which is full", 2, 1, 3, 3, 3, 1.0, 0.5),
        case("进多出少", "more in than out", 2, 2, 4, 2, 2, 4.0, 0.1),
        case("进少出多，三步", "more out than in, three steps", 3, 2, 2, 5, 2, 1.0, 0.3),
        case("输入上千", "inputs in the thousands", 2, 2, 3, 4, 2, 8.0, 1e-7, 1000.0),
        case("alpha 是秩的 8 倍", "alpha is eight times the rank", 3, 3, 4, 3, 2, 16.0, 0.005),
        case("大小全是 1", "all sizes 1", 1, 1, 1, 1, 1, 2, 0.5),
    ]


def starts_as_the_frozen_layer(call, given):
    return close(call(given)[0][0], given["x"][0] @ given["w"].T)


def b_has_a_gradient(call, given):
    return np.any(call(given)[3])


def merged_gives_the_same_output(call, given):
    """One more step shows what the layer gives after the last."""
    more = {name: np.concatenate([given[name], given[name][-1:]]) for name in ("x", "dy")}
    return close(call(given | more)[0][-1], given["x"][-1] @ np.asarray(call(given)[4]).T)


def empty_rank_changes_nothing(call, given):
    """Twice the rank, the new half zero, and twice alpha: the same scale, the same layer."""
    wide = {"a": np.concatenate([given["a"], 0 * given["a"]]), "alpha": 2 * given["alpha"]}
    one, other = call(given), call(given | wide)
    return all(close(one[n], other[n]) for n in (0, 1, 4))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def lora(w, a, alpha, x, dy, rate):
    """w: (fan_out, fan_in); a: (rank, fan_in); x, dy: (steps, tokens, fan_in or fan_out)."""
    steps, fan_out, rank = len(x), len(w), len(a)
    da, db = np.zeros((steps, *a.shape)), np.zeros((steps, fan_out, rank))
    return np.zeros_like(dy), np.zeros_like(x), da, db, w.copy()  # TODO: yours.
'''

SOLUTION = """import numpy as np


def lora(w, a, alpha, x, dy, rate):
    b = np.zeros((len(w), len(a)))  # (fan_out, rank)
    scale = alpha / len(a)
    y, dx, da, db = [], [], [], []
    for x_t, dy_t in zip(x, dy, strict=True):
        low = x_t @ a.T  # (tokens, rank)
        dlow = scale * dy_t @ b  # (tokens, rank)
        y.append(x_t @ w.T + scale * low @ b.T)
        dx.append(dy_t @ w + dlow @ a)
        da.append(dlow.T @ x_t)
        db.append(scale * dy_t.T @ low)
        a, b = a - rate * da[-1], b - rate * db[-1]
    merged = w + scale * b @ a
    return np.array(y), np.array(dx), np.array(da), np.array(db), merged
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


START = "b = np.zeros((len(w), len(a)))"
SCALE = "scale = alpha / len(a)"
OUTPUT = "x_t @ w.T + scale * low @ b.T"
STEP = "a, b = a - rate * da[-1], b - rate * db[-1]"
MERGED = "merged = w + scale * b @ a"
SCALED_ONCE = ("缩放是 alpha / rank。", "The scale is alpha / rank.")
WRONG = {
    "both start at zero": mistake(
        "A 和 B 都从 0 开始：两个梯度永远是 0，什么也学不到",
        "both matrices start at zero: both gradients stay 0 and nothing is learned",
        "只有 B 从 0 开始；A 用给定的随机数。",
        "Only B starts at zero; A takes the random numbers given.",
        START,
        "a, b = np.zeros_like(a), np.zeros((len(w), len(a)))",
    ),
    "B starts at one": mistake(
        "B 从 1 开始：还没训练，输出就变了",
        "B starts at one: the output changes before training",
        "B 从 0 开始，第一个输出就是冻结层的输出。",
        "B starts at zero, so the first output is that of the frozen layer.",
        START,
        "b = np.ones((len(w), len(a)))",
    ),
    "no scale": mistake("没有缩放", "there is no scale", *SCALED_ONCE, SCALE, "scale = 1"),
    "scaled by alpha alone": mistake(
        "只乘了 alpha，没有除以秩",
        "scaled by alpha, not divided by the rank",
        *SCALED_ONCE,
        SCALE,
        "scale = alpha",
    ),
    "scale turned over": mistake(
        "缩放写成了 rank / alpha",
        "the scale is rank / alpha",
        *SCALED_ONCE,
        SCALE,
        "scale = len(a) / alpha",
    ),
    "scale cut to an integer": mistake(
        "写成了 alpha // rank，余数丢了：alpha 小于秩时，缩放是 0",
        "alpha // rank drops the remainder: below the rank, the scale is 0",
        "用 /，不用 //。",
        "Divide with /, not //.",
        SCALE,
        "scale = alpha // len(a)",
    ),
    "root of the rank": mistake(
        "除以的是秩的平方根：那是 rsLoRA",
        "divided by the root of the rank: that is rsLoRA",
        "这一题除以秩本身。",
        "This problem divides by the rank itself.",
        SCALE,
        "scale = alpha / len(a) ** 0.5",
    ),
    "divided by fan-in": mistake(
        "alpha 除以的是 fan_in，不是秩",
        "alpha is divided by fan_in, not by the rank",
        "a 的形状是 (rank, fan_in)，秩是第一维。",
        "a has shape (rank, fan_in): the rank is its first axis.",
        SCALE,
        "scale = alpha / a.shape[1]",
    ),
    "divided by fan-out": mistake(
        "alpha 除以的是 fan_out，不是秩",
        "alpha is divided by fan_out, not by the rank",
        "b 的形状是 (fan_out, rank)，秩是第二维。",
        "b has shape (fan_out, rank): the rank is its second axis.",
        SCALE,
        "scale = alpha / len(b)",
    ),
    "frozen part scaled too": mistake(
        "冻结层的输出也乘了缩放",
        "the output of the frozen weight is scaled as well",
        "缩放只乘低秩那一支。",
        "The scale belongs to the low-rank branch alone.",
        OUTPUT,
        "scale * (x_t @ w.T + low @ b.T)",
    ),
    "no scale on the way back": mistake(
        "前向乘了缩放，反向没有",
        "the forward pass is scaled, the backward pass is not",
        "前向乘过的数，反向也要乘。",
        "What multiplies on the way forward multiplies on the way back.",
        "dlow = scale * dy_t @ b",
        "dlow = dy_t @ b",
        "scale * dy_t.T @ low",
        "dy_t.T @ low",
    ),
    "scale missing on the way to A and x": mistake(
        "dy 乘 B 时没有乘缩放：A 的梯度和 dx 都少了它",
        "dy times B lacks the scale, and with it the gradient of A and dx",
        "先得 dlow = scale · dy B，再分给两边。",
        "Take dlow = scale · dy B for both.",
        "dlow = scale * dy_t @ b",
        "dlow = dy_t @ b",
    ),
    "gradient of A not scaled": mistake(
        "A 的梯度没有乘缩放",
        "the gradient of A is not scaled",
        "A 的梯度是 (scale · dy B)ᵀ x。",
        "The gradient of A is (scale · dy B)ᵀ x.",
        "dlow.T @ x_t",
        "(dy_t @ b).T @ x_t",
    ),
    "branch in dx not scaled": mistake(
        "dx 里低秩那一支没有乘缩放",
        "the low-rank branch in dx is not scaled",
        "dx 是 dy W + scale · dy B A。",
        "dx is dy W + scale · dy B A.",
        "dy_t @ w + dlow @ a",
        "dy_t @ w + dy_t @ b @ a",
    ),
    "gradient of B not scaled": mistake(
        "B 的梯度没有乘缩放",
        "the gradient of B is not scaled",
        "B 的梯度是 scale · dyᵀ (x Aᵀ)。",
        "The gradient of B is scale · dyᵀ (x Aᵀ).",
        "scale * dy_t.T @ low",
        "dy_t.T @ low",
    ),
    "gradient of A scaled twice": mistake(
        "A 的梯度乘了两次缩放",
        "the gradient of A is scaled twice",
        "dlow 里已经有缩放了。",
        "dlow carries the scale already.",
        "dlow.T @ x_t",
        "scale * dlow.T @ x_t",
    ),
    "gradient of A through W": mistake(
        "A 的梯度经过了冻结的权重，没有经过 B",
        "the gradient of A goes through the frozen weight, not through B",
        "A 只通过 B 影响输出：先乘 B，再乘 x。",
        "A acts on the output through B alone: multiply by B, then by x.",
        "dlow.T @ x_t",
        "(scale * dy_t @ w @ a.T).T @ x_t",
    ),
    "gradient of A sees the new B": mistake(
        "先更新了 B，A 的梯度用的是新的 B",
        "B is stepped first, and the gradient of A takes the new B",
        "两个梯度都用这一步开始时的 A 和 B。",
        "Both gradients take A and B as they were at the start of the step.",
        "da.append(dlow.T @ x_t)",
        "da.append((scale * dy_t @ (b - rate * scale * dy_t.T @ low)).T @ x_t)",
    ),
    "gradient of B sees the new A": mistake(
        "先更新了 A，B 的梯度用的是新的 A",
        "A is stepped first, and the gradient of B takes the new A",
        "两个梯度都用这一步开始时的 A 和 B。",
        "Both gradients take A and B as they were at the start of the step.",
        "scale * dy_t.T @ low",
        "scale * dy_t.T @ (x_t @ (a - rate * da[-1]).T)",
    ),
    "mean over tokens": mistake(
        "梯度除以了 token 数",
        "the gradients are divided by the number of tokens",
        "dy 已经是损失对每个 token 的梯度，对 token 求和即可。",
        "dy is the gradient at each token already: sum over tokens.",
        "dlow.T @ x_t",
        "dlow.T @ x_t / len(x_t)",
        "scale * dy_t.T @ low",
        "scale * dy_t.T @ low / len(x_t)",
    ),
    "old gradients stay": mistake(
        "没有清零：上一步的梯度加了进来",
        "the gradients of earlier steps are added: nothing clears them",
        "每一步的梯度从 0 算起。",
        "Each step begins with gradients of zero.",
        "da.append(dlow.T @ x_t)",
        "da.append(dlow.T @ x_t + sum(da[-1:]))",
        "db.append(scale * dy_t.T @ low)",
        "db.append(scale * dy_t.T @ low + sum(db[-1:]))",
    ),
    "branch missing in dx": mistake(
        "dx 漏了低秩那一支",
        "dx lacks the low-rank branch",
        "x 走两条路到输出，dx 是两条路之和。",
        "x reaches the output on two ways: dx is the sum of both.",
        "dy_t @ w + dlow @ a",
        "dy_t @ w",
    ),
    "frozen weight missing in dx": mistake(
        "dx 漏了冻结的权重：冻结不等于不传梯度",
        "dx lacks the frozen weight: frozen does not mean that no gradient passes",
        "冻结的权重自己没有梯度，但梯度要穿过它传给下面的层。",
        "A frozen weight gets no gradient, but passes one on to the layers below.",
        "dy_t @ w + dlow @ a",
        "dlow @ a",
    ),
    "frozen weight trained": mistake(
        "冻结的权重也更新了",
        "the frozen weight is stepped as well",
        "w 从头到尾不变。",
        "w stays as it is from beginning to end.",
        STEP,
        STEP + "\n        w = w - rate * dy_t.T @ x_t",
    ),
    "frozen weight transposed": mistake(
        "冻结的权重没有转置",
        "the frozen weight is not transposed",
        "w 是 (fan_out, fan_in)，输出是 x wᵀ。",
        "w is (fan_out, fan_in), so the output is x wᵀ.",
        "x_t @ w.T +",
        "x_t @ w +",
    ),
    "uphill": mistake(
        "更新的符号反了",
        "the step has the wrong sign",
        "沿梯度的反方向走：减去 rate · 梯度。",
        "Step against the gradient: take rate · gradient off.",
        STEP,
        "a, b = a + rate * da[-1], b + rate * db[-1]",
    ),
    "A never stepped": mistake(
        "只更新了 B，没有更新 A",
        "only B is stepped, A never",
        "A 和 B 都要训练。",
        "A and B are both trained.",
        STEP,
        "b = b - rate * db[-1]",
    ),
    "B never stepped": mistake(
        "没有更新 B：它一直是 0，A 的梯度也就一直是 0",
        "B is never stepped: it stays 0, and with it the gradient of A",
        "A 和 B 都要训练。",
        "A and B are both trained.",
        STEP,
        "a = a - rate * da[-1]",
    ),
    "dx through the new A and B": mistake(
        "先更新了 A 和 B，dx 用的是新的",
        "A and B are stepped first, and dx takes the new ones",
        "dx 用这一步开始时的 A 和 B。",
        "dx takes A and B as they were at the start of the step.",
        "        dx.append(dy_t @ w + dlow @ a)\n",
        "",
        STEP,
        STEP + "\n        dx.append(dy_t @ w + scale * dy_t @ b @ a)",
    ),
    "merge adds twice": mistake(
        "合并时加了两次",
        "the merge adds the update twice",
        "合并一次：w + scale · B A。",
        "Merge once: w + scale · B A.",
        MERGED,
        "merged = w + 2 * scale * b @ a",
    ),
    "merged after every step": mistake(
        "每一步之后都并进了 w，低秩那一支却还在加",
        "merged into w after every step, while the branch is still added",
        "并进去以后就不能再加；这一题只在最后合并一次。",
        "What is merged must not be added again; here the merge comes once, at the end.",
        STEP,
        STEP + "\n        w = w + scale * b @ a",
    ),
    "merge without scale": mistake(
        "合并时没有乘缩放",
        "the merge lacks the scale",
        "合并后的输出应与合并前一样，缩放不能丢。",
        "The merged layer must give the same output, so the scale is needed.",
        MERGED,
        "merged = w + b @ a",
    ),
    "merge takes away": mistake(
        "合并时减掉了：那是撤销合并",
        "the merge subtracts: that undoes a merge",
        "合并是 w + scale · B A。",
        "The merge is w + scale · B A.",
        MERGED,
        "merged = w - scale * b @ a",
    ),
    "update without the weight": mistake(
        "只返回了低秩的更新，没有加上 w",
        "only the update is returned, without w",
        "合并是 w + scale · B A。",
        "The merge is w + scale · B A.",
        MERGED,
        "merged = scale * b @ a",
    ),
    "merge of the transposed product": mistake(
        "合并时乘积转置了",
        "the merge adds the product transposed",
        "B A 的形状是 (fan_out, fan_in)，与 w 一样。",
        "B A has shape (fan_out, fan_in), that of w.",
        MERGED,
        "merged = w + scale * (b @ a).T",
    ),
    "merge one step early": mistake(
        "合并的是最后一步更新之前的 A 和 B",
        "the merge takes A and B before the last step",
        "最后一步更新之后再合并。",
        "Merge after the last step.",
        MERGED,
        "merged = w + scale * (b + rate * db[-1]) @ (a + rate * da[-1])",
    ),
    "A changed in place": mistake(
        "就地改了 a",
        "a is changed in place",
        "写 a = a − …，不写 a −= …。",
        "Write a = a − …, not a −= ….",
        STEP,
        "a -= rate * da[-1]\n        b -= rate * db[-1]",
    ),
    "w changed in place": mistake(
        "合并时就地改了 w",
        "the merge changes w in place",
        "写 merged = w + …，不写 w += …。",
        "Write merged = w + …, not w += ….",
        MERGED,
        "w += scale * b @ a\n    merged = w",
    ),
}
VARIANTS = {
    "through the gradient of the merged weight": """
import numpy as np
def lora(w, a, alpha, x, dy, rate):
    b, s = np.zeros((w.shape[0], a.shape[0])), alpha / a.shape[0]
    out = []
    for x_t, dy_t in zip(x, dy):
        whole = w + s * (b @ a)
        by_whole = dy_t.T @ x_t
        da, db = s * b.T @ by_whole, s * by_whole @ a.T
        out.append((x_t @ whole.T, dy_t @ whole, da, db))
        a, b = a - rate * da, b - rate * db
    return *map(np.stack, zip(*out)), w + s * (b @ a)
""",
    "loops over tokens in float32": """
import numpy as np
def lora(w, a, alpha, x, dy, rate):
    f = np.float32
    w, a, x, dy, s = w.astype(f), a.astype(f), x.astype(f), dy.astype(f), f(alpha / len(a))
    b = np.zeros((len(w), len(a)), f)
    y, dx = np.zeros_like(dy), np.zeros_like(x)
    das, dbs = [], []
    for t in range(len(x)):
        da, db = np.zeros_like(a), np.zeros_like(b)
        for i in range(x.shape[1]):
            row, back = x[t, i], dy[t, i]
            y[t, i] = w @ row + s * (b @ (a @ row))
            dx[t, i] = w.T @ back + s * (a.T @ (b.T @ back))
            da += s * np.outer(b.T @ back, row)
            db += s * np.outer(back, a @ row)
        das.append(da)
        dbs.append(db)
        a, b = a - f(rate) * da, b - f(rate) * db
    return y, dx, das, dbs, w + s * b @ a
""",
    "a layer with state": """
import numpy as np
class Layer:
    def __init__(self, w, a, alpha):
        self.w, self.a, self.b = w, a.copy(), np.zeros((len(w), len(a)))
        self.scale = alpha / len(a)
    def forward(self, x):
        self.x, self.low = x, np.einsum("tn,rn->tr", x, self.a)
        return x @ self.w.T + np.einsum("tr,mr->tm", self.low, self.scale * self.b)
    def backward(self, dy):
        dlow = dy @ (self.scale * self.b)
        self.da = np.einsum("tr,tn->rn", dlow, self.x)
        self.db = self.scale * np.einsum("tm,tr->mr", dy, self.low)
        return dy @ self.w + dlow @ self.a
    def step(self, rate):
        self.a -= rate * self.da
        self.b -= rate * self.db
def lora(w, a, alpha, x, dy, rate):
    layer, out = Layer(w, a, alpha), []
    for x_t, dy_t in zip(x, dy):
        y = layer.forward(x_t)
        dx = layer.backward(dy_t)
        out.append((y, dx, layer.da, layer.db))
        layer.step(rate)
    return *(np.array(one) for one in zip(*out)), w + layer.scale * layer.b @ layer.a
""",
}
PROBLEM = {
    "name": "lora",
    "function": "lora",
    "outputs": ["y", "dx", "gradient of A", "gradient of B", "merged"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "第一个输出不是冻结层的输出",
                "the first output is not that of the frozen layer",
            ),
            starts_as_the_frozen_layer,
        ),
        (
            pair(
                "每一步 B 的梯度全是 0",
                "the gradient of B is all 0 in every step",
            ),
            b_has_a_gradient,
        ),
        (
            pair(
                "再走一步，它的输出不是 x 乘合并后的权重",
                "with one step more, the output of that step is not x times the merged weight",
            ),
            merged_gives_the_same_output,
        ),
        (
            pair(
                "秩和 alpha 都翻倍，多出的一半是 0，结果却变了",
                "twice the rank, the new half zero, and twice alpha: the result changes",
            ),
            empty_rank_changes_nothing,
        ),
    ],
    "hints": [
        pair(
            "B 从 0 开始，形状 (fan_out, rank)；缩放是 alpha / rank。",
            "B starts at zero, with shape (fan_out, rank); the scale is alpha / rank.",
        ),
        pair(
            "输出是 x Wᵀ + scale · (x Aᵀ) Bᵀ，x Aᵀ 留着反向用。",
            "The output is x Wᵀ + scale · (x Aᵀ) Bᵀ; keep x Aᵀ for the way back.",
        ),
        pair(
            "B 的梯度是 scale · dyᵀ (x Aᵀ)；dy 先乘 scale · B，再与 x 相乘，得 A 的梯度。",
            "The gradient of B is scale · dyᵀ (x Aᵀ); for that of A, multiply dy by scale · B first, then by x.",
        ),
        pair(
            "dx 是两条路之和：dy W + scale · dy B A。",
            "dx is the sum over both ways: dy W + scale · dy B A.",
        ),
        pair(
            "两个梯度都算完，再一起更新；最后合并：W + scale · B A。",
            "Compute both gradients before either step; at the end merge: W + scale · B A.",
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
verdict = judge(WRONG["both start at zero"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
