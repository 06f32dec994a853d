# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of rotary position embeddings: uv run judge.py my_attempt.py --watch"""

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
import cmath


def oracle(q, k, start, base, rotary, halves):
    """One pair at a time, as a complex number: a rotation is one product."""
    answers = []
    for x in (q, k):
        answer = x.copy()
        for h, t, i in np.ndindex(*x.shape[:2], rotary // 2):
            one, two = (i, i + rotary // 2) if halves else (2 * i, 2 * i + 1)
            angle = (start + t) / base ** (2 * i / rotary)
            turned = complex(x[h, t, one], x[h, t, two]) * cmath.exp(1j * angle)
            answer[h, t, one], answer[h, t, two] = turned.real, turned.imag
        answers.append(answer)
    return answers


def call(rotate, given):
    return rotate(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, heads, kv_heads, time, width, start, base, rotary, halves):
        q = rng.normal(size=(heads, time, width)).round(1)
        k = rng.normal(size=(kv_heads, time, width)).round(1)
        names = ("q", "k", "start", "base", "rotary", "halves")
        return pair(zh, en), dict(zip(names, (q, k, start, base, rotary, halves), strict=True))

    return [
        case("位置 0：什么都不转", "position 0: nothing turns", 1, 1, 1, 2, 0, 10000, 2, False),
        case("一对，位置 1", "one pair at position 1", 1, 1, 1, 2, 1, 10000, 2, False),
        case("没有一维要转", "no dimension turns", 1, 1, 2, 1, 3, 10000, 0, True),
        case("两对，相邻配对", "two pairs of neighbours", 1, 1, 2, 4, 0, 90, 4, False),
        case("两对，前后两半配对", "two pairs, one of each half", 1, 1, 2, 4, 0, 90, 4, True),
        case("只转前两维", "only two dimensions turn", 1, 1, 2, 4, 2, 10000, 2, False),
        case("从 50 开始；底数不同", "from 50 on, another base", 2, 1, 3, 6, 50, 1.5, 6, False),
        case("转一部分，两半配对", "a part turns, by halves", 4, 2, 3, 9, 7, 10000, 6, True),
        case("转一部分，相邻配对", "a part turns, by neighbours", 4, 2, 5, 7, 195, 200, 4, False),
    ]


def only_distances_count(call, given):
    def scores(start):
        q, k = (np.asarray(x) for x in call(given | {"start": start}))
        return np.einsum("htd,gsd->hgts", q, k)

    return close(scores(given["start"]), scores(given["start"] + 9))


def lengths_stay(call, given):
    return all(
        close((np.asarray(x) ** 2).sum(-1), (given[name] ** 2).sum(-1))
        for name, x in zip("qk", call(given), strict=True)
    )


def the_rest_stays(call, given):
    rest = (..., slice(given["rotary"], None))
    return all(
        close(np.asarray(x)[rest], given[name][rest])
        for name, x in zip("qk", call(given), strict=True)
    )


def chunks_change_nothing(call, given):
    parts = [
        given
        | {
            "q": given["q"][:, i : i + 1],
            "k": given["k"][:, i : i + 1],
            "start": i + given["start"],
        }
        for i in range(given["q"].shape[1])
    ]
    parts = zip(*(call(part) for part in parts), strict=True)
    return all(
        close(np.concatenate(part, axis=1), whole)
        for part, whole in zip(parts, call(given), strict=True)
    )


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def rotate(q, k, start, base, rotary, halves):
    """q: (heads, time, width); k: (kv_heads, time, width); returns both, rotated."""
    return np.zeros_like(q), np.zeros_like(k)  # TODO: yours.
'''

SOLUTION = """import numpy as np


def rotate(q, k, start, base, rotary, halves):
    i = np.arange(rotary // 2)  # the pairs
    positions = start + np.arange(q.shape[1])
    angles = positions[:, None] * base ** (-2 * i / rotary)  # (time, rotary / 2)
    one, two = (i, i + rotary // 2) if halves else (2 * i, 2 * i + 1)

    def turned(x, angles):
        a, b = x[..., one], x[..., two]  # (heads, time, rotary / 2)
        y = x.copy()
        y[..., one] = a * np.cos(angles) - b * np.sin(angles)
        y[..., two] = a * np.sin(angles) + b * np.cos(angles)
        return y

    return turned(q, angles), turned(k, angles)
"""


def mistake(zh, en, hint_zh, hint_en, *changes):
    source = SOLUTION
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        source = changed(source, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), source


PAIRS = "(i, i + rotary // 2) if halves else (2 * i, 2 * i + 1)"
FREQUENCIES = "base ** (-2 * i / rotary)"
BOTH = "turned(q, angles), turned(k, angles)"
FIRST = "y[..., one] = a * np.cos(angles) - b * np.sin(angles)"
SECOND = "y[..., two] = a * np.sin(angles) + b * np.cos(angles)"
WRONG = {
    "always neighbours": mistake(
        "总是相邻两维配对",
        "neighbours are always paired",
        "halves 为 True 时，第 i 维和第 i + rotary / 2 维配对。",
        "Where halves is true, i goes with i + rotary / 2.",
        PAIRS,
        "(2 * i, 2 * i + 1)",
    ),
    "always halves": mistake(
        "总是前后两半配对",
        "the halves are always paired",
        "halves 为 False 时，第 2i 维和第 2i + 1 维配对。",
        "Where halves is false, 2i goes with 2i + 1.",
        PAIRS,
        "(i, i + rotary // 2)",
    ),
    "neighbours written as halves": mistake(
        "按相邻配对旋转，写回时却排成了前后两半",
        "neighbours are turned, but written back as two halves",
        "两个数写回它们原来的那两维；查询和键一起换次序，分数看不出这个错。",
        "Write the two numbers where they stood. Scores do not show it where queries and keys are reordered alike.",
        FIRST,
        FIRST.replace("one", "i"),
        SECOND,
        SECOND.replace("two", "i + rotary // 2"),
    ),
    "angles laid out for halves": mistake(
        "角度总是按前后两半排的，相邻配对时一对里两个数转的角度不同",
        "angles are laid out for halves: where neighbours are paired, the two numbers of a pair turn by different angles",
        "相邻配对时，第 2i 维和第 2i + 1 维用同一个角度：用 repeat，不用 tile。",
        "Dimensions 2i and 2i + 1 have one angle where neighbours are paired: repeat the angles, do not tile them.",
        "y = x.copy()",
        "y, angles = x.copy(), np.concatenate([angles, angles], axis=-1)",
        FIRST,
        FIRST.replace("angles", "angles[..., one]"),
        SECOND,
        SECOND.replace("angles", "angles[..., two]"),
    ),
    "halves of the width": mistake(
        "两半是按 width 分的，应当按 rotary 分",
        "the halves are those of the width, not of the rotary part",
        "只有前 rotary 维参与配对。",
        "Only the first `rotary` dimensions form pairs.",
        "i + rotary // 2)",
        "i + q.shape[-1] // 2)",
    ),
    "start ignored": mistake(
        "每块都从位置 0 数起，没有用 start",
        "each chunk begins at position 0: start is not used",
        "第 t 个 token 的位置是 start + t。",
        "Token t stands at position start + t.",
        "start + np.arange",
        "np.arange",
    ),
    "start counted twice": mistake(
        "start 加了两次",
        "start is added twice",
        "第 t 个 token 的位置是 start + t，不是 2 · start + t。",
        "Token t stands at start + t, not at 2 · start + t.",
        "start + np.arange",
        "2 * start + np.arange",
    ),
    "keys without start": mistake(
        "查询用了 start，键却从 0 数起",
        "queries use start, but keys begin at 0",
        "同一块里的查询和键，位置相同。",
        "Queries and keys of a chunk stand at the same positions.",
        BOTH,
        "turned(q, angles), turned(k, angles - angles[:1])",
    ),
    "positions from 1": mistake(
        "位置从 start + 1 数起",
        "positions begin at start + 1",
        "第 0 个 token 的位置就是 start。分数只看距离，所以看不出这个错。",
        "Token 0 stands at start. Scores, which depend on distances alone, do not show this.",
        "start + np.arange",
        "start + 1 + np.arange",
    ),
    "positions along the heads": mistake(
        "位置沿头那一维数了",
        "positions run along the heads",
        "轴 0 是头，轴 1 才是时间。",
        "Axis 0 holds heads; time is axis 1.",
        "        a, b",
        "        angles = (start + np.arange(len(x)))[:, None, None] * base ** (-2 * i / rotary)\n        a, b",
    ),
    "keys not rotated": mistake(
        "键没有旋转",
        "keys are not rotated",
        "查询和键都要转，分数才只看距离。",
        "Rotate both: only then does the distance alone count.",
        BOTH,
        "turned(q, angles), k.copy()",
    ),
    "keys turned backwards": mistake(
        "键往反方向转了",
        "keys turn the other way",
        "两边同方向转，点积里才是位置之差，不是位置之和。",
        "Turn both the same way: then positions subtract; else they add up.",
        BOTH,
        "turned(q, angles), turned(k, -angles)",
    ),
    "turned clockwise": mistake(
        "查询和键都往反方向转：分数仍只看距离，但前后反了",
        "both turn clockwise: distances still count, but with the wrong sign",
        "(a, b) 变成 (a cos − b sin, a sin + b cos)。",
        "(a, b) becomes (a cos − b sin, a sin + b cos).",
        BOTH,
        "turned(q, -angles), turned(k, -angles)",
    ),
    "a sign is missing": mistake(
        "少了一个负号：这样不是旋转",
        "the minus is missing: that is no rotation",
        "(a, b) 变成 (a cos − b sin, a sin + b cos)，长度不变。",
        "(a, b) becomes (a cos − b sin, a sin + b cos): the length stays.",
        "np.cos(angles) - b",
        "np.cos(angles) + b",
    ),
    "second from the new first": mistake(
        "算第二个数时，用了已经转过的第一个数",
        "the second number is made from the first one, already turned",
        "先取出 a 和 b，再写回。",
        "Take a and b out before you write.",
        SECOND,
        SECOND.replace("a *", "y[..., one] *"),
    ),
    "input changed": mistake(
        "就地改了输入",
        "the input is changed in place",
        "先复制，再写。",
        "Copy first.",
        "x.copy()",
        "x",
    ),
    "exponent without its 2": mistake(
        "频率的指数少了 2",
        "the exponent lacks the 2",
        "第 i 对的频率是 base^(−2i / rotary)。",
        "The frequency of pair i is base^(−2i / rotary).",
        FREQUENCIES,
        "base ** (-i / rotary)",
    ),
    "exponent with its 2 twice": mistake(
        "频率的指数里 2 乘了两次",
        "the exponent has its 2 twice",
        "arange(0, rotary, 2) 已经是 2i，不要再乘 2。",
        "arange(0, rotary, 2) is 2i already.",
        FREQUENCIES,
        "base ** (-4 * i / rotary)",
    ),
    "exponent over the width": mistake(
        "频率的指数除以了 width，应当除以 rotary",
        "the exponent is divided by the width, not by rotary",
        "只转一部分时，频率按 rotary 算。",
        "Where a part turns, its size counts: rotary.",
        FREQUENCIES,
        "base ** (-2 * i / q.shape[-1])",
    ),
    "frequencies that grow": mistake(
        "频率越来越大：指数少了负号",
        "the frequencies grow: the exponent lacks its minus",
        "第 0 对最快，每步 1 弧度，后面越来越慢。",
        "Pair 0 is the fastest, 1 radian a step; the others are slower.",
        "-2 * i",
        "2 * i",
    ),
    "base ignored": mistake(
        "底数写死成了 10000",
        "the base is fixed at 10000",
        "base 是参数，各家模型不同。",
        "The base is an argument: models differ in it.",
        "* base",
        "* 10000.0",
    ),
    "everything turns": mistake(
        "所有维都转了，没有管 rotary",
        "all dimensions turn: rotary is not used",
        "第 rotary 维及以后的原样返回。",
        "Dimensions from `rotary` on come back as they were.",
        "    i = np",
        "    rotary = q.shape[-1]\n    i = np",
    ),
    "the last dimensions turn": mistake(
        "转的是最后 rotary 维",
        "the last `rotary` dimensions turn",
        "转前 rotary 维，后面的原样返回。",
        "The first `rotary` dimensions turn; those behind come back as they were.",
        "    def turned",
        "    one, two = one + q.shape[-1] - rotary, two + q.shape[-1] - rotary\n\n    def turned",
    ),
    "a table of 128 positions": mistake(
        "角度表只有 128 个位置，后面的都用了最后一个",
        "the table of angles has 128 positions, and later tokens take the last one",
        "题目里的位置可以到 199。",
        "Positions go up to 199.",
        "positions = start + np.arange(q.shape[1])",
        "positions = np.minimum(start + np.arange(q.shape[1]), 127)",
    ),
    "the rest is lost": mistake(
        "没转的维成了 0",
        "dimensions that do not turn become 0",
        "第 rotary 维及以后的原样返回。",
        "Dimensions from `rotary` on come back as they were.",
        "x.copy()",
        "np.zeros(x.shape)",
    ),
    "angles in half precision": mistake(
        "角度用半精度算了",
        "the angles are computed in half precision",
        "位置和频率用 float32 相乘，取完余弦和正弦，再转成半精度。",
        "Multiply positions and frequencies in float32; convert after cosine and sine.",
        "positions[:, None] * base ** (-2 * i / rotary)",
        'positions[:, None].astype("float16") * (base ** (-2 * i / rotary)).astype("float16")',
    ),
}
VARIANTS = {
    "rotate_half in float32": """
import numpy as np
def rotate(q, k, start, base, rotary, halves):
    order = np.arange(rotary) if halves else np.arange(rotary).reshape(-1, 2).T.ravel()
    frequency = (1.0 / np.float32(base) ** (np.arange(0, rotary, 2, dtype=np.float32) / max(rotary, 1)))
    angle = np.outer(np.arange(start, start + q.shape[1], dtype=np.float32), np.tile(frequency, 2))
    def turned(x):
        x = x.astype(np.float32)
        part, half = x[..., order], rotary // 2
        other = np.concatenate([-part[..., half:], part[..., :half]], axis=-1)
        x[..., order] = part * np.cos(angle) + other * np.sin(angle)
        return x
    return turned(q), turned(k)
""",
    "complex numbers": """
import numpy as np
def rotate(q, k, start, base, rotary, halves):
    half = rotary // 2
    frequency = base ** -(np.arange(half) / max(half, 1))
    turn = np.exp(1j * np.outer(start + np.arange(q.shape[1]), frequency))
    def turned(x):
        part, rest = x[..., :rotary], x[..., rotary:]
        if halves:
            z = (part[..., :half] + 1j * part[..., half:]) * turn
            return np.concatenate([z.real, z.imag, rest], axis=-1)
        z = (part[..., 0::2] + 1j * part[..., 1::2]) * turn
        return np.concatenate([np.stack([z.real, z.imag], -1).reshape(part.shape), rest], axis=-1)
    return turned(q), turned(k)
""",
    "a matrix for each position": """
import math
import numpy as np
def rotate(q, k, start, base, rotary, halves):
    rows = []
    for t in range(q.shape[1]):
        matrix = np.eye(q.shape[2])
        for i in range(rotary // 2):
            angle = (start + t) * base ** (-2 * i / rotary)
            at = [i, i + rotary // 2] if halves else [2 * i, 2 * i + 1]
            c, s = math.cos(angle), math.sin(angle)
            matrix[np.ix_(at, at)] = [[c, -s], [s, c]]
        rows.append([x[:, t] @ matrix.T for x in (q, k)])
    return [np.stack(x, axis=1) for x in zip(*rows)]
""",
}
PROBLEM = {
    "name": "rope",
    "function": "rotate",
    "outputs": ["q", "k"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("长度变了：不是旋转", "lengths change: that is no rotation"),
            lengths_stay,
        ),
        (
            pair(
                "所有位置一起加 9，分数变了",
                "scores change where all positions move by 9",
            ),
            only_distances_count,
        ),
        (
            pair("第 rotary 维及以后的数变了", "dimensions from `rotary` on change"),
            the_rest_stays,
        ),
        (
            pair(
                "一个一个 token 转，和一起转，结果不同",
                "token by token gives other answers than all at once",
            ),
            chunks_change_nothing,
        ),
    ],
    "hints": [
        pair(
            "第 t 个 token 的位置是 start + t；角度是位置乘频率，形状 (time, rotary / 2)。",
            "Token t stands at start + t; angles are positions times frequencies, of shape (time, rotary / 2).",
        ),
        pair(
            "第 i 对的频率是 base^(−2i / rotary)，除以的是 rotary，不是 width。",
            "The frequency of pair i is base^(−2i / rotary): divided by rotary, not by the width.",
        ),
        pair(
            "先定下每一对是哪两维，两种配对就可以用同一套公式。",
            "First decide which two dimensions form each pair; the formula is then the same for both pairings.",
        ),
        pair(
            "(a, b) 变成 (a cos − b sin, a sin + b cos)；写进一份复制。",
            "(a, b) becomes (a cos − b sin, a sin + b cos), written into a copy.",
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
verdict = judge(WRONG["always neighbours"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
