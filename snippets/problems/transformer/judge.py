# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of multi-head attention with a padding mask: uv run judge.py my_attempt.py --watch"""

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


def oracle(q, k, v, mask, heads):
    """One query of one head at a time, over the keys that are tokens: no mask to get wrong."""
    answer = np.zeros(q.shape)
    for b, t in np.ndindex(mask.shape):
        keys = [s for s in range(mask.shape[1]) if mask[b, s]]
        for mine in np.array_split(np.arange(q.shape[2]), heads) if mask[b, t] else ():
            scores = np.array([q[b, t, mine] @ k[b, s, mine] / math.sqrt(len(mine)) for s in keys])
            weights = np.exp(scores - max(scores))
            answer[b, t, mine] = weights / sum(weights) @ v[b, keys][:, mine]
    return answer


def call(attend, given):
    """Rows of padding may hold any finite number: the judge sets them to zero."""
    token, shape = given["mask"][..., None] == 1, given["q"].shape  # from before the call
    answer = attend(*given.values())
    if answer is None or isinstance(answer, tuple) or np.shape(answer) != shape:
        return answer
    return np.where(token | ~np.isfinite(answer), answer, 0.0)


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, masks, heads, width, scale=1.0):
        mask = np.array([[int(one) for one in row] for row in masks])
        q, k, v = rng.normal(size=(3, *mask.shape, heads * width))
        q, k = (q * scale).round(1), (k * scale).round(1)
        return pair(zh, en), {"q": q, "k": k, "v": v.round(1), "mask": mask, "heads": heads}

    padded = case("填充的分数最大", "the largest score is padding", ["110"], 1, 1)
    padded[1]["q"][:], padded[1]["k"][0, :, 0] = 100.0, [-100, -100, 100]
    apart = case("两行分数相差两万", "rows of scores 20,000 apart", ["11"], 1, 1)
    apart[1]["q"][0, :, 0], apart[1]["k"][0, :, 0] = [100, -100], 100
    return [
        padded,
        apart,
        case("一个 token", "one token", ["1"], 1, 2),
        case("一个头，宽 4", "one head of width 4", ["11"], 1, 4),
        case("两个头，宽 1", "two heads of width 1", ["11"], 2, 1),
        case("两个头，宽 2", "two heads of width 2", ["111"], 2, 2),
        case("右填充", "padding on the right", ["110"], 1, 2),
        case("左填充", "padding on the left", ["011"], 1, 2),
        case("分数上千", "scores in the thousands", ["1111"], 1, 4, 40.0),
        case("三个头，宽 2", "three heads of width 2", ["1111"], 3, 2),
        case("有一句没有 token", "a sentence without a token", ["111", "000"], 1, 2),
        case("两句，填充在中间", "two sentences, padding between", ["11111", "10110"], 2, 3),
    ]


def sums_to_one(call, given):
    return close(
        call(given | {"v": np.ones_like(given["v"])}), given["mask"][..., None] + 0 * given["v"]
    )


def padding_is_hidden(call, given):
    token = given["mask"][..., None] == 1
    other = {"k": np.where(token, given["k"], 1.0), "v": np.where(token, given["v"], 7.0)}
    return close(call(given | other), call(given))


def heads_do_not_mix(call, given):
    q, width = given["q"].copy(), given["q"].shape[2] // given["heads"]
    q[..., :width] += 1.0
    return close(call(given | {"q": q})[..., width:], call(given)[..., width:])


def order_does_not_matter(call, given):
    back = {name: one[:, ::-1] for name, one in given.items() if name != "heads"}
    return close(call(given | back)[:, ::-1], call(given))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def attend(q, k, v, mask, heads):
    """q, k, v: (batch, time, features); mask: (batch, time), 1 for a token, 0 for padding."""
    return np.zeros_like(q)  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def attend(q, k, v, mask, heads):
    batch, time, features = q.shape
    width = features // heads

    def split(x):
        return x.reshape(batch, time, heads, width).swapaxes(1, 2)

    q, k, v = split(q), split(k), split(v)  # (batch, heads, time, width)
    scores = q @ k.swapaxes(2, 3) / math.sqrt(width)  # (batch, heads, time, time)
    scores = np.where(mask[:, None, None, :] == 1, scores, -1e30)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    mixed = weights @ v  # (batch, heads, time, width)
    return mixed.swapaxes(1, 2).reshape(batch, time, features)
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


SCALE = " / math.sqrt(width)"
SPLIT = "x.reshape(batch, time, heads, width).swapaxes(1, 2)"
MERGE = "mixed.swapaxes(1, 2).reshape"
MASK = "np.where(mask[:, None, None, :] == 1, scores, -1e30)"
LARGEST = " - scores.max(axis=-1, keepdims=True)"
TOTAL = "weights.sum(axis=-1, keepdims=True)"
ROOT = (
    "除以一个头的宽度的平方根：点积只有这么多项。",
    "Divide by the root of one head's width: that is how many terms a dot product has.",
)
WRONG = {
    "no scale": mistake("没有除以 √width", "the scores are not scaled", *ROOT, SCALE, ""),
    "divided by the width": mistake(
        "除以了头宽，没有开方",
        "divided by a head's width, not by its root",
        "除的是标准差，不是方差。",
        "Divide by the standard deviation, not by the variance.",
        SCALE,
        " / width",
    ),
    "root of all features": mistake(
        "除以了全部特征数的平方根",
        "scaled by the root of all features",
        *ROOT,
        SCALE,
        " / math.sqrt(features)",
    ),
    "root of the heads": mistake(
        "除以了头数的平方根",
        "scaled by the root of the number of heads",
        *ROOT,
        SCALE,
        " / math.sqrt(heads)",
    ),
    "one wide head": mistake(
        "没有分头：当成一个宽头算",
        "heads are not split: it is one wide head",
        "改一个头的 query，别的头不该变。",
        "A change of one head's query must not move the others.",
        "width = features // heads",
        "heads, width = 1, features",
    ),
    "split without an exchange of axes": mistake(
        "分头只 reshape 成 (batch, heads, time, width)，没有转置：一个头拿到的是连着的几个 token，不是每个 token 的一段",
        "split by a reshape to (batch, heads, time, width) alone: a head gets a run of tokens, not its features of each",
        "先 reshape 成 (batch, time, heads, width)，再交换中间两维。",
        "Reshape to (batch, time, heads, width), then exchange the two axes in the middle.",
        SPLIT,
        "x.reshape(batch, heads, time, width)",
    ),
    "merged without an exchange of axes": mistake(
        "合头之前没有把 time 换回来，直接 reshape",
        "merged by a reshape alone: time was not put back first",
        "reshape 之前要先变回 (batch, time, heads, width)。",
        "Before the reshape it must be (batch, time, heads, width) again.",
        MERGE,
        "mixed.reshape",
    ),
    "reshaped both ways": mistake(
        "分头、合头都只有 reshape，没有转置",
        "split and merged by reshapes alone",
        "reshape 不移动数据；heads 和 time 要靠转置交换。",
        "A reshape moves nothing: heads and time are exchanged by a transpose.",
        SPLIT,
        "x.reshape(batch, heads, time, width)",
        MERGE,
        "mixed.reshape",
    ),
    "heads interleaved": mistake(
        "头是隔着取的：第 h 个头用了特征 h、h + heads、……",
        "heads are interleaved: head h takes features h, h + heads, …",
        "第 0 个头用最前面的 width 个特征，依次往后。",
        "Head 0 takes the first width features, the next head those that follow.",
        SPLIT,
        "x.reshape(batch, time, width, heads).transpose(0, 3, 1, 2)",
        MERGE,
        "mixed.transpose(0, 2, 3, 1).reshape",
    ),
    "scores transposed": mistake(
        "分数转置了：行成了 key，列成了 query",
        "the scores are transposed: rows are keys, columns are queries",
        "q 在左，k 转置后在右：一行是一个 query。",
        "q stands on the left and k, transposed, on the right: a row is a query.",
        "q @ k.swapaxes(2, 3)",
        "k @ q.swapaxes(2, 3)",
    ),
    "softmax over queries": mistake(
        "softmax 沿 query 的方向做了",
        "the softmax runs over the queries",
        "每个 query 的权重加起来要等于 1。",
        "The weights of each query must sum to one.",
        TOTAL,
        "weights.sum(axis=-2, keepdims=True)",
    ),
    "softmax over heads": mistake(
        "softmax 沿头的方向做了",
        "the softmax runs over the heads",
        "softmax 沿最后一维，也就是 key。",
        "The softmax runs over the last axis, the keys.",
        TOTAL,
        "weights.sum(axis=1, keepdims=True)",
    ),
    "padding forgotten": mistake(
        "没有掩掉填充的 key（或掩在了 query 那一维）",
        "keys that are padding are not masked (or the mask stands on the axis of the queries)",
        "mask 要对着分数的最后一维：mask[:, None, None, :]。",
        "The mask belongs to the last axis of the scores: mask[:, None, None, :].",
        MASK,
        "np.where(mask[:, None, :, None] == 1, scores, -1e30)",
    ),
    "mask of the first sentence": mistake(
        "所有句子都用了第一句的掩码",
        "every sentence gets the mask of the first",
        "每一句有自己的掩码，沿头和 query 广播。",
        "Each sentence has its own mask, broadcast over heads and queries.",
        "mask[:, None, None, :]",
        "mask[:1, None, None, :]",
    ),
    "mask turned over": mistake(
        "掩码反了：掩掉的是 token，留下的是填充",
        "the mask is turned over: tokens are masked and padding is kept",
        "1 是 token，0 是填充。",
        "1 is a token, 0 is padding.",
        "== 1, scores",
        "== 0, scores",
    ),
    "~ of an integer mask": mistake(
        "对整数掩码用了 ~：~1 是 −2、~0 是 −1，都算真，全掩掉了",
        "~ of an integer mask: ~1 is −2 and ~0 is −1, both true, so all is masked",
        "写 mask == 0，或者先转成布尔。",
        "Write mask == 0, or make it boolean first.",
        MASK,
        "np.where(~mask[:, None, None, :], -1e30, scores)",
    ),
    "padding taken to be on the right": mistake(
        "只数了 token 的个数，默认填充都在右边",
        "only counts the tokens, as if all padding were on the right",
        "要看 mask 的位置，不是个数。",
        "Look where mask is 1, not how often.",
        "mask[:, None, None, :] == 1",
        "(np.arange(time) < mask.sum(axis=1)[:, None])[:, None, None, :]",
    ),
    "zero in place of minus infinity": mistake(
        "分数乘了掩码：被掩的分数是 0，不是负无穷",
        "scores are multiplied by the mask: masked ones are 0, not minus infinity",
        "exp(0) 是多少？",
        "What is exp(0)?",
        MASK,
        "scores * mask[:, None, None, :]",
    ),
    "mask after the softmax": mistake(
        "softmax 之后才掩，权重之和不到 1",
        "masked after the softmax: weights no longer sum to one",
        "掩码加在分数上，不是乘在权重上。",
        "Mask the scores, not the weights.",
        MASK,
        "scores",
        "mixed = weights @ v",
        "mixed = weights * mask[:, None, None, :] @ v",
    ),
    "mask too small": mistake(
        "掩码只减了 10,000，压不住大的分数",
        "the mask subtracts only 10,000, and large scores show through",
        "填充的分数可以比别的高出一万多，掩码要压得住。",
        "The score of a padded key can be more than 10,000 above the others. The mask must outweigh that.",
        MASK,
        "scores - 1e4 * (1 - mask[:, None, None, :])",
    ),
    "replaced by −10,000": mistake(
        "被掩的分数换成了 −10,000（或只减了 20,000）：token 的分数也可能这么低",
        "masked scores become −10,000 (or lose only 20,000), and that of a token may be as low",
        "换成比任何分数都低得多的数。",
        "Take a number far below every score.",
        "-1e30",
        "-1e4",
    ),
    "overflow": mistake(
        "exp 之前没有减去最大值",
        "the maximum is not subtracted before exp",
        "exp(1000) 会溢出；减去一个常数，softmax 不变。",
        "exp(1000) overflows; subtracting a constant leaves a softmax unchanged.",
        LARGEST,
        "",
    ),
    "one maximum for all rows": mistake(
        "减的是整个数组的最大值：小的行全部下溢成 0，0 / 0 得 NaN",
        "the maximum of the whole array is subtracted: small rows underflow, and 0 / 0 is NaN",
        "每一行减自己的最大值。",
        "Subtract from each row its own maximum.",
        LARGEST,
        " - scores.max()",
    ),
    "maximum with padding": mistake(
        "先减最大值再掩：最大的若是填充，看得到的全部下溢成 0",
        "the maximum is taken before the mask: where padding has it, all visible scores underflow",
        "先掩分数，再求最大值。",
        "Mask the scores first, then take the maximum.",
        MASK,
        "scores",
        f"np.exp(scores{LARGEST})",
        f"np.exp(scores{LARGEST}) * mask[:, None, None, :]",
    ),
    "NaN without a token": mistake(
        "掩码用 −inf：没有 token 的句子整行是 −inf，softmax 得 NaN",
        "the mask is −inf: in a sentence without a token all is −inf, and the softmax gives NaN",
        "−inf 减 −inf 是多少？换成很大的有限负数。",
        "What is −inf minus −inf? Take a large finite number.",
        "-1e30",
        "-np.inf",
    ),
    "q scaled in place": mistake(
        "就地缩放了 q：reshape 给出的是视图，改的是调用者的数组",
        "q is scaled in place: a reshape gives a view, so the caller's array changes",
        "写 q = q / …，不写 q /= …。",
        "Write q = q / …, not q /= ….",
        SCALE,
        "",
        "    scores = q @",
        "    q /= math.sqrt(width)\n    scores = q @",
    ),
}
VARIANTS = {
    "einsum in float32": """
import numpy as np
def attend(q, k, v, mask, heads):
    q, k, v = (x.astype(np.float32).reshape(*x.shape[:2], heads, -1) for x in (q, k, v))
    scores = np.einsum("bthw,bshw->bhts", q, k) * q.shape[-1] ** -0.5
    scores += np.where(mask, 0, -1e9).astype(np.float32)[:, None, None]
    scores -= scores.max(-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(-1, keepdims=True)
    return np.einsum("bhts,bshw->bthw", weights, v).reshape(*q.shape[:2], -1)
""",
    "a loop over sentences and heads, tokens picked": """
import numpy as np
def attend(q, k, v, mask, heads):
    answer = np.zeros(q.shape)
    for b, there in enumerate(mask.astype(bool)):
        if not there.any():
            continue
        parts = []
        for x, y, z in zip(*(np.split(a[b], heads, axis=-1) for a in (q, k, v))):
            scores = x @ y[there].T * x.shape[-1] ** -0.5
            weights = np.exp(scores - scores.max(1)[:, None])
            parts.append(weights @ z[there] / weights.sum(1)[:, None])
        answer[b] = np.concatenate(parts, axis=-1)
    return answer
""",
    "masked after exp, and zeros for padding": """
import numpy as np
def attend(q, k, v, mask, heads):
    b, t, f = q.shape
    q, k, v = (np.stack(np.split(x, heads, axis=2), 1) for x in (q, k, v))
    scores, seen = q / np.sqrt(f // heads) @ k.transpose(0, 1, 3, 2), mask[:, None, None, :] == 1
    top = np.where(seen, scores, -np.inf).max(-1, keepdims=True, initial=-1e30)
    weights = np.where(seen, np.exp(np.minimum(scores - top, 0)), 0)
    mixed = weights @ v / np.maximum(weights.sum(-1, keepdims=True), 1e-30)
    return np.concatenate(list(mixed.swapaxes(0, 1)), axis=-1) * mask[..., None]
""",
}
PROBLEM = {
    "name": "transformer",
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
                "改动填充处的 k 和 v，结果变了",
                "a change of k and v at the padding changes the answer",
            ),
            padding_is_hidden,
        ),
        (
            pair(
                "改动第一个头的 q，别的头变了",
                "a change of q in the first head changes other heads",
            ),
            heads_do_not_mix,
        ),
        (
            pair(
                "token 全部倒过来排，结果不只是跟着倒过来",
                "with the tokens in reverse order the answers are others, not the same reversed",
            ),
            order_does_not_matter,
        ),
    ],
    "hints": [
        pair(
            "写下每一步的形状：分头、分数、掩码、softmax、加权和、合头。",
            "Write the shape of each step: split, scores, mask, softmax, weighted sum, merge.",
        ),
        pair(
            "分头：(batch, time, heads, width)，再交换中间两维；合头倒着做。",
            "Split: (batch, time, heads, width), then exchange the two axes in the middle; merge backwards.",
        ),
        pair(
            "分数是 (batch, heads, time, time)，行是 query，列是 key；掩码用 mask[:, None, None, :]。",
            "Scores are (batch, heads, time, time), rows queries, columns keys; the mask is mask[:, None, None, :].",
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
verdict = judge(WRONG["merged without an exchange of axes"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
