# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of an LSTM layer over sequences with padding: uv run judge.py my_attempt.py --watch"""

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
def oracle(x, real, kernel, recurrent, bias, h, c):
    """One sequence and one unit at a time, with the exponential function alone."""
    (batch, time, features), units = x.shape, h.shape[1]
    outputs, h, c = np.zeros((batch, time, units)), h.copy(), c.copy()
    sigma = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    for b, t in np.ndindex(batch, time):
        before = h[b].copy()
        for u in range(units if real[b, t] else 0):
            i, f, g, o = (
                bias[at]
                + sum(x[b, t, n] * kernel[n, at] for n in range(features))
                + sum(before[n] * recurrent[n, at] for n in range(units))
                for at in range(u, 4 * units, units)
            )
            c[b, u] = sigma(f) * c[b, u] + sigma(i) * (2 * sigma(2 * g) - 1)
            h[b, u] = sigma(o) * (2 * sigma(2 * c[b, u]) - 1)
        outputs[b, t] = h[b]
    return outputs, h, c


def call(lstm, given):
    return lstm(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(63)

    def case(zh, en, real, features, units, started=True):
        real = np.array(real, bool)
        shapes = {"kernel": (features, 4 * units), "recurrent": (units, 4 * units)}
        given = {"x": rng.normal(size=(*real.shape, features)), "real": real}
        given |= {name: rng.normal(size=shape) for name, shape in shapes.items()}
        given["bias"] = rng.normal(size=4 * units)
        given |= {name: started * rng.normal(size=(len(real), units)) for name in "hc"}
        return pair(zh, en), {
            name: one if name == "real" else one.round(1) + 0.0 for name, one in given.items()
        }

    return [
        case("一步，一个单元，从 0 开始", "one step, one unit, from 0", [[1]], 1, 1, False),
        case("一步，一个单元，状态不为 0", "one step, one unit, from a state", [[1]], 1, 1),
        case("一步，两个单元", "one step, two units", [[1]], 1, 2),
        case("三步，两个单元", "three steps, two units", [[1, 1, 1]], 1, 2),
        case("末尾是填充", "padding at the end", [[1, 1, 0, 0]], 1, 1),
        case("开头和中间是填充", "padding at the start and inside", [[0, 1, 0, 1]], 1, 2),
        case("全是填充", "nothing but padding", [[0, 0]], 2, 2),
        case(
            "两条序列，长短不同",
            "two sequences, not equally long",
            [[1, 1, 1, 1], [1, 1, 0, 0]],
            3,
            2,
        ),
        case("三条序列，六步", "three sequences, six steps", np.ones((3, 6)), 2, 4),
    ]


def padding_counts_for_nothing(call, given):
    other = np.where(given["real"][..., None], given["x"], given["x"] + 1.0)
    return all(map(close, call(given), call(given | {"x": other})))


def later_steps_change_no_earlier_output(call, given):
    x = given["x"].copy()
    x[:, -1] += 1.0
    return close(call(given)[0][:, :-1], call(given | {"x": x})[0][:, :-1])


def two_calls_are_one(call, given):
    half = given["x"].shape[1] // 2
    if not half:
        return True
    part = lambda where: {name: given[name][:, where] for name in ("x", "real")}  # noqa: E731
    first, h, c = call(given | part(slice(half)))
    rest, *state = call(given | part(slice(half, None)) | {"h": np.asarray(h), "c": np.asarray(c)})
    one = (np.concatenate([first, rest], axis=1), *state)
    return all(map(close, one, call(given)))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def lstm(x, real, kernel, recurrent, bias, h, c):
    """x: (batch, time, features), h and c: (batch, units); returns outputs, h, c."""
    outputs = np.zeros((*x.shape[:2], h.shape[1]))  # TODO: yours.
    return outputs, h, c
'''

SOLUTION = """import numpy as np


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2  # exp(-z) would overflow where z is far below 0


def lstm(x, real, kernel, recurrent, bias, h, c):
    outputs = np.zeros((*x.shape[:2], h.shape[1]))
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent + bias  # (batch, 4 * units)
        i, f, g, o = np.split(z, 4, axis=1)
        new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        new_h = sigmoid(o) * np.tanh(new_c)
        here = real[:, t, None]
        c = np.where(here, new_c, c)
        h = np.where(here, new_h, h)
        outputs[:, t] = h
    return outputs, h, c
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


GATES = "i, f, g, o = np.split(z, 4, axis=1)"
C, H = "sigmoid(f) * c + sigmoid(i) * np.tanh(g)", "sigmoid(o) * np.tanh(new_c)"
KEEP_C, KEEP_H = "c = np.where(here, new_c, c)", "h = np.where(here, new_h, h)"
OUTPUTS = "outputs = np.zeros((*x.shape[:2], h.shape[1]))"
STORE = f"{KEEP_H}\n        outputs[:, t] = h\n    return outputs, h, c"
WRONG = {
    "gates in the order of ONNX": mistake(
        "四块的顺序按 ONNX 的 i、o、f、g",
        "the blocks are taken in ONNX's order: i, o, f, g",
        "题目里的顺序是 i、f、g、o，和 Keras、PyTorch 一样。",
        "The statement's order is i, f, g, o, as in Keras and PyTorch.",
        GATES,
        "i, o, f, g = np.split(z, 4, axis=1)",
    ),
    "candidate last": mistake(
        "候选值取了最后一块，输出门取了第三块",
        "the candidate is taken from the last block, the output gate from the third",
        "题目里的顺序是 i、f、g、o。",
        "The statement's order is i, f, g, o.",
        GATES,
        "i, f, o, g = np.split(z, 4, axis=1)",
    ),
    "units interleaved": mistake(
        "每个单元的四个数挨在一起取",
        "the four numbers of a unit are taken next to each other",
        "先是所有单元的 i，再是所有单元的 f，依此类推。",
        "All units' i come first, then all units' f, and so on.",
        GATES,
        "i, f, g, o = (z[:, n::4] for n in range(4))",
    ),
    "sigmoid for the candidate": mistake(
        "候选值用了 sigmoid",
        "the candidate goes through a sigmoid",
        "候选值可正可负：用 tanh。",
        "The candidate has both signs: tanh.",
        C,
        "sigmoid(f) * c + sigmoid(i) * sigmoid(g)",
    ),
    "no tanh on the way out": mistake(
        "输出时少了 tanh(c)",
        "the output leaves out the tanh of c",
        "h = σ(o) · tanh(c)。",
        "h = σ(o) · tanh(c).",
        H,
        "sigmoid(o) * new_c",
    ),
    "output from the old cell state": mistake(
        "输出用的是更新前的 c",
        "the output reads c from before the update",
        "先更新 c，再算 h。",
        "Update c first, then compute h.",
        H,
        "sigmoid(o) * np.tanh(c)",
    ),
    "forget and input swapped": mistake(
        "遗忘门和输入门用反了",
        "forget gate and input gate have changed places",
        "遗忘门乘旧的 c，输入门乘候选值。",
        "The forget gate multiplies the old c, the input gate the candidate.",
        C,
        "sigmoid(i) * c + sigmoid(f) * np.tanh(g)",
    ),
    "one gate for both": mistake(
        "遗忘门写成了 1 − 输入门，那是 GRU 的做法",
        "1 minus the input gate stands for the forget gate, as in a GRU",
        "LSTM 的遗忘门和输入门各算各的。",
        "An LSTM computes both gates, each from its own block.",
        C,
        "(1 - sigmoid(i)) * c + sigmoid(i) * np.tanh(g)",
    ),
    "one more on the forget gate": mistake(
        "给遗忘门又加了 1",
        "1 is added to the forget gate once more",
        "初始化时的 1 已经在 bias 里。",
        "The 1 of the initialization stands in bias already.",
        C,
        "sigmoid(f + 1) * c + sigmoid(i) * np.tanh(g)",
    ),
    "no bias": mistake(
        "没有加 bias",
        "the bias is left out",
        "z = x W + h U + b。",
        "z = x W + h U + b.",
        " + bias",
        "",
    ),
    "starts from zero": mistake(
        "没有用传进来的 h 和 c，总是从 0 开始",
        "h and c that came in are not used: it starts from zeros",
        "接着传进来的状态算。",
        "Go on from the state that is given.",
        "    for t in range",
        "    h, c = 0 * h, 0 * c\n    for t in range",
    ),
    "the cell state starts anew": mistake(
        "c 没有传到下一步，每一步都从最初的 c 算起",
        "c does not go from step to step: each step takes the first one",
        "两个状态都要传下去：h 和 c。",
        "Two states travel: h and c.",
        KEEP_C,
        "last_c = np.where(here, new_c, c)",
        "return outputs, h, c",
        "return outputs, h, last_c",
    ),
    "the output does not come back": mistake(
        "h 没有传到下一步，每一步都用最初的 h",
        "h does not go from step to step: each step reads the first one",
        "这一步的 h 是下一步的输入。",
        "The h of this step goes into the next.",
        KEEP_H,
        "last_h = np.where(here, new_h, h if t == 0 else last_h)",
        "outputs[:, t] = h\n    return outputs, h, c",
        "outputs[:, t] = last_h\n    return outputs, last_h, c",
    ),
    "padding read": mistake(
        "填充也读进了状态",
        "padding is read like a real step",
        "填充的那一步，h 和 c 保持不变。",
        "At padding, h and c stay as they are.",
        "here = real[:, t, None]",
        "here = True",
    ),
    "padding taken to be at the end": mistake(
        "只数了非填充的步数，默认填充都在末尾",
        "only counts the real steps, as if all padding stood at the end",
        "要看 real 在哪里是 True，不是有几个。",
        "Look where real is True, not how often.",
        "here = real[:, t, None]",
        "here = t < real.sum(axis=1, keepdims=True)",
    ),
    "only the output waits": mistake(
        "填充的那一步只保住了 h，c 还是变了",
        "at padding h waits, c goes on",
        "c 也要保持不变。",
        "c has to wait, too.",
        KEEP_C,
        "c = new_c",
    ),
    "padding clears the state": mistake(
        "填充的那一步把状态清成了 0",
        "padding sets the state to 0",
        "保持不变，不是清零。",
        "The state waits; it is not cleared.",
        KEEP_C,
        "c = np.where(here, new_c, 0.0)",
        KEEP_H,
        "h = np.where(here, new_h, 0.0)",
    ),
    "zeros at padding": mistake(
        "填充那一步的输出写成了 0",
        "the output at padding is 0",
        "这道题里，填充处的输出重复上一个 h。",
        "In this problem the output at padding repeats the last h.",
        "outputs[:, t] = h\n",
        "outputs[:, t] = np.where(here, h, 0.0)\n",
    ),
    "every output the same array": mistake(
        "h 是就地改的，outputs 里存的全是同一个数组",
        "h is changed in place, so every output is the same array",
        "存 h.copy()，或者每一步都造新的 h。",
        "Store h.copy(), or make a new h at each step.",
        OUTPUTS,
        "outputs, h = [], h.copy()",
        STORE,
        "h[:] = np.where(here, new_h, h)\n        outputs.append(h)\n    return np.stack(outputs, axis=1), h, c",
    ),
    "state of the last time step alone": mistake(
        "最后一步是填充的序列，返回了最初的状态",
        "a sequence that ends in padding returns the state it began with",
        "返回的是最后一个非填充步之后的 h 和 c。",
        "What is returned is h and c after the last real step.",
        "    for t in range",
        "    start_h, start_c = h, c\n    for t in range",
        "return outputs, h, c",
        "return outputs, *(np.where(real[:, -1:], *p) for p in ((h, start_h), (c, start_c)))",
    ),
}
VARIANTS = {
    "one matrix for both, in float32": """
import numpy as np
def lstm(x, real, kernel, recurrent, bias, h, c):
    x, bias, h, c = (a.astype(np.float32) for a in (x, bias, h, c))
    both = np.vstack([kernel, recurrent]).astype(np.float32)
    n, outputs = h.shape[1], []
    for x_t, keep in zip(x.swapaxes(0, 1), real.T, strict=True):
        z = np.hstack([x_t, h]) @ both + bias
        gate = 1 / (1 + np.exp(-z))
        g = np.tanh(z[:, 2 * n:3 * n])
        new = gate[:, n:2 * n] * c + gate[:, :n] * g
        step, keep = gate[:, 3 * n:] * np.tanh(new), keep[:, None].astype(np.float32)
        c, h = keep * new + (1 - keep) * c, keep * step + (1 - keep) * h
        outputs.append(h)
    return np.stack(outputs, 1), h, c
""",
    "one sequence at a time, its real steps alone": """
import numpy as np
def lstm(x, real, kernel, recurrent, bias, h, c):
    s = lambda z: 1 / (1 + np.exp(-z))
    outputs, h, c = [], h.copy(), c.copy()
    inputs = np.einsum("btf,fk->btk", x, kernel) + bias
    for b in range(len(x)):
        rows = []
        for t in range(x.shape[1]):
            if real[b, t]:
                i, f, g, o = (inputs[b, t] + h[b] @ recurrent).reshape(4, -1)
                c[b] = s(f) * c[b] + s(i) * np.tanh(g)
                h[b] = s(o) * np.tanh(c[b])
            rows.append(h[b].copy())
        outputs.append(rows)
    return np.array(outputs), h, c
""",
}
PROBLEM = {
    "name": "lstm",
    "function": "lstm",
    "outputs": ["outputs", "h", "c"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("改动填充处的 x，结果变了", "a change of x at padding changes the results"),
            padding_counts_for_nothing,
        ),
        (
            pair(
                "改动最后一步的 x，前面的输出变了",
                "a change of x at the last step changes earlier outputs",
            ),
            later_steps_change_no_earlier_output,
        ),
        (
            pair(
                "分两次调用、状态接着传，结果和一次调用不同",
                "two calls that hand the state on give something else than one call",
            ),
            two_calls_are_one,
        ),
    ],
    "hints": [
        pair(
            "每一步一个 z：x W + h U + b，形状 (batch, 4 · units)，再切成四块。",
            "One z for each step: x W + h U + b, (batch, 4 · units), cut into four blocks.",
        ),
        pair(
            "门用 sigmoid，候选值 g 用 tanh；新的 c = σ(f) · c + σ(i) · tanh(g)。",
            "Gates are sigmoids, the candidate g a tanh; the new c = σ(f) · c + σ(i) · tanh(g).",
        ),
        pair(
            "新的 h = σ(o) · tanh(新的 c)。",
            "The new h = σ(o) · tanh(new c).",
        ),
        pair(
            "np.where(real[:, t, None], 新值, 旧值)：h 和 c 都要，输出取它之后的 h。",
            "np.where(real[:, t, None], new, old) for h and for c; the output is h after it.",
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
verdict = judge(WRONG["only the output waits"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
