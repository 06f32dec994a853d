# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of beam search: uv run judge.py my_attempt.py --watch"""

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
from itertools import pairwise


def oracle(log_probs, start, end, width, steps, alpha=1.0):
    """Paths as tuples; the sum of a path is taken anew for each of them."""
    tokens, scores = np.full((len(log_probs), steps), end), np.zeros(len(log_probs))
    for row, table in enumerate(log_probs.tolist()):
        total = lambda path: sum(table[a][b] for a, b in pairwise(path))  # noqa: B023, E731
        live, winner, score = [(start,)], None, None
        for length in range(1, steps + 1):
            paths = [(*path, token) for path in live for token in range(len(table))]
            ranked = sorted(paths, key=total, reverse=True)  # equal sums stay in their order
            live = [path for path in ranked if path[-1] != end][:width]
            done = [path for path in ranked[:width] if path[-1] == end]
            for path in done + live * (length == steps):
                mine = total(path) / length**alpha
                if winner is None or mine > score:
                    winner, score = path, mine
        tokens[row, : len(winner) - 1], scores[row] = winner[1:], score
    return tokens, scores


def call(beam_search, given):
    return beam_search(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    never, far = -np.inf, -(2.0**21)

    def case(zh, en, tables, start, end, width, steps, alpha=None):
        given = {"log_probs": np.array(tables, dtype=float), "start": start, "end": end}
        given |= {"width": width, "steps": steps}
        return pair(zh, en), given if alpha is None else given | {"alpha": alpha}

    def drawn(seed, batch, size):  # eighths, so that sums are exact and ties are ties
        return -np.random.default_rng(seed).integers(1, 25, size=(batch, size, size)) / 8

    return [
        case("只有结束符", "nothing but the end token", [[[-0.5]]], 0, 0, 1, 2, 1.0),
        case("一步", "one step", [[[-1, -2], [-0.5, -0.25]]], 1, 0, 1, 1, 1.0),
        case(
            "最后一步，结束的和没结束的得分相等",
            "an end and a live one tie in the last step",
            [[[-1, -1], [-1, -1]]],
            1,
            1,
            2,
            1,
            1.0,
        ),
        case("没有一条结束", "nothing finishes", [[[-3, -1], [-1, -0.5]]], 1, 0, 1, 2, 1.0),
        case("start 就是 end", "start is end", [[[-2, -0.5], [-0.5, -1]]], 0, 0, 2, 2, 1.0),
        case("log 概率为 0", "a log-probability of 0", [[[-1, -1], [0, -0.5]]], 1, 0, 2, 2, 1.0),
        case(
            "贪心不是最好",
            "greedy is not best",
            [[[-4, -0.5, -1], [-3, -2, -3], [-0.25, -4, -4]]],
            0,
            0,
            2,
            2,
            1.0,
        ),
        case(
            "同一张表，宽度 1",
            "the same table, width 1",
            [[[-4, -0.5, -1], [-3, -2, -3], [-0.25, -4, -4]]],
            0,
            0,
            1,
            2,
            1.0,
        ),
        case(
            "和相等：比 token",
            "equal sums: the token decides",
            [[[-1, -1, -1], [-2, -1, -1], [-1, -1, -1]]],
            1,
            0,
            1,
            2,
            1.0,
        ),
        case(
            "第一步就有两个相等",
            "two tie in the first step",
            [[[-1, -1, -1], [-2, -1, -1], [-0.25, -2, -2]]],
            1,
            0,
            2,
            2,
            1.0,
        ),
        case(
            "候选不足 width",
            "fewer candidates than width",
            [[[-1, -2], [-0.5, -0.25]]],
            1,
            0,
            5,
            3,
            0.5,
        ),
        case(
            "一条结束，从后面的候选补足",
            "one ends, and the next candidate fills the beam",
            [[[-1, -1, -1], [-1.25, -1, -1.5], [-0.75, -0.25, -0.75]]],
            1,
            0,
            2,
            2,
            1.0,
        ),
        case(
            "结束的得分相等",
            "equal scores of finished ones",
            [[[-1, -1, -1], [-0.5, -0.5, -1.75], [-1.75, -1.25, -0.25]]],
            1,
            0,
            2,
            2,
            1.0,
        ),
        case(
            "排在 width 名以后的结束",
            "an end beyond the width",
            [[[-1, -1, -1], [-0.75, -1, -1.75], [-1, -0.25, -0.75]]],
            2,
            0,
            2,
            3,
            0.0,
        ),
        case(
            "和相等：先比来源的名次",
            "equal sums: the rank of the parent decides",
            [[[-1, -1, -1], [-1.5, -0.75, -0.5], [-1.25, -1.5, -1]]],
            1,
            0,
            2,
            3,
            1.0,
        ),
        case(
            "越长得分越高",
            "the score rises with the length",
            [[[-1, -1, -1], [-2, -1, -1.5], [-0.5, -0.75, -0.75]]],
            1,
            0,
            2,
            3,
            2.0,
        ),
        case(
            "两条结束，第三条更长",
            "two have finished, a third is longer",
            [[[-1, -1, -1], [-0.25, -0.5, -0.5], [-1.25, -0.75, -0.5]]],
            1,
            0,
            2,
            3,
            2.0,
        ),
        case(
            "有的 token 是 −∞",
            "some tokens are −∞",
            [[[-1, never, -1], [never, -1, -2], [-3, never, -0.5]]],
            1,
            0,
            2,
            3,
            1.0,
        ),
        case(
            "和低于 −1000000",
            "sums below −1,000,000",
            [[[-1] * 4, [4 * far] * 4, [-1, far, far, far], [4 * far, -1, far, 4 * far]]],
            3,
            0,
            2,
            2,
            1.0,
        ),
        case(
            "和接近 −10^8",
            "sums near −10^8",
            [[[5 * far, far, 44 * far], [46 * far] * 3, [far, 2 * far, 0]]],
            0,
            0,
            2,
            3,
            2.0,
        ),
        case(
            "下一名比结束的低得多",
            "the next is far below the one that ends",
            [[[-1, -1, -1], [-1, 4 * far, 4 * far], [far, 2 * far, 4 * far]]],
            2,
            0,
            1,
            2,
            2.0,
        ),
        case(
            "前两名都结束了",
            "both of the first two end",
            [[[-1, -1, -1], [-0.75, -1, -1.75], [-1, -0.25, -0.75]]],
            1,
            0,
            2,
            4,
            2.0,
        ),
        case(
            "前两名结束，后两名继续",
            "the first two end, the next two go on",
            [[[-1, -1, -1], [-0.75, -1.75, -1.75], [-0.5, -2, -2]]],
            1,
            0,
            2,
            3,
            2.0,
        ),
        case(
            "宽度大于词表",
            "the width is larger than the vocabulary",
            [[[-1, -1, -1], [-2, -1.25, -2], [-1.75, -0.75, -1]]],
            1,
            0,
            4,
            4,
            1.0,
        ),
        case(
            "结束的排第三，和不低于继续的",
            "an end at rank three, not below one that lives",
            [[[-1, -1, -1], [-1.75, -0.25, -0.5], [-0.25, -1.5, -0.25]]],
            1,
            0,
            2,
            3,
            0.0,
        ),
        case(
            "alpha 0，走到最后一步",
            "alpha 0, up to the last step",
            [[[-0.25, -1, -0.25], [-1.75, -2, -0.75], [-0.75, -0.5, -1.25]]],
            1,
            0,
            2,
            3,
            0.0,
        ),
        case("end 是 2，alpha 1.5", "end is 2, alpha 1.5", drawn(51, 1, 3), 1, 2, 2, 4, 1.5),
        case("四个 token", "four tokens", drawn(328, 1, 4), 1, 0, 2, 4, 1.0),
        case("没有传 alpha", "alpha is not given", drawn(4, 2, 3), 1, 2, 2, 3),
        case("两行，alpha 2", "two rows, alpha 2", drawn(4, 2, 3), 1, 2, 2, 4, 2.0),
        case(
            "两行，宽度 4，alpha 0.5",
            "two rows, width 4, alpha 0.5",
            drawn(25, 2, 4),
            2,
            3,
            4,
            5,
            0.5,
        ),
    ]


def score_is_that_of_the_tokens(call, given):
    tokens, scores = call(given)
    for table, ids, score in zip(given["log_probs"], np.asarray(tokens), scores, strict=True):
        ends = np.flatnonzero(ids == given["end"])
        path = [given["start"], *ids[: ends[0] + 1 if len(ends) else None].astype(int)]
        total = sum(table[a, b] for a, b in pairwise(path))
        if not close(score, total / (len(path) - 1) ** given.get("alpha", 1)):
            return False
    return True


def after_the_end_comes_nothing_else(call, given):
    ended = np.asarray(call(given)[0]) == given["end"]
    return (ended[:, 1:] >= ended[:, :-1]).all()


def rows_do_not_mix(call, given):
    tokens, scores = call(given)
    for row in range(len(given["log_probs"])):
        ids, score = call(given | {"log_probs": given["log_probs"][row : row + 1]})
        if not (close(ids[0], tokens[row]) and close(score[0], scores[row])):
            return False
    return True


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    """log_probs: (batch, vocabulary, vocabulary); returns (batch, steps) and (batch,)."""
    return np.full((len(log_probs), steps), end), np.zeros(len(log_probs))  # TODO: yours.
'''

SOLUTION = """import numpy as np


def search(table, start, end, width, steps, alpha):
    live, kept = [([start], 0.0)], []
    for length in range(1, steps + 1):
        candidates = [
            (ids + [token], total + more)
            for ids, total in live
            for token, more in enumerate(table[ids[-1]])
        ]
        candidates.sort(key=lambda one: -one[1])  # stable: of equal sums the first stays first
        best = candidates[:width]
        kept += [(ids, total / length**alpha) for ids, total in best if ids[-1] == end]
        live = [one for one in candidates if one[0][-1] != end][:width]
    kept += [(ids, total / steps**alpha) for ids, total in live]
    return max(kept, key=lambda one: one[1])


def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    tokens = np.full((len(log_probs), steps), end)
    scores = np.zeros(len(log_probs))
    for row, table in enumerate(log_probs.tolist()):
        ids, scores[row] = search(table, start, end, width, steps, alpha)
        tokens[row, : len(ids) - 1] = ids[1:]
    return tokens, scores
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = SOLUTION
    for one, other in zip((old, *more[::2]), (new, *more[1::2]), strict=True):
        source = changed(source, one, other)
    return pair(zh, en), pair(hint_zh, hint_en), source


SORT = "        candidates.sort(key=lambda one: -one[1])  # stable: of equal sums the first stays first\n"
BEST = "        best = candidates[:width]\n"
KEEP = "        kept += [(ids, total / length**alpha) for ids, total in best if ids[-1] == end]\n"
LIVE = "        live = [one for one in candidates if one[0][-1] != end][:width]\n"
LAST = "    kept += [(ids, total / steps**alpha) for ids, total in live]\n"
BEGIN = "    live, kept = [([start], 0.0)], []\n"
WINNER = "max(kept, key=lambda one: one[1])"
WRONG = {
    "greedy": mistake(
        "贪心：每一步只留一条",
        "greedy: a single hypothesis is kept in each step",
        "每一步留 width 条。",
        "Keep width hypotheses in each step.",
        BEGIN,
        BEGIN + "    width = 1\n",
    ),
    "copies at the start": mistake(
        "一开始就放了 width 条相同的，之后一直重复",
        "the search begins with width copies of the start, and they stay copies",
        "第一步只有一条：start。",
        "In the first step there is one hypothesis: start.",
        "[([start], 0.0)]",
        "[([start], 0.0)] * width",
    ),
    "copies masked with ten thousand": mistake(
        "多余的几条用 −10000 这样的数屏蔽，和更低的候选就输给了它们",
        "the copies at the start are masked with a number such as −10,000, and candidates with lower sums lose to them",
        "log 概率之和可以更低：用 −∞，或者只放一条。",
        "Sums of log-probabilities may be lower: use −∞, or begin with one.",
        "[([start], 0.0)]",
        "[([start], 0.0)] + [([start], -1e4)] * (width - 1)",
    ),
    "end masked with ten thousand": mistake(
        "以 end 结尾的候选只减了 10000，没有去掉，又混进了 beam",
        "candidates that end lose 10,000 instead of being taken out, and come back into the beam",
        "以 end 结尾的要整个去掉，或者减成 −∞。",
        "Take out what ends, or set it to −∞.",
        LIVE,
        """        live = [(ids, total - 1e4 if ids[-1] == end else total) for ids, total in candidates]
        live = sorted(live, key=lambda one: -one[1])[:width]
""",
    ),
    "no wider than the vocabulary": mistake(
        "宽度不超过词表：width 和词表大小取了小的",
        "the width is cut to the size of the vocabulary",
        "候选有 条数 × 词表 个：k 和候选数取小，不是和词表大小。",
        "There are hypotheses × vocabulary candidates: cut k to their number, not to the vocabulary.",
        BEGIN,
        BEGIN + "    width = min(width, len(table))\n",
    ),
    "width always 2": mistake(
        "宽度写死成 2",
        "the width is always 2",
        "宽度是参数 width。",
        "The width is an argument.",
        BEGIN,
        BEGIN + "    width = 2\n",
    ),
    "each goes on by itself": mistake(
        "每条各选自己最好的，没有放在一起比",
        "each hypothesis takes its own best token; they are not compared with each other",
        "所有条的所有候选放在一起排序。",
        "Sort the candidates of all hypotheses together.",
        SORT,
        SORT
        + """        if length > 1:
            candidates = [
                next(one for one in candidates if one[0][:-1] == ids) for ids, _ in live
            ]
""",
    ),
    "prefix of another": mistake(
        "新 token 接到了别的前缀上：没有按来源重排",
        "the new token is put behind another prefix: prefixes are not reordered by parent",
        "候选来自第几条，就接在第几条后面；KV cache 也要跟着重排。",
        "A candidate goes on from its own parent; a KV cache is reordered with it.",
        LIVE,
        """        old = live
        live = [one for one in candidates if one[0][-1] != end][:width]
        live = [(old[min(i, len(old) - 1)][0] + one[0][-1:], one[1]) for i, one in enumerate(live)]
""",
    ),
    "flat index by the width": mistake(
        "展平的下标除以了 width，不是词表大小",
        "the flat index is divided by the width, not by the vocabulary",
        "来源是 i // 词表大小，token 是 i % 词表大小。",
        "The parent is i // vocabulary, the token i % vocabulary.",
        SORT,
        """        candidates = [
            (live[i // width % len(live)][0] + [i % width % len(table)], one[1])
            for i, one in enumerate(candidates)
        ]
"""
        + SORT,
    ),
    "scores not carried": mistake(
        "没有累加：只看最后一个 token 的 log 概率",
        "not added up: only the last token's log-probability counts",
        "候选的分数是整条的和。",
        "A candidate's sum is that of the whole hypothesis.",
        "total + more",
        "more",
    ),
    "probabilities added": mistake(
        "加的是概率，不是 log 概率",
        "probabilities are added, not log-probabilities",
        "概率相乘就是 log 概率相加。",
        "Probabilities are multiplied, so their logs are added.",
        "total + more",
        "total + np.exp(more)",
    ),
    "table transposed": mistake(
        "表的行列用反了",
        "rows and columns of the table are swapped",
        "行是上一个 token，列是下一个。",
        "The row is the last token, the column the next.",
        "enumerate(table[ids[-1]])",
        "enumerate(row[ids[-1]] for row in table)",
    ),
    "always after the start": mistake(
        "每一步都用 start 那一行",
        "every step reads the row of start",
        "用这一条的最后一个 token 那一行。",
        "Read the row of the hypothesis's last token.",
        "table[ids[-1]]",
        "table[start]",
    ),
    "goes on after the end": mistake(
        "遇到结束符还继续生成",
        "hypotheses go on after the end token",
        "以 end 结尾的放到一边，不再扩展。",
        "Set aside what ends with end; do not extend it.",
        KEEP + LIVE,
        "        live = best\n",
    ),
    "finished ones are dropped": mistake(
        "结束的没有留下来",
        "finished hypotheses are dropped",
        "结束的也要记下，最后一起比。",
        "Keep the finished ones and compare them in the end.",
        KEEP,
        "",
        WINNER,
        "max(kept or best, key=lambda one: one[1])",
    ),
    "the beam is not filled up": mistake(
        "有一条结束，就少一条：没有从后面的候选补足",
        "where a hypothesis ends, the beam is one short: it is not filled up from the next candidates",
        "不以 end 结尾的候选里取前 width 条。",
        "Take the best width of the candidates that do not end.",
        LIVE,
        LIVE.replace("in candidates if", "in best if"),
    ),
    "one spare candidate": mistake(
        "只从前 width + 1 名里补：一步里有两条结束就不够了",
        "the beam is filled up from the first width + 1 candidates: too few where two end in one step",
        "每个来源都可能结束：要看前 2 × width 名。",
        "Each parent may end: look at the first 2 × width.",
        LIVE,
        LIVE.replace("in candidates if", "in candidates[: width + 1] if"),
    ),
    "each finished one costs a beam": mistake(
        "每结束一条，宽度就减一",
        "the width falls by one for each hypothesis that finishes",
        "宽度不变，结束的另外存放。",
        "The width stays; finished ones are stored apart.",
        LIVE,
        LIVE.replace("[:width]", "[: max(width - len(kept), 0)]"),
    ),
    "finished ones stay in the beam": mistake(
        "结束的留在 beam 里占位置，会被挤掉",
        "finished hypotheses stay in the beam, take a place and can be pushed out",
        "有的实现是这样；这道题里，结束的另外存放。",
        "Some programs do so; here they are stored apart.",
        "enumerate(table[ids[-1]])\n        ]\n",
        "enumerate(table[ids[-1]])\n        ] + kept\n",
        KEEP + LIVE,
        """        kept = [one for one in best if one[0][-1] == end and len(one[0]) > 1]
        live = [one for one in best if one not in kept]
""",
        LAST,
        "    kept = [(ids, total / (len(ids) - 1) ** alpha) for ids, total in kept + live]\n",
    ),
    "ends at any rank": mistake(
        "排在 width 名以后的结束也算数",
        "an end counts at any rank, beyond the width, too",
        "结束的候选要排进前 width 名。",
        "A candidate that ends must be among the best width of all.",
        "in best if",
        "in candidates if",
    ),
    "stops at the first end": mistake(
        "第一条结束就停了",
        "the search stops when the first hypothesis finishes",
        "后面的可能更好；继续到 steps。",
        "A later one may be better; go on to steps.",
        KEEP,
        KEEP + f"        if kept:\n            return {WINNER}\n",
    ),
    "stops when width have finished": mistake(
        "结束了 width 条就停（early_stopping=True 的做法）",
        "the search stops when width hypotheses have finished (as early_stopping=True does)",
        "还活着的可能更好；继续到 steps。",
        "A live one may still win; go on to steps.",
        KEEP,
        KEEP + f"        if len(kept) >= width:\n            return {WINNER}\n",
    ),
    "stops when the best one ends": mistake(
        "排第一的候选结束就停了",
        "the search stops when the candidate of rank one ends",
        "有长度惩罚时，后面的可能更好。",
        "With a length penalty a later one may be better.",
        KEEP,
        KEEP + f"        if best and best[0][0][-1] == end:\n            return {WINNER}\n",
    ),
    "bound with the present length": mistake(
        "提前停：界用了当前长度，不是 steps",
        "stops early with a bound that uses the present length instead of steps",
        "和只会变小，长度还会变大：最好的情形是 total / steps**alpha。",
        "The sum only falls, but the length grows: at best, total / steps**alpha.",
        LIVE,
        LIVE
        + """        if kept and live and live[0][1] / length**alpha <= max(kept, key=lambda one: one[1])[1]:
            return max(kept, key=lambda one: one[1])
""",
    ),
    "bound of early_stopping=False": mistake(
        "有 width 条结束之后，按当前长度估计没有更好的就停（early_stopping=False 的做法）",
        "after width have finished, stops by an estimate with the present length (as early_stopping=False does)",
        "那只是估计：长度还会变大，得分可能升高。",
        "That is an estimate: the length still grows, and the score may rise.",
        LIVE,
        LIVE
        + """        scores = sorted(score for _, score in kept)[-width:]
        if len(scores) == width and live and live[0][1] / length**alpha <= scores[0]:
            return max(kept, key=lambda one: one[1])
""",
    ),
    "unfinished only if nothing finished": mistake(
        "只要有结束的，就不看没结束的",
        "unfinished hypotheses count only if nothing has finished",
        "到 steps 时没结束的，也按长度 steps 参加比较。",
        "What is unfinished at steps competes too, with length steps.",
        LAST,
        LAST.replace("kept +=", "kept = kept or"),
    ),
    "unfinished ones are dropped": mistake(
        "没结束的都丢了；一条也没结束时报错",
        "unfinished hypotheses are dropped, which is an error if nothing has finished",
        "到 steps 时没结束的，也按长度 steps 参加比较。",
        "What is unfinished at steps competes too, with length steps.",
        LAST,
        "",
    ),
    "no length penalty": mistake(
        "没有除以长度",
        "not divided by the length",
        "比较的是 和 / 长度**alpha。",
        "Compare the sum over length**alpha.",
        "total / length**alpha",
        "total",
        "total / steps**alpha",
        "total",
    ),
    "alpha ignored": mistake(
        "直接除以长度，没有用 alpha",
        "divided by the length itself; alpha is ignored",
        "长度要取 alpha 次方。",
        "Raise the length to the power alpha.",
        "total / length**alpha",
        "total / length",
        "total / steps**alpha",
        "total / steps",
    ),
    "no default for alpha": mistake(
        "alpha 没有默认值，不传就报错",
        "alpha has no default: an error where it is not given",
        "在函数头里写 alpha=1.0。",
        "Write alpha=1.0 in the function's head.",
        "alpha=1.0",
        "alpha",
    ),
    "multiplied by the length": mistake(
        "乘了长度的 alpha 次方",
        "multiplied by length**alpha",
        "log 概率是负的：除以长度才利于长的。",
        "Log-probabilities are negative: dividing favours longer ones.",
        "total / length**alpha",
        "total * length**alpha",
        "total / steps**alpha",
        "total * steps**alpha",
    ),
    "penalty of GNMT": mistake(
        "用了 GNMT 的惩罚 ((5 + 长度) / 6)**alpha",
        "the penalty of GNMT, ((5 + length) / 6)**alpha",
        "这道题是 长度**alpha。",
        "Here it is length**alpha.",
        "total / length**alpha",
        "total / ((5 + length) / 6) ** alpha",
        "total / steps**alpha",
        "total / ((5 + steps) / 6) ** alpha",
    ),
    "end not counted": mistake(
        "长度没有算结束符",
        "the end token is not counted in the length",
        "长度是生成的 token 数，含 end，不含 start。",
        "The length is the number of new tokens, end included, start not.",
        "total / length**alpha",
        "total / max(length - 1, 1) ** alpha",
    ),
    "start counted": mistake(
        "长度把 start 也算了进去",
        "start is counted in the length",
        "长度是生成的 token 数，含 end，不含 start。",
        "The length is the number of new tokens, end included, start not.",
        "total / length**alpha",
        "total / (length + 1) ** alpha",
        "total / steps**alpha",
        "total / (steps + 1) ** alpha",
    ),
    "all divided by steps": mistake(
        "长短都除以了 steps**alpha",
        "short ones are divided by steps**alpha, too",
        "各除以各的长度。",
        "Each is divided by its own length.",
        "total / length**alpha",
        "total / steps**alpha",
    ),
    "penalty for the finished alone": mistake(
        "没结束的没有除以长度",
        "unfinished hypotheses are not divided by their length",
        "没结束的长度是 steps，同样要除。",
        "The length of an unfinished one is steps; divide as well.",
        "total / steps**alpha",
        "total",
    ),
    "divided scores carried on": mistake(
        "除过长度的分数又拿去累加",
        "scores that were divided by the length are carried on",
        "累加的一直是和，只在比较时除。",
        "Carry the sum; divide only to compare.",
        LIVE,
        LIVE + "        live = [(ids, total / length**alpha) for ids, total in live]\n",
    ),
    "chosen by the sum": mistake(
        "按和选，再除以长度返回",
        "the winner is chosen by the sum and divided afterwards",
        "先除，再选。",
        "Divide first, then choose.",
        "kept += [(ids, total / length**alpha)",
        "kept += [(ids, total)",
        "total / steps**alpha",
        "total",
        f"return {WINNER}",
        f"ids, total = {WINNER}\n    return ids, total / (len(ids) - 1) ** alpha",
    ),
    "the sum comes back": mistake(
        "选对了，返回的却是和",
        "the right one is chosen, but its sum comes back",
        "返回除过长度的分数。",
        "Return the score that was divided.",
        f"return {WINNER}",
        f"ids, score = {WINNER}\n    return ids, score * (len(ids) - 1) ** alpha",
    ),
    "ties: the higher token": mistake(
        "和相等时，后面的候选排在了前面",
        "of equal sums the later candidate is first",
        "用稳定排序，键取负，不要反转。",
        "Sort the negated sums with a stable sort; do not reverse.",
        SORT,
        "        candidates.reverse()\n" + SORT,
    ),
    "ties: token before rank": mistake(
        "和相等时先比 token，没有先比来源的名次",
        "of equal sums the lower token is first, whatever its parent's rank",
        "先比来源的名次，再比 token，也就是展平的下标。",
        "Compare the rank of the parent, then the token: the flat index.",
        "key=lambda one: -one[1])",
        "key=lambda one: (-one[1], one[0][-1]))",
    ),
    "ties: the last found wins": mistake(
        "得分相等时取了后找到的",
        "of equal scores the one found last wins",
        "先找到的优先：换的时候用 >，不是 >=。",
        "The one found first wins: replace with >, not >=.",
        WINNER,
        "max(reversed(kept), key=lambda one: one[1])",
    ),
    "ties: the live one wins": mistake(
        "得分相等时，没结束的排在了结束的前面",
        "of equal scores a hypothesis that still lives comes before a finished one",
        "结束的在前，没结束的在后，取得分最高的第一个。",
        "Put the finished ones first, then the live ones, and take the first of the highest.",
        LAST,
        "    kept = [(ids, total / steps**alpha) for ids, total in live] + kept\n",
    ),
    "a score of 0 taken for none": mistake(
        "把得分 0 当成了还没有得分（if not score）",
        "a score of 0 is taken for no score yet (if not score)",
        "log 概率可以是 0：写 is None，或者从 −∞ 开始。",
        "A log-probability may be 0: write is None, or begin with −∞.",
        f"return {WINNER}",
        """winner, score = None, None
    for ids, mine in kept:
        if not score or mine > score:
            winner, score = ids, mine
    return winner, score""",
    ),
    "start taken for an end": mistake(
        "start 和 end 是同一个 id 时，一开始就当成结束了",
        "where start and end are the same id, the search is over at once",
        "只看生成出来的 token 是不是 end。",
        "Only a new token can be the end.",
        "            for ids, total in live\n            for token",
        "            for ids, total in live\n            if ids[-1] != end\n            for token",
        WINNER,
        f"{WINNER} if kept else ([start], 0.0)",
    ),
    "wider than the candidates": mistake(
        "候选不足 width 条时报错",
        "an error where there are fewer candidates than width",
        "不足就全留：用切片，top-k 的 k 先和候选数取小。",
        "Keep all there are: slice, or take the smaller of k and their number.",
        BEST,
        "        best = [candidates[i] for i in range(width)]\n",
    ),
    "kept from row to row": mistake(
        "结束的存在各行共用的列表里（默认参数只建一次）",
        "the finished ones lie in one list for all rows (a default is made only once)",
        "每一行新建一个列表。",
        "Make a new list for each row.",
        "steps, alpha):\n    live, kept = [([start], 0.0)], []\n",
        "steps, alpha, kept=[]):\n    live = [([start], 0.0)]\n",
    ),
    "the first row for all": mistake(
        "每一行都用了第一行的表",
        "the first row's table is used for all",
        "每一行有自己的表。",
        "Each row has its own table.",
        "= search(table,",
        "= search(log_probs[0].tolist(),",
    ),
    "filled with 0": mistake(
        "结束之后填了 0，不是 end",
        "what follows the end is filled with 0, not with end",
        "用 end 填满 steps 列。",
        "Fill the steps columns with end.",
        "np.full((len(log_probs), steps), end)",
        "np.zeros((len(log_probs), steps), dtype=int)",
    ),
    "one step too few": mistake(
        "少走了一步",
        "one step too few",
        "range 不含右端：到 steps + 1。",
        "A range leaves its end out: up to steps + 1.",
        "range(1, steps + 1)",
        "range(1, steps)",
    ),
    "changes the tables": mistake(
        "就地改动了传进来的表",
        "the tables that came in are changed in place",
        "别的请求可能还要用它；先复制。",
        "Another request may still need them; copy first.",
        "    tokens = np.full",
        "    log_probs[log_probs == -np.inf] = -1e9\n    tokens = np.full",
    ),
}
VARIANTS = {
    "arrays, all rows at once, float32": """
import numpy as np
def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    table = log_probs.astype(np.float32)
    batch, size, _ = table.shape
    rows = np.arange(batch)[:, None]
    total = np.full((batch, width), -np.inf, np.float32)
    total[:, 0] = 0
    real = np.arange(width) < np.ones((batch, 1))
    last = np.full((batch, width), start)
    paths = np.full((batch, width, steps), end)
    winner, score = np.full((batch, steps), end), np.full(batch, -np.inf)
    def offer(ids, mine):
        better = mine > score
        winner[better], score[better] = ids[better], mine[better]
    for length in range(1, steps + 1):
        flat = np.where(real[..., None], total[..., None] + table[rows, last], -np.inf)
        flat = flat.reshape(batch, -1)
        order = np.argsort(-flat, axis=1, kind="stable")
        for i in order.T[:width]:
            ids = paths[rows[:, 0], i // size].copy()
            ids[:, length - 1] = i % size
            done = (i % size == end) & real[rows[:, 0], i // size]
            offer(ids, np.where(done, flat[rows[:, 0], i] / length**alpha, -np.inf))
        later = np.argsort(order % size == end, axis=1, kind="stable")[:, :width]
        index = np.take_along_axis(order, later, axis=1)
        total = np.take_along_axis(flat, index, axis=1)
        real = real[rows, index // size] & (index % size != end)
        paths = paths[rows, index // size]
        last = index % size
        paths[:, :, length - 1] = last
    for w in range(width):
        offer(paths[:, w], np.where(real[:, w], total[:, w] / steps**alpha, -np.inf))
    return winner, score
""",
    "stops when no live one can win": """
import numpy as np
def one_row(table, start, end, width, steps, alpha):
    live, winner, score = [(0.0, (start,))], None, -np.inf
    for length in range(1, steps + 1):
        ranked = []
        for total, ids in live:
            ranked += [(total + p, ids + (t,)) for t, p in enumerate(table[ids[-1]])]
        order = np.argsort([-total for total, _ in ranked], kind="stable")
        live = []
        for place, i in enumerate(order):
            total, ids = ranked[i]
            if ids[-1] != end:
                live.append((total, ids))
            elif place < width and (winner is None or total / length**alpha > score):
                winner, score = ids, total / length**alpha
        live = live[:width]
        if not live or (winner and live[0][0] / steps**alpha <= score):
            break
    else:
        for total, ids in live:
            if winner is None or total / steps**alpha > score:
                winner, score = ids, total / steps**alpha
    return list(winner[1:]) + [end] * (steps + 1 - len(winner)), score
def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    rows = [one_row(table, start, end, width, steps, alpha) for table in log_probs.tolist()]
    return np.array([ids for ids, _ in rows]), np.array([score for _, score in rows])
""",
    "twice the width, a heap": """
import heapq
import numpy as np
def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    out, scores = [], []
    for table in log_probs:
        live, done = [(0.0, 0, [start])], []
        for length in range(1, steps + 1):
            pool = (
                ((total + p) / length**alpha, -rank, -t, total + p, ids + [t])
                for total, rank, ids in live
                for t, p in enumerate(table[ids[-1]])
            )
            top = heapq.nlargest(2 * width, pool)
            done += [(one[0], -length, -i, one[4]) for i, one in enumerate(top[:width]) if one[2] == -end]
            live = [one for one in top if one[2] != -end][:width]
            live = [(one[3], rank, one[4]) for rank, one in enumerate(live)]
        done += [(total / steps**alpha, -steps - 1, -rank, ids) for total, rank, ids in live]
        score, _, _, ids = max(done)
        out.append((ids[1:] + [end] * steps)[:steps])
        scores.append(score)
    return out, scores
""",
}
PROBLEM = {
    "name": "beam-search",
    "function": "beam_search",
    "outputs": ["tokens", "scores"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "scores 不是这些 token 的和除以长度的 alpha 次方",
                "scores is not the sum over these tokens, divided by length**alpha",
            ),
            score_is_that_of_the_tokens,
        ),
        (
            pair("end 之后还有别的 token", "another token comes after end"),
            after_the_end_comes_nothing_else,
        ),
        (
            pair("一行的结果和单独算它时不同", "a row differs from what it is alone"),
            rows_do_not_mix,
        ),
    ],
    "hints": [
        pair(
            "先写一行：一个列表，每项是 (token 列表, 和)；开头只有一项：([start], 0)。",
            "Begin with one row: a list of (tokens, sum), at first only ([start], 0).",
        ),
        pair(
            "每一步：所有项接上所有 token，按和从大到小做稳定排序。",
            "In each step, extend all of them by all tokens and sort by the sum, with a stable sort.",
        ),
        pair(
            "前 width 名里以 end 结尾的存起来；不以 end 结尾的取前 width 条继续。",
            "Store those of the first width that end with end; the best width of the others go on.",
        ),
        pair(
            "最后，没结束的也除以 steps**alpha 参加比较，取得分最高的第一个。",
            "In the end the unfinished ones compete, over steps**alpha; take the first of the highest.",
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
verdict = judge(WRONG["the beam is not filled up"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
