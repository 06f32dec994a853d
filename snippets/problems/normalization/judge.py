# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of LayerNorm and RMSNorm with backward: uv run judge.py my_attempt.py --watch"""

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
def forward(x, gain, epsilon, center):
    """One row at a time, as the formula stands."""
    y = np.zeros(x.shape)
    for b, t in np.ndindex(x.shape[:2]):
        row = x[b, t] - (sum(x[b, t]) / len(gain) if center else 0.0)
        y[b, t] = row / (sum(row**2) / len(gain) + epsilon) ** 0.5 * gain
    return y


def slope(loss, at):
    """The gradient of a number by an array, by differences: four points, error of fourth order."""
    gradient, step = np.zeros(at.shape), 1e-3
    for i in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[i] = step
        near, far = loss(at + move) - loss(at - move), loss(at + 2 * move) - loss(at - 2 * move)
        gradient[i] = (8 * near - far) / (12 * step)
    return gradient


def oracle(x, gain, dy, epsilon, center):
    """The gradients come from differences of the forward pass: no formula to get wrong twice."""
    by_x = slope(lambda x: (forward(x, gain, epsilon, center) * dy).sum(), x)
    by_gain = slope(lambda gain: (forward(x, gain, epsilon, center) * dy).sum(), gain)
    return forward(x, gain, epsilon, center), by_x, by_gain


def call(normalize, given):
    return normalize(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, batch, time, features, center, epsilon=1e-5, scale=1.0, shift=0.0):
        x = (rng.normal(size=(batch, time, features)) * scale + shift).round(1)
        gain, dy = rng.normal(size=features).round(1), rng.normal(size=x.shape).round(1)
        return pair(zh, en), {"x": x, "gain": gain, "dy": dy, "epsilon": epsilon, "center": center}

    return [
        case("RMSNorm，两个特征", "RMSNorm, two features", 1, 1, 2, False, shift=2.0),
        case("LayerNorm，三个特征", "LayerNorm, three features", 1, 1, 3, True),
        case("RMSNorm，均值不为 0", "RMSNorm, a mean far from 0", 1, 1, 3, False, shift=5.0),
        case("RMSNorm，ε 不小", "RMSNorm, an epsilon that counts", 1, 1, 4, False, epsilon=0.5),
        case(
            "RMSNorm，一行全是 0",
            "RMSNorm, a row of zeros",
            1,
            1,
            4,
            False,
            epsilon=0.01,
            scale=0.0,
        ),
        case("LayerNorm，ε 不小", "LayerNorm, an epsilon that counts", 1, 1, 5, True, epsilon=0.5),
        case("RMSNorm，三个 token", "RMSNorm, three tokens", 1, 3, 4, False),
        case(
            "LayerNorm，两条序列", "LayerNorm, two sequences", 2, 3, 4, True, scale=3.0, shift=2.0
        ),
        case(
            "RMSNorm，数很小，ε 为 0",
            "RMSNorm, small numbers, no epsilon",
            1,
            1,
            5,
            False,
            0.0,
            0.1,
            0.1,
        ),
        case(
            "LayerNorm，两个特征，ε 为 0",
            "LayerNorm, two features, no epsilon",
            1,
            1,
            2,
            True,
            0.0,
            3.0,
        ),
        case(
            "LayerNorm，一行全相等",
            "LayerNorm, a row of equal numbers",
            1,
            1,
            3,
            True,
            0.01,
            0.0,
            2.0,
        ),
    ]


def tokens_do_not_mix(call, given):
    moved = given["x"].copy()
    moved[:, -1] += np.arange(len(given["gain"]))
    before, after = call(given), call(given | {"x": moved})
    return all(close(before[n][:, :-1], after[n][:, :-1]) for n in (0, 1))


def shift_changes_nothing(call, given):
    if not given["center"]:
        return True
    return close(call(given)[0], call(given | {"x": given["x"] + 3.0})[0])


def dx_sums_to_zero(call, given):
    return not given["center"] or close(np.asarray(call(given)[1]).sum(axis=-1), 0)


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def normalize(x, gain, dy, epsilon, center):
    """x, dy: (batch, time, features); gain: (features,); returns y, dx, dgain."""
    return np.zeros_like(x), np.zeros_like(x), np.zeros_like(gain)  # TODO: yours.
'''

SOLUTION = """import numpy as np


def normalize(x, gain, dy, epsilon, center):
    mean = x.mean(axis=-1, keepdims=True) if center else 0.0
    middle = x - mean
    scale = 1 / np.sqrt((middle**2).mean(axis=-1, keepdims=True) + epsilon)
    normal = middle * scale  # (batch, time, features)
    y = normal * gain
    dgain = (dy * normal).sum(axis=(0, 1))
    dnormal = dy * gain
    dx = dnormal - normal * (dnormal * normal).mean(axis=-1, keepdims=True)
    if center:
        dx = dx - dnormal.mean(axis=-1, keepdims=True)
    return y, dx * scale, dgain
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


DX = "dx = dnormal - normal * (dnormal * normal).mean(axis=-1, keepdims=True)"
WRONG = {
    "mean and spread held constant": mistake(
        "反传时把均值和标准差当成了常数",
        "backward treats mean and spread as constants",
        "x 的每个分量都会改变这一行的均值和标准差。",
        "Each component of x changes the mean and spread of its row.",
        DX,
        "dx = dnormal",
        "if center:\n        dx",
        "if False:\n        dx",
    ),
    "spread held constant": mistake(
        "反传时把标准差当成了常数",
        "backward treats the spread as a constant",
        "还少一项：normal 乘以 dnormal · normal 的平均。",
        "A term is missing: normal times the mean of dnormal · normal.",
        DX,
        "dx = dnormal",
    ),
    "mean held constant": mistake(
        "反传时把均值当成了常数",
        "backward treats the mean as a constant",
        "减均值的反传：dnormal 也要减去自己的均值。",
        "The backward of “minus the mean” is “minus the mean of dnormal”.",
        "if center:\n        dx",
        "if False:\n        dx",
    ),
    "mean subtracted in RMSNorm": mistake(
        "RMSNorm 也减了均值",
        "RMSNorm subtracts the mean, too",
        "RMSNorm 只除以均方根。",
        "RMSNorm only divides by the root mean square.",
        "if center else 0.0",
        "if True else 0.0",
        "if center:\n        dx",
        "if True:\n        dx",
    ),
    "mean not subtracted in LayerNorm": mistake(
        "LayerNorm 没有减均值",
        "LayerNorm does not subtract the mean",
        "center 为 True 时，先减均值，再算方差。",
        "Where center is true, subtract the mean before the variance.",
        "if center else 0.0",
        "if False else 0.0",
        "if center:\n        dx",
        "if False:\n        dx",
    ),
    "variance in RMSNorm": mistake(
        "RMSNorm 除的是标准差：分子没减均值，方差里减了",
        "RMSNorm divides by the standard deviation: the variance subtracts the mean",
        "RMSNorm 除以均方根：直接对 x 的平方求平均。",
        "RMSNorm divides by the root of the mean of x squared.",
        "(middle**2).mean(axis=-1, keepdims=True)",
        "x.var(axis=-1, keepdims=True)",
    ),
    "dx centred in RMSNorm": mistake(
        "RMSNorm 的 dx 也减了均值",
        "the mean is subtracted from dx in RMSNorm, too",
        "前向没减均值，反传就没有这一项。",
        "What the forward pass does not subtract has no term on the way back.",
        "if center:\n        dx",
        "if True:\n        dx",
    ),
    "variance over n - 1": mistake(
        "方差除以了 n − 1",
        "the variance is divided by n − 1",
        "归一化层用有偏的方差：除以 n。",
        "Normalization layers divide by n.",
        "(middle**2).mean(axis=-1, keepdims=True)",
        "(middle**2).sum(axis=-1, keepdims=True) / (x.shape[-1] - 1)",
    ),
    "epsilon outside the root": mistake(
        "ε 加在了根号外面",
        "epsilon is added outside the root",
        "先加 ε，再开方。",
        "Add epsilon first, then take the root.",
        "1 / np.sqrt((middle**2).mean(axis=-1, keepdims=True) + epsilon)",
        "1 / (np.sqrt((middle**2).mean(axis=-1, keepdims=True)) + epsilon)",
    ),
    "no epsilon": mistake(
        "没有加 ε，全 0 的行得 NaN",
        "no epsilon: a row of zeros gives NaN",
        "一行全是 0 时，分母是多少？",
        "What is the denominator for a row of zeros?",
        " + epsilon",
        "",
    ),
    "epsilon fixed": mistake(
        "ε 写死成了 1e-5",
        "epsilon is fixed at 1e-5",
        "ε 用传进来的；它可以是 0，也可以是 0.5。",
        "Take the epsilon that is given; it may be 0 or 0.5.",
        " + epsilon",
        " + 1e-5",
    ),
    "no root": mistake(
        "除以了方差，没有开方",
        "divided by the variance, without the root",
        "除以标准差，单位才对得上。",
        "Divide by the standard deviation; check the units.",
        "1 / np.sqrt((middle**2).mean(axis=-1, keepdims=True) + epsilon)",
        "1 / ((middle**2).mean(axis=-1, keepdims=True) + epsilon)",
    ),
    "over the tokens": mistake(
        "沿 token 的方向求了均方",
        "the mean square runs over the tokens",
        "每个 token 自己归一化：沿最后一维。",
        "Each token is normalized by itself: along the last axis.",
        "(middle**2).mean(axis=-1",
        "(middle**2).mean(axis=1",
    ),
    "over the whole sequence": mistake(
        "均方对 token 和特征一起求了",
        "the mean square runs over tokens and features",
        "每个 token 自己归一化：只沿最后一维。",
        "Each token is normalized by itself: along the last axis alone.",
        "(middle**2).mean(axis=-1",
        "(middle**2).mean(axis=(1, 2)",
    ),
    "one plus gain": mistake(
        "乘的是 1 + gain：有的模型这样存，这一题不是",
        "multiplied by 1 + gain: some models store it so, this problem does not",
        "y = normal · gain。",
        "y = normal · gain.",
        "y = normal * gain",
        "y = normal * (1 + gain)",
        "dnormal = dy * gain",
        "dnormal = dy * (1 + gain)",
    ),
    "gain forgotten backwards": mistake(
        "反传到 x 时忘了乘 gain",
        "gain is left out on the way back to x",
        "y = normal · gain，所以 dnormal = dy · gain。",
        "y = normal · gain, so dnormal = dy · gain.",
        "dnormal = dy * gain",
        "dnormal = dy",
    ),
    "dgain from x": mistake(
        "dgain 用了 x，没有用归一化之后的值",
        "dgain uses x where it needs the normalized value",
        "gain 乘的是 normal。",
        "What gain multiplies is normal.",
        "(dy * normal).sum",
        "(dy * x).sum",
    ),
    "dgain from y": mistake(
        "dgain 用了 y，多乘了一次 gain",
        "dgain uses y, which holds gain once too often",
        "gain 乘的是 normal。",
        "What gain multiplies is normal.",
        "(dy * normal).sum",
        "(dy * y).sum",
    ),
    "scale left out of dx": mistake(
        "dx 没有乘 scale",
        "dx is not multiplied by scale",
        "normal = middle · scale，反传也要乘 scale。",
        "normal = middle · scale: the way back multiplies by scale as well.",
        "dx * scale",
        "dx",
    ),
    "spread term with the wrong sign": mistake(
        "标准差那一项的符号反了",
        "the term of the spread has the wrong sign",
        "x 变大，标准差也变大，这一项是减：−normal · mean(dnormal · normal)。",
        "A larger spread makes y smaller: −normal · mean(dnormal · normal).",
        "dnormal - normal *",
        "dnormal + normal *",
    ),
    "spread term as a sum": mistake(
        "标准差那一项求了和，应当求平均",
        "the term of the spread is a sum, not a mean",
        "均方除以特征数，反传也除。",
        "The mean square divides by the number of features, and so does its backward.",
        "(dnormal * normal).mean(",
        "(dnormal * normal).sum(",
    ),
    "dgain as a mean": mistake(
        "dgain 对 token 求了平均，应当求和",
        "dgain is a mean over the tokens, not a sum",
        "同一个 gain 用了多次，梯度相加。",
        "One gain is used many times: its gradients add up.",
        ".sum(axis=(0, 1))",
        ".mean(axis=(0, 1))",
    ),
    "dgain of the first sequence": mistake(
        "dgain 只加了第一条序列",
        "dgain sums over the first sequence only",
        "batch 和 time 两维都要加。",
        "Sum over batch and over time.",
        "(dy * normal).sum(axis=(0, 1))",
        "(dy * normal)[0].sum(axis=0)",
    ),
}
VARIANTS = {
    "moments in float32": """
import numpy as np
def normalize(x, gain, dy, epsilon, center):
    x, gain, dy = (a.astype(np.float32) for a in (x, gain, dy))
    n = x.shape[-1]
    middle = x - x.mean(-1, keepdims=True) * np.float32(center)
    root = np.sqrt(np.einsum("bti,bti->bt", middle, middle)[..., None] / n + np.float32(epsilon))
    g = dy * gain
    dx = g / root - middle * (g * middle).sum(-1, keepdims=True) / (n * root**3)
    dx -= center * dx.mean(-1, keepdims=True)
    return middle / root * gain, dx, np.einsum("bti,bti->i", dy, middle / root)
""",
    "the Jacobian of each row": """
import numpy as np
def normalize(x, gain, dy, epsilon, center):
    n = x.shape[-1]
    still = np.eye(n) - center / n
    middle = x @ still
    s = 1 / np.sqrt((middle**2).mean(-1) + epsilon)[..., None, None]
    normal = middle * s[..., 0]
    jacobian = s * (np.eye(n) - normal[..., :, None] * normal[..., None, :] / n) @ still
    dx = np.einsum("bti,btij->btj", dy * gain, jacobian)
    return normal * gain, dx, np.tensordot(dy * normal, np.ones(x.shape[:2]), ((0, 1), (0, 1)))
""",
}
PROBLEM = {
    "name": "normalization",
    "function": "normalize",
    "outputs": ["y", "dx", "dgain"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "改动最后一个 token，别的 token 变了", "a change of the last token changes others"
            ),
            tokens_do_not_mix,
        ),
        (
            pair("LayerNorm：x 整体加 3，y 变了", "LayerNorm: adding 3 to all of x changes y"),
            shift_changes_nothing,
        ),
        (
            pair("LayerNorm：dx 每行之和不为 0", "LayerNorm: a row of dx does not sum to 0"),
            dx_sums_to_zero,
        ),
    ],
    "hints": [
        pair(
            "先写前向，存下 normal 和 scale，反传要用。",
            "Write the forward first, and keep normal and scale for the way back.",
        ),
        pair(
            "dgain：normal 乘 dy，对 batch 和 time 求和。",
            "dgain: normal times dy, summed over batch and time.",
        ),
        pair(
            "dnormal = dy · gain；标准差带来一项 −normal · mean(dnormal · normal)。",
            "dnormal = dy · gain; the spread brings the term −normal · mean(dnormal · normal).",
        ),
        pair(
            "均值再带来一项 −mean(dnormal)，只有 LayerNorm 有；最后乘 scale。",
            "The mean brings −mean(dnormal), in LayerNorm only; multiply by scale at the end.",
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
verdict = judge(WRONG["mean and spread held constant"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
