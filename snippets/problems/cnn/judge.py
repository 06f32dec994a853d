# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of a convolution with ReLU and max-pooling: uv run judge.py my_attempt.py --watch"""

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
def oracle(x, kernel, bias, stride=1):
    """One output at a time, over the pixels that it sees: nothing is padded."""
    (batch, *sides, _), size = x.shape, len(kernel)
    places = [-(-side // stride) for side in sides]
    starts = [
        [stride * i - max((most - 1) * stride + size - side, 0) // 2 for i in range(most)]
        for side, most in zip(sides, places, strict=True)
    ]
    y = np.zeros((batch, *places, len(bias)))
    for n, i, j, f in np.ndindex(y.shape):
        for u, v in np.ndindex(size, size):
            row, column = starts[0][i] + u, starts[1][j] + v
            if 0 <= row < sides[0] and 0 <= column < sides[1]:
                y[n, i, j, f] += sum(x[n, row, column] * kernel[u, v, :, f])
        y[n, i, j, f] = max(y[n, i, j, f] + bias[f], 0)
    return y, largest(y)


def largest(y):
    """Windows of 2 x 2 side by side; a last row or column that fills none is lost."""
    batch, rows, columns, filters = y.shape
    pooled = np.zeros((batch, rows // 2, columns // 2, filters))
    for n, i, j, f in np.ndindex(pooled.shape):
        pooled[n, i, j, f] = y[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, f].max()
    return pooled


def call(conv_block, given):
    """A case without a stride shows its default."""
    return conv_block(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, sides, size, channels=1, filters=1, batch=1, integers=False, **stride):
        x = rng.normal(size=(batch, *sides, channels)).round(1)
        if integers:
            x = rng.integers(0, 17, x.shape).astype(np.uint8)
        kernel = rng.normal(size=(size, size, channels, filters)).round(1)
        return pair(zh, en), {
            "x": x,
            "kernel": kernel,
            "bias": rng.normal(1, 1, filters).round(1),
            **stride,
        }

    return [
        case("核 1 × 1，步幅不写", "a kernel of 1 × 1, no stride given", (2, 2), 1),
        case("核 2 × 2", "a kernel of 2 × 2", (2, 2), 2, stride=1),
        case("核 3 × 3，步幅不写", "a kernel of 3 × 3, no stride given", (3, 4), 3),
        case("灰度是整数", "grey levels that are integers", (3, 3), 2, integers=True),
        case("核比图大", "a kernel larger than the image", (3, 2), 5, stride=1),
        case("步幅 2，边长偶数", "stride 2, even sides", (4, 4), 3, stride=2),
        case("步幅 2，边长一奇一偶", "stride 2, an odd and an even side", (5, 4), 3, stride=2),
        case("步幅 3，和核一样大", "stride 3, as large as the kernel", (6, 6), 3, stride=3),
        case("步幅 3，比核大", "stride 3, larger than the kernel", (6, 5), 1, filters=2, stride=3),
        case("三个通道，两个滤波器", "three channels, two filters", (2, 4), 3, 3, 2, stride=1),
        case(
            "两张图，边长奇数",
            "two images with odd sides",
            (5, 7),
            3,
            channels=2,
            filters=3,
            batch=2,
        ),
        case("核 4 × 4，步幅 2", "a kernel of 4 × 4, stride 2", (7, 6), 4, 2, 2, stride=2),
    ]


def never_negative(call, given):
    return np.all(np.asarray(call(given)[0]) >= 0)


def pools_its_own(call, given):
    y, pooled = call(given)
    return close(pooled, largest(np.asarray(y)))


def channels_have_no_order(call, given):
    back = {"x": given["x"][..., ::-1], "kernel": given["kernel"][:, :, ::-1]}
    return all(map(close, call(given | back), call(given)))


def filters_keep_apart(call, given):
    back = {"kernel": given["kernel"][..., ::-1], "bias": given["bias"][::-1]}
    return all(close(a[..., ::-1], b) for a, b in zip(call(given | back), call(given), strict=True))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def conv_block(x, kernel, bias, stride=1):
    """x: (batch, height, width, channels); kernel: (size, size, channels, filters)."""
    y = np.zeros((*x.shape[:3], len(bias)))  # TODO: "same" convolution, bias, ReLU.
    return y, y[:, 1::2, 1::2]  # TODO: max-pooling, 2 x 2.
'''

SOLUTION = """import numpy as np


def conv_block(x, kernel, bias, stride=1):
    batch, height, width, _ = x.shape
    size, filters = len(kernel), len(bias)
    rows, columns = -(-height // stride), -(-width // stride)  # rounded up

    def zeros(side, places):  # before and after: an odd one stands after
        total = max((places - 1) * stride + size - side, 0)
        return total // 2, total - total // 2

    x = np.pad(x, [(0, 0), zeros(height, rows), zeros(width, columns), (0, 0)])
    y = np.zeros((batch, rows, columns, filters)) + bias
    for u, v in np.ndindex(size, size):
        seen = x[:, u::stride, v::stride][:, :rows, :columns]  # what kernel[u, v] multiplies
        y += seen @ kernel[u, v]  # (batch, rows, columns, filters)
    y = np.maximum(y, 0)
    high, wide = rows // 2, columns // 2  # a last row or column that fills no window is lost
    windows = y[:, : 2 * high, : 2 * wide].reshape(batch, high, 2, wide, 2, filters)
    return y, windows.max(axis=(2, 4))
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


PLACES = "rows, columns = -(-height // stride), -(-width // stride)  # rounded up"
TOTAL = "total = max((places - 1) * stride + size - side, 0)"
HALVES = "return total // 2, total - total // 2"
BIAS = "np.zeros((batch, rows, columns, filters)) + bias"
RELU = "y = np.maximum(y, 0)"
CUT = "y[:, : 2 * high, : 2 * wide].reshape(batch, high, 2, wide, 2, filters)"
LARGEST = "windows.max(axis=(2, 4))"
TIMES = "seen @ kernel[u, v]"
PADDED = "x = np.pad(x, [(0, 0), zeros(height, rows), zeros(width, columns), (0, 0)])"
CROPPED = """pads = np.array([(0, 0), zeros(height, rows), zeros(width, columns), (0, 0)])
    (top, _), (left, _) = np.maximum(-pads[1:3], 0)
    x = np.pad(x[:, top:, left:], np.maximum(pads, 0))"""
WRONG = {
    "no bias": mistake(
        "没有加偏置",
        "the bias is missing",
        "每个滤波器有一个偏置，加在每个位置上。",
        "Each filter has a bias, which is added at every position.",
        BIAS,
        "np.zeros((batch, rows, columns, filters))",
    ),
    "one bias for all filters": mistake(
        "所有滤波器都加了第一个偏置",
        "all filters get the first bias",
        "bias 的形状是 (filters,)，对着最后一维。",
        "bias has shape (filters,), which belongs to the last axis.",
        "+ bias",
        "+ bias[0]",
    ),
    "bias after ReLU": mistake(
        "先 ReLU，后加偏置",
        "the bias is added after ReLU",
        "顺序是卷积、偏置、ReLU。",
        "The order is convolution, bias, ReLU.",
        BIAS,
        "np.zeros((batch, rows, columns, filters))",
        RELU,
        "y = np.maximum(y, 0) + bias",
    ),
    "no ReLU": mistake(
        "没有 ReLU", "ReLU is missing", "负数变成 0。", "Negative numbers become 0.", RELU, "y = y"
    ),
    "kernel turned": mistake(
        "核转了 180 度：那是数学里的卷积，这里算互相关",
        "the kernel is turned by 180°: a convolution as in mathematics, where a layer correlates",
        "kernel[0, 0] 乘的是窗口左上角的像素。",
        "kernel[0, 0] multiplies the pixel at the upper left of the window.",
        TIMES,
        "seen @ kernel[-1 - u, -1 - v]",
    ),
    "rows and columns of the kernel exchanged": mistake(
        "核的行和列弄反了",
        "rows and columns of the kernel are exchanged",
        "kernel 的第一维跟着图的行走。",
        "The first axis of the kernel goes with the rows of the image.",
        TIMES,
        "seen @ kernel[v, u]",
    ),
    "first channel alone": mistake(
        "只用了第一个通道",
        "only the first channel is used",
        "对所有通道求和。",
        "Sum over all channels.",
        TIMES,
        "seen[..., :1] @ kernel[u, v, :1]",
    ),
    "mean over the channels": mistake(
        "对通道求了平均，不是求和",
        "a mean over the channels, not a sum",
        "对所有通道求和，不除。",
        "Sum over all channels and divide by nothing.",
        TIMES,
        "seen @ kernel[u, v] / x.shape[3]",
    ),
    "patch and kernel in another order": mistake(
        "窗口和核展平的顺序不同：一个通道在前，一个通道在后",
        "window and kernel are flattened in different orders: channels first in one, last in the other",
        "展平之前两边都排成 (size, size, channels)。",
        "Before they are flattened, both are (size, size, channels).",
        "y = np.zeros",
        "kernel = kernel.transpose(2, 0, 1, 3).reshape(kernel.shape)\n    y = np.zeros",
    ),
    "no padding": mistake(
        "没有补零：输出变小了",
        "nothing is padded: the output is smaller",
        "“same”：步幅 1 时输出和输入一样大。",
        "“same”: at stride 1 the output is as large as the input.",
        PLACES,
        "rows, columns = (height - size) // stride + 1, (width - size) // stride + 1",
        TOTAL,
        "total = 0",
    ),
    "padded with the edge": mistake(
        "补的是边上的像素，不是 0",
        "padded with the pixels at the edge, not with zeros",
        "图像以外的像素按 0 算。",
        "Pixels outside the image count as zero.",
        "(0, 0)])",
        '(0, 0)], mode="edge")',
    ),
    "the odd zero in front": mistake(
        "补零的总数是奇数时，多的一个补在了前面",
        "where the number of zeros is odd, the odd one stands in front",
        "Keras 把多的一个补在下边和右边。",
        "Keras puts the odd one at the bottom and on the right.",
        HALVES,
        "return total - total // 2, total // 2",
    ),
    "zeros as in PyTorch": mistake(
        "前面补了 size // 2 个零，是 PyTorch 里 padding=size // 2 的做法",
        "size // 2 zeros in front, as with padding=size // 2 in PyTorch",
        "前面补多少与步幅有关：先算总数，再取一半。",
        "How many stand in front depends on the stride: count all, then take half.",
        HALVES,
        "return size // 2, total",
    ),
    "zeros as for stride 1": mistake(
        "补零没有管步幅：等于先算步幅 1，再隔着取",
        "zeros as for stride 1: the same as stride 1, of which every stride-th is kept",
        "总数是 (输出边长 − 1) · stride + size − 边长，不小于 0。",
        "In all there are (places − 1) · stride + size − side of them, at least 0.",
        TOTAL,
        "total = size - 1",
        HALVES,
        "return total // 2, total + stride",
    ),
    "fewer than no zeros": mistake(
        "步幅比核大时，补零的总数算成了负数：窗口往里挪了",
        "with a stride larger than the kernel the number of zeros is negative: windows move inwards",
        "补零的总数不小于 0。",
        "There are at least 0 zeros.",
        TOTAL,
        "total = (places - 1) * stride + size - side",
        PADDED,
        CROPPED,
    ),
    "stride forgotten": mistake(
        "没有管步幅",
        "the stride is ignored",
        "相邻的输出，窗口相隔 stride 个像素。",
        "Windows of neighbouring outputs are stride pixels apart.",
        PLACES,
        "stride = 1\n    rows, columns = height, width",
    ),
    "stride of 2 unless given": mistake(
        "步幅的默认值写成了 2",
        "the default of the stride is 2",
        "不给步幅，就是 1。",
        "Where no stride is given, it is 1.",
        "stride=1",
        "stride=2",
    ),
    "sides rounded down": mistake(
        "输出边长是 side // stride，向下取整了",
        "the output has side // stride places: rounded down",
        "“same” 的输出边长向上取整。",
        "With “same” the sides of the output are rounded up.",
        PLACES,
        "rows, columns = height // stride, width // stride",
    ),
    "columns padded like rows": mistake(
        "左右补的零照着上下算，宽高不同就错了",
        "left and right are padded like top and bottom, which is wrong where the sides differ",
        "行和列各算各的。",
        "Count for rows and columns apart.",
        "zeros(width, columns), (0, 0)])",
        "(zeros(height, rows)[0], size + stride), (0, 0)])",
    ),
    "in the integers of the image": mistake(
        "结果存成了图像的整数类型，小数没了",
        "the result has the integer type of the image: fractions are lost",
        "输出数组要用浮点数，别用 x.dtype。",
        "Make the output an array of floats, not of x.dtype.",
        RELU,
        "y = np.maximum(y, 0).astype(x.dtype)",
    ),
    "mean in place of the maximum": mistake(
        "池化取了平均，不是最大",
        "pooling takes the mean, not the maximum",
        "最大池化取窗口里最大的数。",
        "Max-pooling takes the largest number of a window.",
        LARGEST,
        "windows.mean(axis=(2, 4))",
    ),
    "every other pixel": mistake(
        "池化只隔一个取一个，没有取最大",
        "pooling keeps every other pixel and takes no maximum",
        "四个数里取最大的。",
        "Take the largest of four numbers.",
        LARGEST,
        "windows[:, :, 0, :, 0]",
    ),
    "windows of one row": mistake(
        "窗口 reshape 错了：分出来的不是 2 × 2 的方块",
        "the reshape cuts no squares of 2 × 2: pixels from elsewhere are compared",
        "reshape 成 (batch, high, 2, wide, 2, filters)，对两个 2 取最大。",
        "Reshape to (batch, high, 2, wide, 2, filters) and take the maximum over both 2s.",
        CUT,
        "y[:, : 2 * high, : 2 * wide].reshape(batch, high, wide, 2, 2, filters)",
        LARGEST,
        "windows.max(axis=(3, 4))",
    ),
    "windows overlap": mistake(
        "池化的窗口每次只挪 1，重叠了",
        "pooling moves by 1: its windows overlap",
        "窗口一个挨一个，步幅是 2。",
        "Windows stand side by side: they move by 2.",
        LARGEST,
        "np.maximum(np.maximum(y[:, :-1, :-1], y[:, 1:, :-1]), np.maximum(y[:, :-1, 1:], y[:, 1:, 1:]))",
    ),
    "the first row lost": mistake(
        "边长是奇数时，丢的是第一行、第一列",
        "where a side is odd, the first row or column is lost",
        "不满一个窗口的是最后一行、最后一列。",
        "What fills no window is the last row or column.",
        CUT,
        "y[:, rows % 2 :, columns % 2 :].reshape(batch, high, 2, wide, 2, filters)",
    ),
    "the last row kept": mistake(
        "不满一个窗口的最后一行、一列也池化了",
        "a last row or column that fills no window is pooled as well",
        "池化后的边长向下取整。",
        "The sides of the pooled array are rounded down.",
        "high, wide = rows // 2, columns // 2",
        "more = np.pad(y, [(0, 0), (0, rows % 2), (0, columns % 2), (0, 0)])\n    high, wide = -(-rows // 2), -(-columns // 2)",
        "y[:, : 2 * high, : 2 * wide].reshape",
        "more.reshape",
    ),
}
VARIANTS = {
    "im2col in float32": """
import numpy as np
def conv_block(x, kernel, bias, stride=1):
    size, _, channels, filters = kernel.shape
    pads = [(0, 0)]
    for side in x.shape[1:3]:
        rest = side % stride or stride
        total = max(size - rest, 0)
        pads.append((total // 2, (total + 1) // 2))
    x = np.pad(x.astype(np.float32), [*pads, (0, 0)])
    seen = np.lib.stride_tricks.sliding_window_view(x, (size, size), (1, 2))[:, ::stride, ::stride]
    seen = np.moveaxis(seen, 3, 5)
    flat = seen.reshape(*seen.shape[:3], -1) @ kernel.reshape(-1, filters).astype(np.float32)
    y = (flat + bias).clip(0)
    h, w = y.shape[1] // 2 * 2, y.shape[2] // 2 * 2
    return y, np.maximum.reduce([y[:, i:h:2, j:w:2] for i in (0, 1) for j in (0, 1)])
""",
    "pooled before bias and ReLU": """
import numpy as np
def conv_block(x, kernel, bias, stride=1):
    n, h, w, _ = x.shape
    s, r, c = kernel.shape[0], -(-h // stride), -(-w // stride)
    top, left = (max((p - 1) * stride + s - d, 0) // 2 for p, d in ((r, h), (c, w)))
    wide = np.zeros((n, h + 2 * s + stride, w + 2 * s + stride, x.shape[3]))
    wide[:, s : s + h, s : s + w] = x
    raw = np.empty((n, r, c, kernel.shape[3]))
    for i in range(r):
        for j in range(c):
            a, b = i * stride + s - top, j * stride + s - left
            raw[:, i, j] = np.tensordot(wide[:, a : a + s, b : b + s], kernel, 3)
    most = np.full((n, r // 2, c // 2, raw.shape[3]), -np.inf)
    for i, j in np.ndindex(2, 2):
        most = np.maximum(most, raw[:, i : r // 2 * 2 : 2, j : c // 2 * 2 : 2])
    return np.maximum(raw + bias, 0), np.maximum(most + bias, 0)
""",
}
PROBLEM = {
    "name": "cnn",
    "function": "conv_block",
    "outputs": ["y", "pooled"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (pair("y 里有负数", "y holds a negative number"), never_negative),
        (
            pair("pooled 不是 y 每个窗口的最大值", "pooled is not the largest of each window of y"),
            pools_its_own,
        ),
        (
            pair(
                "x 和 kernel 的通道一起倒过来，结果变了",
                "with the channels of x and kernel reversed together, the answer changes",
            ),
            channels_have_no_order,
        ),
        (
            pair(
                "滤波器和偏置一起倒过来，结果不只是跟着倒过来",
                "with filters and biases reversed together, the answer is not the same reversed",
            ),
            filters_keep_apart,
        ),
    ],
    "hints": [
        pair(
            "先定输出边长：side / stride 向上取整，行和列各算各的。",
            "First the sides of the output: side / stride, rounded up, for rows and columns apart.",
        ),
        pair(
            "补零的总数是 (输出边长 − 1) · stride + size − 边长，不小于 0；前面补一半，向下取整。",
            "Zeros in all: (places − 1) · stride + size − side, at least 0; half of them in front, rounded down.",
        ),
        pair(
            "对核的每个位置 (u, v)：x[:, u::stride, v::stride] 取前 rows 行、columns 列，乘 kernel[u, v]，累加。",
            "For each place (u, v) of the kernel: x[:, u::stride, v::stride], of it rows and columns as in the output, times kernel[u, v]; add up.",
        ),
        pair(
            "加偏置，ReLU；裁到偶数边长，reshape 成 (batch, high, 2, wide, 2, filters)，对两个 2 取最大。",
            "Add the bias, then ReLU; cut to even sides, reshape to (batch, high, 2, wide, 2, filters), take the maximum over both 2s.",
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
verdict = judge(WRONG["zeros as in PyTorch"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
