# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of cross-entropy with ignored labels: uv run judge.py my_attempt.py --watch"""

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


def oracle(logits, labels, ignore):
    """One token at a time; the gradient is the probability, less one at the label."""
    batch, time, size = logits.shape
    loss, gradient = 0.0, np.zeros(logits.shape)
    count = sum(int(label != ignore) for label in labels.flat)
    for b, t in np.ndindex(batch, time):
        if labels[b, t] == ignore:
            continue
        row = [float(one) for one in logits[b, t]]
        log_sum = max(row) + math.log(sum(math.exp(one - max(row)) for one in row))
        loss += (log_sum - row[labels[b, t]]) / count
        for c in range(size):
            gradient[b, t, c] = (math.exp(row[c] - log_sum) - (c == labels[b, t])) / count
    return loss, gradient


def call(cross_entropy, given):
    return cross_entropy(given["logits"], given["labels"], given["ignore"])


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, labels, size, scale=1.0, ignore=-100, shift=0.0):
        labels = np.array(labels)
        logits = rng.normal(size=(*labels.shape, size)).round(1) * scale + shift
        return pair(zh, en), {"logits": logits, "labels": labels, "ignore": ignore}

    return [
        case("一个 token，两个词", "one token, two words", [[1]], 2),
        case("全部忽略", "everything is ignored", [[-100, -100]], 2),
        case("两个 token，忽略一个", "two tokens, one ignored", [[-100, 1]], 3),
        case("忽略的编号是 0", "the ignored label is 0", [[0, 2]], 3, ignore=0),
        case("logits 上千", "logits in the thousands", [[0, 2]], 3, 3000.0),
        case("logits 都在 −1000 附近", "logits all near −1000", [[2, 0]], 3, shift=-1000.0),
        case(
            "两行，计入的 token 数不同",
            "two rows that count different numbers",
            [[1, 3, -100], [2, -100, -100]],
            4,
        ),
    ]


def gradient_sums_to_zero(call, given):
    return close(np.asarray(call(given)[1]).sum(axis=-1), 0)


def ignored_rows_do_not_count(call, given):
    ignored = (given["labels"] == given["ignore"])[..., None]
    noise = np.arange(given["logits"].shape[-1]) * 1.0
    loss, gradient = call(given | {"logits": given["logits"] + ignored * noise})
    return close(loss, call(given)[0]) and close(np.asarray(gradient) * ignored, 0)


def gradient_is_the_slope(call, given):
    logits, step = given["logits"], 1e-4
    gradient, at = np.asarray(call(given)[1]), (0, -1, 0)
    moved = np.zeros(logits.shape)
    moved[at] = step
    up, down = (
        call(given | {"logits": logits + moved})[0],
        call(given | {"logits": logits - moved})[0],
    )
    return np.isclose((up - down) / (2 * step), gradient[at], rtol=1e-2, atol=1e-3)


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import math

import numpy as np


def cross_entropy(logits, labels, ignore=-100):
    """logits: (batch, time, vocabulary); labels: (batch, time); returns loss and gradient."""
    return 0.0, np.zeros_like(logits)  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def cross_entropy(logits, labels, ignore=-100):
    counted = labels != ignore  # (batch, time)
    count = max(counted.sum(), 1)
    safe = np.where(counted, labels, 0)[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(log_p, safe, axis=-1)[..., 0]  # (batch, time)
    loss = -np.where(counted, picked, 0.0).sum() / count
    one_hot = np.arange(logits.shape[-1]) == safe
    gradient = (np.exp(log_p) - one_hot) * counted[..., None] / count
    return loss, gradient
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


SHIFTED = "logits - logits.max(axis=-1, keepdims=True)"
WRONG = {
    "overflow": mistake(
        "没有减去最大值，exp 溢出",
        "the maximum is not subtracted: exp overflows",
        "exp(1000) 是无穷；softmax 减去一个常数不变。",
        "exp(1000) is infinite; a softmax stays the same when a constant is subtracted.",
        SHIFTED,
        "logits",
    ),
    "log of a probability": mistake(
        "先算概率再取 log：概率小到 0 时，log 是 −inf",
        "the log of a finished probability: −inf when that is 0",
        "log softmax 要一步算：减去 logsumexp。",
        "Compute the log-softmax in one step: subtract logsumexp.",
        "shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))",
        "np.log(np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True))",
    ),
    "log of p plus epsilon": mistake(
        "log(p + 1e-9)：损失被截在 20.7",
        "log(p + 1e-9): the loss stops at 20.7",
        "ε 只是把 −inf 换成一个任意的数；用 logsumexp。",
        "An epsilon replaces −inf by an arbitrary number; use logsumexp.",
        "picked = np.take_along_axis(log_p, safe, axis=-1)",
        "picked = np.log(np.take_along_axis(np.exp(log_p), safe, axis=-1) + 1e-9)",
    ),
    "one maximum for all": mistake(
        "减的是整个数组的最大值，不是每行的",
        "subtracts the maximum of the whole array, not of each row",
        "别的行可以大得多；减去它，这一行全部下溢。",
        "Another row can be far larger; subtracting its maximum makes this row underflow.",
        SHIFTED,
        "logits - logits.max()",
    ),
    "mean over every token": mistake(
        "除以了全部 token 数，忽略的也算进了分母",
        "divided by all tokens, the ignored ones included",
        "分母是计入损失的 token 数。",
        "The denominator is the number of tokens that count.",
        "count = max(counted.sum(), 1)",
        "count = labels.size",
    ),
    "mean of the rows' means": mistake(
        "先在每行内取平均，再对行平均",
        "a mean over each row, then over rows",
        "短的行里每个 token 的权重变大了；题目要的是全部 token 的平均。",
        "Tokens of short rows weigh more then; the mean wanted is over all tokens.",
        "count = max(counted.sum(), 1)",
        "count = (np.maximum(counted.sum(1), 1) * len(labels))[:, None, None]",
        "-np.where(counted, picked, 0.0).sum() / count",
        "-(np.where(counted, picked, 0.0) / count[..., 0]).sum()",
    ),
    "sum in place of mean": mistake(
        "求了和，没有除以 token 数",
        "a sum, not a mean",
        "batch 变大时，损失不该跟着变大。",
        "The loss should not grow with the batch.",
        "count = max(counted.sum(), 1)",
        "count = 1",
    ),
    "nothing counted gives NaN": mistake(
        "一个 token 都不计时，0 / 0 得 NaN",
        "0 / 0 where no token counts",
        "全部忽略时，损失和梯度都应为 0。",
        "Where everything is ignored, loss and gradient are 0.",
        "max(counted.sum(), 1)",
        "counted.sum()",
    ),
    "ignored taken for word 0": mistake(
        "忽略的 token 当成了标签 0",
        "ignored tokens are taken for label 0",
        "换掉编号是为了取数不越界，损失里还要清零。",
        "Replacing the label only keeps the look-up legal; its loss must still become 0.",
        "np.where(counted, picked, 0.0)",
        "picked",
        " * counted[..., None]",
        "",
    ),
    "gradient of ignored tokens": mistake(
        "损失不计忽略的 token，梯度却没有清零",
        "the loss leaves ignored tokens out, the gradient does not",
        "不计入损失的 token，梯度也是 0。",
        "A token that is not in the loss has gradient 0.",
        " * counted[..., None]",
        "",
    ),
    "gradient not divided": mistake(
        "梯度没有除以 token 数",
        "the gradient is not divided by the count",
        "损失是平均，梯度也要带上 1 / count。",
        "The loss is a mean, so its gradient carries 1 / count.",
        "* counted[..., None] / count",
        "* counted[..., None]",
    ),
    "gradient upside down": mistake(
        "梯度的符号反了",
        "the gradient has the wrong sign",
        "是 p − onehot，不是 onehot − p。",
        "It is p − onehot, not onehot − p.",
        "(np.exp(log_p) - one_hot)",
        "(one_hot - np.exp(log_p))",
    ),
    "ignores -100 only": mistake(
        "写死了 −100，没有用参数 ignore",
        "−100 is written into the code, ignore is not used",
        "有的数据用 pad 的编号作忽略标签。",
        "Some data ignore the id of the padding.",
        "labels != ignore",
        "labels != -100",
    ),
}
VARIANTS = {
    "logsumexp in float32": """
import numpy as np
def cross_entropy(logits, labels, ignore=-100):
    x = logits.astype(np.float32).reshape(-1, logits.shape[-1])
    y = labels.reshape(-1)
    rows = np.flatnonzero(y != ignore)
    top = x.max(-1)
    total = top + np.log(np.exp(x - top[:, None]).sum(-1))
    gradient = np.zeros_like(x)
    if not len(rows):
        return 0.0, gradient.reshape(logits.shape)
    gradient[rows] = np.exp(x[rows] - total[rows, None])
    gradient[rows, y[rows]] -= 1
    return (total[rows] - x[rows, y[rows]]).mean(), (gradient / len(rows)).reshape(logits.shape)
""",
    "logaddexp": """
import numpy as np
def cross_entropy(logits, labels, ignore=-100):
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    one_hot = labels[..., None] == np.arange(logits.shape[-1])
    one_hot &= (labels != ignore)[..., None]
    count = max(one_hot.sum(), 1)
    gradient = np.where((labels != ignore)[..., None], np.exp(log_p), 0) - one_hot
    return -log_p[one_hot].sum() / count, gradient / count
""",
}
PROBLEM = {
    "name": "cross-entropy",
    "function": "cross_entropy",
    "outputs": ["loss", "gradient"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("一行的梯度加起来不是 0", "the gradient of a row does not sum to 0"),
            gradient_sums_to_zero,
        ),
        (
            pair(
                "忽略的 token 改变了损失，或者有梯度",
                "an ignored token changes the loss, or has a gradient",
            ),
            ignored_rows_do_not_count,
        ),
        (
            pair(
                "梯度和损失的斜率（有限差分）不符",
                "the gradient is not the slope of your loss (finite differences)",
            ),
            gradient_is_the_slope,
        ),
    ],
    "hints": [
        pair(
            "先写只有一个 token 的情形：损失是 logsumexp(logits) − logits[label]。",
            "Begin with one token: the loss is logsumexp(logits) − logits[label].",
        ),
        pair(
            "logsumexp 先减去每行的最大值，最后加回来。",
            "For logsumexp, subtract the maximum of each row first and add it to the result.",
        ),
        pair(
            "分母是计入的 token 数；为 0 时当作 1。",
            "The denominator is the number of tokens that count; take 1 where it is 0.",
        ),
        pair(
            "梯度是 (p − onehot) / 分母，忽略的 token 为 0。",
            "The gradient is (p − onehot) over that number, and 0 for ignored tokens.",
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
verdict = judge(WRONG["mean over every token"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
