# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of a KV cache that takes several tokens at once: uv run judge.py my_attempt.py --watch"""

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


def oracle(q, k, v, cache):
    """One token at a time behind a list of all earlier ones: no mask to get wrong."""
    seen, answer = list(cache or []), np.zeros(v.shape)
    for t in range(q.shape[1]):
        seen.append((k[:, t], v[:, t]))
        for h in range(q.shape[0]):
            scores = np.array([q[h, t] @ key[h] / math.sqrt(q.shape[2]) for key, _ in seen])
            weights = np.exp(scores - max(scores))
            answer[h, t] = sum(
                w * value[h] for w, (_, value) in zip(weights, seen, strict=True)
            ) / sum(weights)
    return answer, seen


def call(step, given):
    """Feed the chunks twice; behind each cache another beam goes, before and after."""
    for _ in range(2):
        cache, start, answers = None, 0, []
        for length in given["chunks"]:
            views = [given[name][:, start : start + length] for name in "qkv"]
            part = copy.deepcopy(views)
            beam = [1.0 - one for one in part] if given.get("beams", True) else None
            if beam:
                step(*copy.deepcopy(beam), cache)
            made = step(*part, cache)
            if made is None:
                return None
            if not isinstance(made, (tuple, list)) or len(made) != 2:
                raise TypeError("step must return two things: answers, cache")
            for view, one in zip(views, part, strict=True):
                view[:] = one  # a change to an argument reaches the judge
            answers.append(np.array(made[0]))
            if beam:
                step(*beam, cache)
            cache = made[1]
            start += length
    return np.concatenate(answers, axis=1)


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, heads, chunks, width, scale=1.0):  # of fewer than 64 tokens
        q, k, v = rng.normal(size=(3, heads, sum(chunks), width)).round(1) * scale
        return pair(zh, en), {"q": q, "k": k, "v": v, "chunks": chunks}

    return [
        case("一个 token", "one token", 1, [1], 2),
        case("一块两个 token，没有缓存", "one chunk of two tokens, nothing cached", 1, [2], 2),
        case("两个 token，一个一个来", "two tokens, one by one", 1, [1, 1], 2),
        case("三个 token，一个一个来", "three tokens, one by one", 1, [1, 1, 1], 2),
        case("缓存一个，再来两个", "two tokens behind one", 1, [1, 2], 3),
        case("缓存三个，再来两个；两个头", "two tokens behind three, two heads", 2, [3, 2], 3),
        case("三块，长短不一", "three chunks of different lengths", 3, [2, 3, 1], 4, 2.0),
        case("分数很大", "large scores", 2, [2, 2, 2], 5, 120.0),
        case("六十三个 token，宽为 1", "sixty-three tokens, width 1", 1, [20, 1, 30, 12], 1),
    ]


def beams_do_not_mix(call, given):
    return close(call(given), call(given | {"beams": False}))


def chunking_changes_nothing(call, given):
    given = given | {"beams": False}
    return close(call(given), call(given | {"chunks": [sum(given["chunks"])]}))


def future_is_hidden(call, given):
    given = given | {"beams": False}
    later = copy.deepcopy(given)
    later["k"][:, -1] += 1.0
    later["v"][:, -1] += 1.0
    return close(call(later)[:, :-1], call(given)[:, :-1])


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def step(q, k, v, cache):
    """q, k, v: (heads, new, width); cache: None at first, then what you returned."""
    return np.zeros_like(v), cache  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def step(q, k, v, cache):
    if cache is not None:
        k = np.concatenate([cache[0], k], axis=1)
        v = np.concatenate([cache[1], v], axis=1)
    new, time = q.shape[1], k.shape[1]
    past = time - new
    visible = np.arange(time) <= past + np.arange(new)[:, None]  # (new, time)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    scores = np.where(visible, scores, -1e30)  # (heads, new, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v, (k, v)
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


VISIBLE = "np.arange(time) <= past + np.arange(new)[:, None]"
MASK = "np.where(visible, scores, -1e30)"
BEFORE = "    if cache is not None:\n        k = np.concatenate([cache[0], k], axis=1)\n        v = np.concatenate([cache[1], v], axis=1)\n"
WRONG = {
    "triangle in the corner": mistake(
        "三角靠左上角对齐：每个新 token 都少看了最后 past 个",
        "the triangle stands at the upper left: each new token misses the last `past` that it should see",
        "这一块的第 0 个 token 前面已经有 past 个。",
        "Token 0 of the chunk has `past` tokens before it.",
        VISIBLE,
        "np.arange(time) <= np.arange(new)[:, None]",
    ),
    "no mask": mistake(
        "没有掩码：一块里前面的 token 看到了后面的",
        "no mask: earlier tokens of a chunk see later ones",
        "一块里也要因果：第 i 个看到 past + i 为止。",
        "A chunk is causal, too: token i sees up to past + i.",
        VISIBLE,
        "np.ones((new, time), bool)",
    ),
    "mask without a cache only": mistake(
        "只在缓存为空时才加掩码",
        "the mask is applied only where the cache is empty",
        "这只在每次一个 token 时成立。",
        "That is right only while tokens come one at a time.",
        VISIBLE,
        f"({VISIBLE}) | (past > 0)",
    ),
    "new tokens miss themselves": mistake(
        "新 token 看不到自己",
        "new tokens do not see themselves",
        "是 <=，不是 <。",
        "It is <=, not <.",
        "np.arange(time) <= past",
        "np.arange(time) < past",
    ),
    "cache ignored": mistake(
        "没有用缓存，或者缓存一直没更新",
        "the cache is not used, or never filled",
        "先把缓存的键和值接在前面。",
        "Put the cached keys and values in front first.",
        "cache is not None",
        "False",
    ),
    "only the last chunk is kept": mistake(
        "缓存里只留下最后一块",
        "the cache keeps the last chunk only",
        "返回的缓存要含全部的键和值。",
        "The cache that you return must hold all keys and values.",
        "(k, v)\n",
        "(k[:, past:], v[:, past:])\n",
    ),
    "new in front of old": mistake(
        "新的键和值接在了旧的前面",
        "new keys and values stand in front of old ones",
        "按时间排：旧的在前。",
        "In the order of time: old ones first.",
        "[cache[0], k]",
        "[k, cache[0]]",
        "[cache[1], v]",
        "[v, cache[1]]",
    ),
    "keys for values": mistake(
        "旧的值取成了旧的键",
        "old keys are taken for old values",
        "缓存有两样：cache[0] 是键，cache[1] 是值。",
        "The cache holds two things: cache[0] keys, cache[1] values.",
        "[cache[1], v]",
        "[cache[0], v]",
    ),
    "joined along the heads": mistake(
        "沿头的方向拼了",
        "joined along the axis of the heads",
        "拼的是时间那一维。",
        "Join along time.",
        "np.concatenate([cache[0], k], axis=1)",
        "np.concatenate([cache[0], k], axis=0)",
        "np.concatenate([cache[1], v], axis=1)",
        "np.concatenate([cache[1], v], axis=0)",
    ),
    "changed in place": mistake(
        "就地改了传进来的缓存：beam search 里两条分支会串",
        "the cache that came in is changed in place: two beams would mix",
        "返回新的缓存，旧的还要能用。",
        "Return a new cache; the old one stays good.",
        BEFORE,
        "    cache = [] if cache is None else cache\n    cache.append((k, v))\n    k = np.concatenate([one[0] for one in cache], axis=1)\n    v = np.concatenate([one[1] for one in cache], axis=1)\n",
        "weights @ v, (k, v)",
        "weights @ v, cache",
    ),
    "one cache for everybody": mistake(
        "缓存放在了函数外面，下一条序列接着用",
        "the cache stands outside of the function, and the next sequence inherits it",
        "cache 为 None 时要从空的开始。",
        "None means: begin with nothing.",
        "def step(q, k, v, cache):\n",
        "KEPT = []\n\n\ndef step(q, k, v, cache):\n    cache = KEPT[-1] if KEPT else None\n",
        "    return weights @ v, (k, v)",
        "    KEPT.append((k, v))\n    return weights @ v, (k, v)",
    ),
    "last token only": mistake(
        "只返回了最后一个 token 的结果",
        "answers for the last token only",
        "q 有几个 token，就返回几行。",
        "Return a row for each token of q.",
        "return weights @ v,",
        "return (weights @ v)[:, -1:],",
    ),
    "past counts chunks": mistake(
        "past 数的是块数，不是 token 数",
        "past counts chunks, not tokens",
        "一块可以有几个 token：把各块的长度加起来。",
        "A chunk can hold several tokens: add up their lengths.",
        "past = time - new",
        "past = 0 if cache is None else cache[2]",
        "(k, v)\n",
        "(k, v, past + 1)\n",
    ),
    "the last 32 tokens only": mistake(
        "缓存只留最近 32 个 token",
        "the cache holds the last 32 tokens only",
        "题目里的序列可以长到 63 个 token。",
        "Sequences can have up to 63 tokens.",
        "(k, v)\n",
        "(k[:, -32:], v[:, -32:])\n",
    ),
    "mask after the softmax": mistake(
        "softmax 之后才掩，权重之和不到 1",
        "masked after the softmax: weights no longer sum to one",
        "掩码加在分数上，不是乘在权重上。",
        "Mask the scores, not the weights.",
        MASK,
        "scores",
        "return weights @ v",
        "return (weights * visible) @ v",
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
    "maximum not subtracted": mistake(
        "没有减最大值，exp 溢出",
        "the maximum is not subtracted, and exp overflows",
        "先减去每行的最大值，再取 exp。",
        "Subtract the maximum of each row before exp.",
        " - scores.max(axis=-1, keepdims=True)",
        "",
    ),
    "no scale": mistake(
        "没有除以 √width",
        "the scores are not scaled",
        "和不带缓存时一样，除以 √width。",
        "As without a cache: divide by the root of the width.",
        " / math.sqrt(q.shape[-1])",
        "",
    ),
}
VARIANTS = {
    "a list of chunks in float32": """
import numpy as np
def step(q, k, v, cache):
    q, k, v = (x.astype(np.float32) for x in (q, k, v))
    cache = [*(cache or []), (k, v)]
    keys, values = (np.concatenate(x, axis=1) for x in zip(*cache))
    scores = np.einsum("hiw,hjw->hij", q, keys) * np.float32(q.shape[-1] ** -0.5)
    new, time = scores.shape[1:]
    scores += np.triu(np.full((new, time), -1e30, np.float32), 1 + time - new)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return np.einsum("hij,hjw->hiw", weights, values) / weights.sum(-1, keepdims=True), cache
""",
    "a buffer and its length": """
import numpy as np
def step(q, k, v, cache):
    heads, new, width = q.shape
    if cache is None:
        cache = {"k": np.zeros((heads, 64, width)), "v": np.zeros((heads, 64, width)), "used": 0}
    keys, values, past = cache["k"].copy(), cache["v"].copy(), cache["used"]
    keys[:, past : past + new], values[:, past : past + new] = k, v
    answer = np.zeros(v.shape)
    for i in range(new):
        end = past + i + 1
        scores = np.einsum("hw,hjw->hj", q[:, i], keys[:, :end]) / width**0.5
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        answer[:, i] = np.einsum("hj,hjw->hw", weights, values[:, :end]) / weights.sum(-1, keepdims=True)
    return answer, {"k": keys, "v": values, "used": past + new}
""",
}
WRONG["a buffer shared by beams"] = (
    pair(
        "缓冲区没有复制：两条 beam 写进同一块内存",
        "the buffer is not copied: two beams write into the same memory",
    ),
    pair(
        "另一条 beam 会覆盖这里：返回新的缓存，旧的还要能用。",
        "Another beam writes over it: return a new cache; the old one stays good.",
    ),
    changed(
        VARIANTS["a buffer and its length"],
        'cache["k"].copy(), cache["v"].copy(), cache["used"]',
        'cache["k"], cache["v"], cache["used"]',
    ),
)
PROBLEM = {
    "name": "kv-cache",
    "function": "step",
    "outputs": ["answers"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "另一条 beam 从同一个缓存往下走，结果变了",
                "another beam that goes on from the same cache changes the answers",
            ),
            beams_do_not_mix,
        ),
        (
            pair("分块喂和一次喂，结果不同", "chunk by chunk gives other answers than all at once"),
            chunking_changes_nothing,
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
            "先把缓存的键和值接在新的前面，再当普通注意力算。",
            "Put the cached keys and values in front of the new ones; what remains is attention.",
        ),
        pair(
            "键的个数 time 减去查询的个数 new，就是 past。",
            "past is the number of keys less the number of queries.",
        ),
        pair("第 i 个查询看得到第 past + i 个键为止。", "Query i sees keys up to past + i."),
        pair(
            "返回拼好的键和值作新的缓存，不要改旧的。",
            "Return the joined keys and values as the new cache, and leave the old one alone.",
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
verdict = judge(WRONG["triangle in the corner"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
