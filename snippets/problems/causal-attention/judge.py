# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of causal attention with padding: uv run judge.py my_attempt.py --watch"""

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


def oracle(q, k, v, real):
    """One query at a time, over the keys that it may see: no mask to get wrong."""
    answer = np.zeros(v.shape)
    for b, h, t in np.ndindex(v.shape[:3]):
        keys = [s for s in range(t + 1) if real[b, s]]
        if real[b, t]:
            scores = np.array([q[b, h, t] @ k[b, h, s] / math.sqrt(q.shape[3]) for s in keys])
            weights = np.exp(scores - max(scores))
            answer[b, h, t] = weights / sum(weights) @ v[b, h, keys]
    return answer


def call(attend, given):
    """Rows of padding may hold any finite number: the judge sets them to zero."""
    real, shape = given["real"][:, None, :, None].copy(), given["v"].shape
    answer = attend(*given.values())
    if answer is None or isinstance(answer, tuple) or np.shape(answer) != shape:
        return answer
    return np.where(real | ~np.isfinite(answer), answer, 0.0)


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, batch, heads, time, width, depth, scale=1.0, padding=()):
        q, k = (rng.normal(size=(2, batch, heads, time, width)).round(1) * scale).round(2)
        real = np.ones((batch, time), bool)
        for row, where in padding:
            real[row, where] = False
        v = rng.normal(size=(batch, heads, time, depth)).round(1)
        return pair(zh, en), {"q": q, "k": k, "v": v, "real": real}

    largest = case("分数上千，后文最大", "the largest scores in the future", 1, 1, 3, 1, 1)
    largest[1]["q"][:], largest[1]["k"][0, 0, :, 0] = 90.0, [-90, 0, 90]
    return [
        largest,
        case("一个 token", "one token", 1, 1, 1, 2, 1),
        case("两个 token，宽 1", "two tokens of width 1", 1, 1, 2, 1, 1),
        case("宽 4，值宽 1", "width 4, values of width 1", 1, 1, 2, 4, 1),
        case("右填充", "padding on the right", 1, 1, 3, 2, 1, padding=[(0, slice(2, 3))]),
        case("左填充", "padding on the left", 1, 1, 3, 2, 1, padding=[(0, slice(0, 1))]),
        case("分数很大", "large scores", 1, 1, 3, 4, 2, 40.0),
        case("三个头", "three heads", 1, 3, 4, 2, 5),
        case("两条序列", "two sequences", 2, 2, 5, 3, 4, 0.3, [(0, slice(3, 5)), (1, slice(0, 2))]),
    ]


def sums_to_one(call, given):
    ones = np.ones_like(given["v"])
    return close(call(given | {"v": ones}), ones * given["real"][:, None, :, None])


def future_is_hidden(call, given):
    later = copy.deepcopy(given)
    later["k"][:, :, -1] += 1.0
    later["v"][:, :, -1] += 1.0
    return close(call(later)[:, :, :-1], call(given)[:, :, :-1])


def padding_is_hidden(call, given):
    v = np.where(given["real"][:, None, :, None], given["v"], 7.0)
    return close(call(given | {"v": v}), call(given))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import math

import numpy as np


def attend(q, k, v, real):
    """q, k: (batch, heads, time, width); v: (batch, heads, time, depth); real: (batch, time)."""
    return np.zeros_like(v)  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def attend(q, k, v, real):
    time, width = q.shape[-2:]
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(width)  # (batch, heads, time, time)
    causal = np.tril(np.ones((time, time), bool))
    visible = causal & real[:, None, None, :]  # (batch, 1, time, time)
    scores = np.where(visible, scores, -1e30)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v
"""


def mistake(zh, en, hint_zh, hint_en, old, new):
    return pair(zh, en), pair(hint_zh, hint_en), changed(SOLUTION, old, new)


SCALE, MASK = " / math.sqrt(width)", "np.where(visible, scores, -1e30)"
WRONG = {
    "no scale": mistake(
        "没有除以 √width",
        "the scores are not scaled",
        "点积的方差随宽度增长，softmax 之前要除以什么？",
        "The variance of a dot product grows with the width. What undoes that?",
        SCALE,
        "",
    ),
    "divided by the width": mistake(
        "除以了 width，没有开方",
        "divided by the width, not by its root",
        "除的是标准差，不是方差。",
        "Divide by the standard deviation, not by the variance.",
        SCALE,
        " / width",
    ),
    "root of the width of v": mistake(
        "除以了 v 的宽度的平方根",
        "scaled by the width of v",
        "做点积的是哪两个数组？用它们的宽度。",
        "Which two arrays form the dot product? Take their width.",
        SCALE,
        " / math.sqrt(v.shape[-1])",
    ),
    "root of the heads": mistake(
        "除以了头数的平方根",
        "scaled by the number of heads",
        "看看第几维是头，第几维是宽度。",
        "Look at which axis holds heads and which the width.",
        SCALE,
        " / math.sqrt(q.shape[1])",
    ),
    "no causal mask": mistake(
        "没有因果掩码，看到了后文",
        "no causal mask: tokens see the future",
        "第 t 个 token 只能看 0 到 t。",
        "Token t may see 0 to t and no more.",
        "causal & real",
        "(causal | True) & real",
    ),
    "sees not itself": mistake(
        "对角线也掩掉了，token 看不到自己",
        "the diagonal is masked too: a token does not see itself",
        "第一个 token 能看谁？",
        "Whom can the first token see?",
        "np.ones((time, time), bool))",
        "np.ones((time, time), bool), -1)",
    ),
    "triangle upside down": mistake(
        "三角反了，只看后文",
        "the triangle is upside down: tokens see the future only",
        "行是查询，列是键：画一个 3×3 看看。",
        "Rows are queries, columns are keys: draw it for three tokens.",
        "np.tril",
        "np.triu",
    ),
    "padding forgotten": mistake(
        "没有掩掉填充的 key（或掩在了查询那一维）",
        "keys that are padding are not masked (or the mask stands on the axis of the queries)",
        "real 里为 False 的位置，任何查询都不该看。",
        "No query may see a position where real is False.",
        "causal & real[:, None, None, :]",
        "causal & (real[:, None, None, :] | True)",
    ),
    "padding taken to be on the right": mistake(
        "只数了真 token 的个数，默认填充在右边",
        "only counts real tokens, as if all padding were on the right",
        "生成时常用左填充：要看 real 的位置，不是个数。",
        "Batches for generation are padded on the left: look where real is true, not how often.",
        "real[:, None, None, :]",
        "(np.arange(time) < real.sum(axis=1)[:, None])[:, None, None, :]",
    ),
    "softmax over queries": mistake(
        "softmax 沿查询的方向做了",
        "the softmax runs over the queries",
        "每个查询的权重加起来要等于 1。",
        "The weights of each query must sum to one.",
        "weights.sum(axis=-1",
        "weights.sum(axis=-2",
    ),
    "mask after the softmax": mistake(
        "softmax 之后才掩，权重之和不到 1",
        "masked after the softmax: weights no longer sum to one",
        "掩码加在分数上，不是乘在权重上。",
        "Mask the scores, not the weights.",
        f"{MASK}\n    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))\n    weights = weights / weights.sum(axis=-1, keepdims=True)\n    return weights",
        "scores\n    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))\n    weights = weights / weights.sum(axis=-1, keepdims=True)\n    return weights * visible",
    ),
    "zero in place of minus infinity": mistake(
        "把被掩的分数设成了 0",
        "masked scores are set to zero",
        "exp(0) 是多少？",
        "What is exp(0)?",
        MASK,
        "np.where(visible, scores, 0.0)",
    ),
    "mask too small": mistake(
        "掩码只减了 10,000，压不住大的分数",
        "the mask subtracts only 10,000, and large scores show through",
        "后文的分数可以比看得到的高出一万多，掩码要压得住。",
        "A score of the future can be more than 10,000 above the visible ones. The mask must outweigh that.",
        MASK,
        "np.where(visible, scores, scores - 1e4)",
    ),
    "overflow": mistake(
        "exp 之前没有减去最大值",
        "the maximum is not subtracted before exp",
        "exp(1000) 会溢出；减去一个常数，softmax 不变。",
        "exp(1000) overflows; subtracting a constant leaves a softmax unchanged.",
        " - scores.max(axis=-1, keepdims=True)",
        "",
    ),
    "NaN on the left": mistake(
        "掩码用 −inf，左填充的行全是 −inf，softmax 得 NaN",
        "the mask is −inf: a row of nothing but −inf gives NaN",
        "左填充的第一行一个 key 也看不到：−inf 减 −inf 是多少？",
        "The first row of a left-padded sequence sees no key: what is −inf minus −inf?",
        "-1e30",
        "-np.inf",
    ),
}
VARIANTS = {
    "einsum in float32": """
import numpy as np
def attend(q, k, v, real):
    q, k, v = (x.astype(np.float32) for x in (q, k, v))
    scores = np.einsum("bhtw,bhsw->bhts", q, k) * q.shape[-1] ** -0.5
    scores += np.triu(np.full(scores.shape[-2:], -1e9, np.float32), 1)
    scores += np.where(real, 0, -1e9).astype(np.float32)[:, None, None]
    scores -= scores.max(-1, keepdims=True)
    weights = np.exp(scores)
    return np.einsum("bhts,bhsd->bhtd", weights / weights.sum(-1, keepdims=True), v)
""",
    "one pass over the keys": """
import numpy as np
def attend(q, k, v, real):
    time = q.shape[2]
    top = np.full(q.shape[:3], -1e30)
    total, mixed = np.zeros(top.shape), np.zeros(v.shape)
    for s in range(time):
        score = (q * k[:, :, s : s + 1]).sum(-1) / np.sqrt(q.shape[-1])
        seen = (np.arange(time) >= s) & real[:, None, s : s + 1]
        high = np.where(seen, np.maximum(top, score), top)
        old, new = np.exp(top - high), np.where(seen, np.exp(np.minimum(score - high, 0)), 0.0)
        total, mixed = total * old + new, mixed * old[..., None] + new[..., None] * v[:, :, s : s + 1]
        top = high
    return mixed / np.maximum(total, 1e-30)[..., None]
""",
    "zeros for padding": SOLUTION.replace(
        "return weights @ v", "return weights @ v * real[:, None, :, None]"
    ),
}
PROBLEM = {
    "name": "causal-attention",
    "function": "attend",
    "outputs": ["attend"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "v 全取 1 时，结果不是 1：这不是 v 的加权平均",
                "with values of one the answer is not one: it is no weighted mean of values",
            ),
            sums_to_one,
        ),
        (
            pair(
                "改动最后一个 token，前面的结果变了",
                "a change of the last token changes earlier answers",
            ),
            future_is_hidden,
        ),
        (
            pair("改动填充处的 v，结果变了", "a change of v at the padding changes the answer"),
            padding_is_hidden,
        ),
    ],
    "hints": [
        pair(
            "先写四步：分数、掩码、softmax、加权和；每步都写下形状。",
            "Write four steps, each with its shape: scores, mask, softmax, weighted sum.",
        ),
        pair(
            "分数的形状是 (batch, heads, time, time)，行是查询，列是 key。",
            "Scores have shape (batch, heads, time, time): rows are queries, columns are keys.",
        ),
        pair(
            "两个掩码用“与”合并：下三角，和 real[:, None, None, :]。",
            "Two masks, joined by “and”: the lower triangle, and real[:, None, None, :].",
        ),
        pair(
            "被掩的分数换成 −1e30（不用 −inf），减去每行最大值，再 exp。",
            "Replace masked scores by −1e30 (not −inf), subtract the maximum of each row, then exp.",
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
verdict = judge(WRONG["padding taken to be on the right"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
