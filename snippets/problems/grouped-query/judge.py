# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of grouped-query attention: uv run judge.py my_attempt.py --watch"""

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
def oracle(q, k, v):
    """One query at a time, with a list of the keys that it may see: no mask, no reshape."""
    answer = np.zeros((*q.shape[:3], v.shape[-1]))
    for b, h, i in np.ndindex(q.shape[:3]):
        j = h * k.shape[1] // q.shape[1]
        end = k.shape[2] - q.shape[2] + i + 1
        scores = np.array([q[b, h, i] @ key / q.shape[3] ** 0.5 for key in k[b, j, :end]])
        weights = np.exp(scores - max(scores))
        mixture = sum(w * value for w, value in zip(weights, v[b, j, :end], strict=True))
        answer[b, h, i] = mixture / sum(weights)
    return answer


def call(attend, given):
    return attend(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, batch, kv_heads, group, new, time, width, depth, scale=1.0):
        q = rng.normal(size=(batch, kv_heads * group, new, width)).round(1) * scale
        k = rng.normal(size=(batch, kv_heads, time, width)).round(1) * scale
        v = rng.normal(size=(batch, kv_heads, time, depth)).round(1)
        return pair(zh, en), {"q": q, "k": k, "v": v}

    return [
        case("一个头，一个 token", "one head, one token", 1, 1, 1, 1, 1, 1, 1),
        case("两组，每组两个头，一个 token", "two groups of two, one token", 1, 2, 2, 1, 1, 2, 1),
        case("每组一个头，就是 MHA", "groups of one: MHA", 1, 2, 1, 2, 2, 2, 1),
        case("只有一组，就是 MQA", "one group: MQA", 1, 1, 3, 1, 3, 2, 2),
        case("三组，每组两个头", "three groups of two", 1, 3, 2, 1, 2, 2, 1),
        case("两组，每组三个头", "two groups of three", 1, 2, 3, 2, 2, 3, 2),
        case("前面三个 token，新来两个", "two tokens behind three", 1, 2, 2, 2, 5, 3, 2),
        case("分数很大", "large scores", 1, 2, 2, 4, 4, 4, 4, 120.0),
        case("两条序列", "two sequences", 2, 2, 3, 4, 4, 3, 5),
    ]


def copies_change_nothing(call, given):
    group = given["q"].shape[1] // given["k"].shape[1]
    copied = {name: np.repeat(given[name], group, axis=1) for name in "kv"}
    return close(call(given), call(given | copied))


def groups_do_not_mix(call, given):
    others = given["q"].shape[1] - given["q"].shape[1] // given["k"].shape[1]
    moved = copy.deepcopy(given)
    moved["k"][:, -1] += 1.0
    moved["v"][:, -1] += 1.0
    return close(np.asarray(call(moved))[:, :others], np.asarray(call(given))[:, :others])


def future_is_hidden(call, given):
    later = copy.deepcopy(given)
    later["k"][:, :, -1] += 1.0
    later["v"][:, :, -1] += 1.0
    return close(np.asarray(call(later))[:, :, :-1], np.asarray(call(given))[:, :, :-1])


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def attend(q, k, v):
    """q: (batch, heads, new, width); k, v: (batch, kv_heads, time, width or depth)."""
    return np.zeros((*q.shape[:3], v.shape[-1]))  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def attend(q, k, v):
    batch, heads, new, width = q.shape
    kv_heads, time, depth = v.shape[1:]
    group = heads // kv_heads
    q = q.reshape(batch, kv_heads, group, new, width)
    k, v = k[:, :, None], v[:, :, None]  # (batch, kv_heads, 1, time, width or depth)
    visible = np.arange(time) <= time - new + np.arange(new)[:, None]  # (new, time)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(width)
    scores = np.where(visible, scores, -1e30)  # (batch, kv_heads, group, new, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).reshape(batch, heads, new, depth)
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


SPLIT = "q.reshape(batch, kv_heads, group, new, width)"
SHARED = "k, v = k[:, :, None], v[:, :, None]"
VISIBLE = "np.arange(time) <= time - new + np.arange(new)[:, None]"
MASK = "np.where(visible, scores, -1e30)"
WRONG = {
    "KV heads tiled": mistake(
        "KV 头成了 0, 1, 0, 1：整套平铺了，没有逐个重复",
        "KV heads run 0, 1, 0, 1: the whole set is tiled, where each should be repeated",
        "相邻的查询头是一组：0, 0, 1, 1，用 repeat，不用 tile。",
        "Neighbouring query heads share: 0, 0, 1, 1. That is repeat, not tile.",
        SPLIT,
        "q.reshape(batch, group, kv_heads, new, width)",
        SHARED,
        "k, v = k[:, None], v[:, None]",
    ),
    "divided by the number of KV heads": mistake(
        "第 h 个查询头取了第 h // kv_heads 个 KV 头",
        "query head h reads KV head h // kv_heads",
        "除以一组有几个头：h // (heads // kv_heads)。",
        "Divide by the size of a group: h // (heads // kv_heads).",
        SHARED,
        "k, v = (x[:, np.arange(heads) // kv_heads] for x in (k, v))\n    k, v = (x.reshape(batch, kv_heads, group, time, -1) for x in (k, v))",
    ),
    "one KV head for all": mistake(
        "所有查询头都用了第 0 个 KV 头",
        "all query heads read KV head 0",
        "只有 kv_heads 为 1（MQA）时才这样。",
        "That is MQA, right for one KV head only.",
        SHARED,
        "k, v = k[:, :1, None], v[:, :1, None]",
    ),
    "values tiled": mistake(
        "键是逐个重复的，值却平铺了",
        "keys are repeated, but values are tiled",
        "键和值要用同一种排法。",
        "Lay out values as you lay out keys.",
        SHARED,
        "k, v = k[:, :, None], np.tile(v, (1, group, 1, 1)).reshape(batch, kv_heads, group, time, -1)",
    ),
    "answers in another order": mistake(
        "合并头的时候，组和组内的次序反了",
        "the heads are joined with group and member swapped",
        "合并要按拆开时的次序：先 kv_heads，再 group。",
        "Join as you split: kv_heads first, then group.",
        "(weights @ v).reshape",
        "(weights @ v).swapaxes(1, 2).reshape",
    ),
    "heads cut across time": mistake(
        "拆头的时候把时间和头混在了一起",
        "the split mixes time and heads",
        "reshape 不会换轴：q 的第 1 维已经是头。",
        "reshape moves no axis, and axis 1 of q is the heads already.",
        SPLIT,
        "q.swapaxes(1, 2).reshape(batch, kv_heads, group, new, width)",
    ),
    "mask over stacked rows": mistake(
        "一组的查询叠成了 group × new 行，掩码把行号当成了时间",
        "the queries of a group are stacked as group × new rows, and the mask takes the row for the time",
        "叠起来的第 r 行，时间是 r % new。",
        "The time of stacked row r is r % new.",
        VISIBLE,
        "np.arange(time) <= time - new + np.arange(group * new).reshape(group, new, 1)",
    ),
    "triangle in the corner": mistake(
        "三角靠左上角对齐：每个查询都少看最后 time − new 个键",
        "the triangle stands at the upper left: each query misses the last time − new keys that it should see",
        "第 0 个查询前面已经有 time − new 个键。",
        "Query 0 has time − new keys before it.",
        VISIBLE,
        "np.arange(time) <= np.arange(new)[:, None]",
    ),
    "no mask": mistake(
        "没有因果掩码",
        "there is no causal mask",
        "第 i 个查询看到第 time − new + i 个键为止。",
        "Query i sees keys up to time − new + i.",
        VISIBLE,
        "np.ones((new, time), bool)",
    ),
    "tokens miss themselves": mistake(
        "token 看不到自己",
        "tokens do not see themselves",
        "是 <=，不是 <。",
        "It is <=, not <.",
        "np.arange(time) <= time",
        "np.arange(time) < time",
    ),
    "mask after the softmax": mistake(
        "softmax 之后才掩，权重之和不到 1",
        "masked after the softmax: weights no longer sum to one",
        "掩码加在分数上，不是乘在权重上。",
        "Mask the scores, not the weights.",
        MASK,
        "scores",
        "(weights @ v)",
        "((weights * visible) @ v)",
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
    "mask of minus 10,000": mistake(
        "被掩的分数换成了 −10,000，看得到的还可以更低",
        "masked scores become −10,000, and visible ones can be lower",
        "换成 −1e30，它比什么分数都低。",
        "Take −1e30, which is below any score.",
        MASK,
        "np.where(visible, scores, -1e4)",
    ),
    "softmax over the queries": mistake(
        "softmax 沿查询做了",
        "the softmax runs over the queries",
        "每个查询的权重，沿键加起来是 1。",
        "The weights of each query sum to 1 over the keys.",
        "weights.sum(axis=-1",
        "weights.sum(axis=-2",
        "scores.max(axis=-1",
        "scores.max(axis=-2",
    ),
    "no scale": mistake(
        "没有除以 √width",
        "the scores are not scaled",
        "分组不改变缩放：除以 √width。",
        "Groups change nothing here: divide by the root of the width.",
        " / math.sqrt(width)",
        "",
    ),
    "scaled by the width": mistake(
        "除以了 width，没有开方",
        "the scores are divided by the width, not by its root",
        "除以 √width。",
        "Divide by the root of the width.",
        "math.sqrt(width)",
        "width",
    ),
    "scaled by the depth": mistake(
        "除以了值的宽度的平方根",
        "the scores are divided by the root of the depth of the values",
        "分数是查询和键的点积：用它们的宽度。",
        "Scores are products of queries and keys: take their width.",
        "math.sqrt(width)",
        "math.sqrt(depth)",
    ),
    "softmax over the group": mistake(
        "softmax 沿组内的头做了",
        "the softmax runs over the heads of the group",
        "每个查询头自己的权重，沿键加起来是 1。",
        "The weights of each query head sum to 1 over the keys.",
        "weights.sum(axis=-1",
        "weights.sum(axis=2",
        "scores.max(axis=-1",
        "scores.max(axis=2",
    ),
    "maximum not subtracted": mistake(
        "没有减最大值，exp 溢出",
        "the maximum is not subtracted, and exp overflows",
        "先减去每行的最大值，再取 exp。",
        "Subtract the maximum of each row before exp.",
        " - scores.max(axis=-1, keepdims=True)",
        "",
    ),
}
VARIANTS = {
    "copies in float32": """
import numpy as np
def attend(q, k, v):
    q, k, v = (x.astype(np.float32) for x in (q, k, v))
    group = q.shape[1] // k.shape[1]
    k, v = k.repeat(group, axis=1), v.repeat(group, axis=1)
    scores = np.einsum("bhiw,bhjw->bhij", q, k) * np.float32(q.shape[-1] ** -0.5)
    new, time = scores.shape[2:]
    scores += np.triu(np.full((new, time), -1e30, np.float32), 1 + time - new)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return np.einsum("bhij,bhjw->bhiw", weights, v) / weights.sum(-1, keepdims=True)
""",
    "stacked queries, one product for each KV head": """
import numpy as np
def attend(q, k, v):
    batch, heads, new, width = q.shape
    kv_heads, time = k.shape[1:3]
    rows = q.reshape(batch, kv_heads, -1, width)
    scores = rows @ k.swapaxes(-1, -2) / width**0.5
    row = np.arange(rows.shape[2])[:, None] % new
    scores = np.where(np.arange(time) <= time - new + row, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True) @ v).reshape(batch, heads, new, -1)
""",
    "head by head, row by row": """
import numpy as np
def attend(q, k, v):
    heads, new, width = q.shape[1:]
    kv_heads, time = k.shape[1:3]
    answer = np.zeros((*q.shape[:3], v.shape[-1]))
    for h in range(heads):
        j = h // (heads // kv_heads)
        for i in range(new):
            end = time - new + i + 1
            scores = (k[:, j, :end] * q[:, h, i : i + 1]).sum(-1) / width**0.5
            weights = np.exp(scores - scores.max(-1, keepdims=True))
            weights /= weights.sum(-1, keepdims=True)
            answer[:, h, i] = (weights[..., None] * v[:, j, :end]).sum(1)
    return answer
""",
}
PROBLEM = {
    "name": "grouped-query",
    "function": "attend",
    "outputs": ["answers"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "把 KV 头在组内各复制一份，结果变了",
                "copies of the KV heads within each group change the answers",
            ),
            copies_change_nothing,
        ),
        (
            pair(
                "改动最后一个 KV 头，别的组变了",
                "a change of the last KV head changes other groups",
            ),
            groups_do_not_mix,
        ),
        (
            pair(
                "改动最后一个 token，前面的结果变了",
                "a change of the last token changes earlier answers",
            ),
            future_is_hidden,
        ),
    ],
    "hints": [
        pair(
            "一组有 heads // kv_heads 个查询头，组内的头相邻。",
            "A group has heads // kv_heads query heads, which are neighbours.",
        ),
        pair(
            "把 q 拆成 (batch, kv_heads, group, new, width)，k 和 v 在 group 的位置上加一维。",
            "Split q into (batch, kv_heads, group, new, width), and give k and v an axis of length 1 for the group.",
        ),
        pair(
            "第 i 个查询看到第 time − new + i 个键为止。",
            "Query i sees keys up to time − new + i.",
        ),
        pair(
            "被掩的分数换成 −1e30；减去每行最大值，再取 exp；最后把两个头的轴合成一个。",
            "Replace masked scores by −1e30, subtract the maximum of each row, take exp; at the end join the two axes of heads.",
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
verdict = judge(WRONG["KV heads tiled"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
