# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of gradient accumulation: uv run judge.py my_attempt.py --watch"""

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


def oracle(w, bias, x, labels, every, limit, rate):
    """One token at a time; it knows windows, and no micro-batches."""
    w, bias, losses, norms = w.copy(), bias.copy(), [], []
    for start in range(0, len(x), every):
        rows = x[start : start + every].reshape(-1, x.shape[2])
        words = [int(label) for label in labels[start : start + every].flat]
        count = max(sum(word != -100 for word in words), 1)
        loss, dw, dbias = 0.0, np.zeros(w.shape), np.zeros(bias.shape)
        for row, word in zip(rows, words, strict=True):
            if word == -100:
                continue
            logits = [math.fsum(row * w[:, v]) + bias[v] for v in range(len(bias))]
            top = max(logits)
            log_sum = top + math.log(sum(math.exp(one - top) for one in logits))
            loss += (log_sum - logits[word]) / count
            for v, one in enumerate(logits):
                error = (math.exp(one - log_sum) - (v == word)) / count
                dw[:, v] += row * error
                dbias[v] += error
        norm = math.hypot(*dw.flat, *dbias)
        length = rate * min(norm, limit)  # of the step, against the gradient
        for weights, gradient in ((w, dw), (bias, dbias)):
            weights -= length * gradient / (norm or 1)
        losses.append(loss)
        norms.append(norm)
    return np.array(losses), np.array(norms), w, bias


def call(accumulate, given):
    return accumulate(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, counts, tokens, features, words, every, limit=100.0, rate=0.5, size=1.0):
        """Counts: for each micro-batch, how many tokens count; which ones, chance says."""
        x = rng.normal(size=(len(counts), tokens, features)).round(1) * size
        labels = rng.integers(words, size=x.shape[:2])
        places = rng.permuted(np.tile(np.arange(tokens), (len(counts), 1)), axis=1)
        labels[places >= np.array(counts)[:, None]] = -100
        w, bias = rng.normal(size=(features, words)).round(1), rng.normal(size=words).round(1)
        given = {"w": w, "bias": bias, "x": x, "labels": labels}
        return pair(zh, en), given | {"every": every, "limit": limit, "rate": rate}

    return [
        case("一个 micro-batch，一个 token", "one micro-batch of one token", [1], 1, 1, 2, 1),
        case("两个 micro-batch，1 个和 3 个 token", "one token and three", [1, 3], 3, 1, 2, 2),
        case("裁剪", "a clipped gradient", [2, 2], 2, 1, 2, 2, limit=0.05),
        case("两步", "two steps", [2, 1, 1, 2], 2, 1, 2, 2, rate=0.1),
        case("最后一步只有一份", "the last step has one part", [2, 1, 2], 2, 2, 2, 2),
        case("最后一步有两份", "the last step has two parts", [1, 2, 2, 2, 1], 2, 1, 3, 3),
        case("有一份全部忽略", "a part in which nothing counts", [0, 2, 1], 2, 1, 3, 3),
        case(
            "第一步全部忽略",
            "a first step in which nothing counts",
            [0, 0, 2, 1, 1],
            2,
            1,
            2,
            2,
            0.3,
        ),
        case("every 大于份数", "every is above the number of parts", [1, 3], 3, 2, 2, 5, 0.2),
        case("logits 上千", "logits in the thousands", [1, 2, 2], 2, 2, 2, 2, 5.0, 0.01, 1000.0),
        case(
            "三步，有的裁剪",
            "three steps, some of them clipped",
            [3, 1, 1, 1, 2, 0, 3],
            3,
            2,
            3,
            3,
            limit=0.8,
            rate=2.0,
        ),
        case("每份更新一次", "every part makes a step", [2, 1, 2], 2, 1, 2, 1),
    ]


def other_parts_change_nothing(call, given):
    """All parts of a step in one, filled up with tokens that do not count."""
    x, labels, every = (given[name] for name in ("x", "labels", "every"))
    more = -len(x) % every
    x = np.concatenate([x, np.zeros((more, *x.shape[1:]))])
    labels = np.concatenate([labels, np.full((more, labels.shape[1]), -100)])
    whole = {
        "x": x.reshape(len(x) // every, -1, x.shape[2]),
        "labels": labels.reshape(len(x) // every, -1),
        "every": 1,
    }
    return all(
        close(one, other) for one, other in zip(call(given), call(given | whole), strict=True)
    )


def steps_are_short(call, given):
    _, norms, w, bias = call(given)
    squares = ((w - given["w"]) ** 2).sum() + ((bias - given["bias"]) ** 2).sum()
    return np.sqrt(squares) < 1.001 * len(norms) * given["rate"] * given["limit"]


def ignored_tokens_do_not_count(call, given):
    noise = np.where((given["labels"] == -100)[..., None], given["x"] + 3.0, given["x"])
    return all(
        close(one, other)
        for one, other in zip(call(given), call(given | {"x": noise}), strict=True)
    )


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def mean_loss(w, bias, x, labels):
    """The mean loss over tokens that count and its gradients; NaN where none counts."""
    x, labels = x[labels != -100], labels[labels != -100]
    logits = x @ w + bias  # (tokens, words)
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    error = np.exp(log_p) - (np.arange(len(bias)) == labels[:, None])
    loss = -log_p[np.arange(len(x)), labels].sum() / len(x)
    return loss, x.T @ error / len(x), error.sum(axis=0) / len(x)


def accumulate(w, bias, x, labels, every, limit, rate):
    """x: (parts, tokens, features); labels: (parts, tokens); returns losses, norms, w, bias."""
    steps = -(-len(x) // every)
    return np.zeros(steps), np.zeros(steps), w.copy(), bias.copy()  # TODO: yours.
'''

SOLUTION = '''import numpy as np


def mean_loss(w, bias, x, labels):
    """The mean loss over tokens that count and its gradients; NaN where none counts."""
    x, labels = x[labels != -100], labels[labels != -100]
    logits = x @ w + bias  # (tokens, words)
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    error = np.exp(log_p) - (np.arange(len(bias)) == labels[:, None])
    loss = -log_p[np.arange(len(x)), labels].sum() / len(x)
    return loss, x.T @ error / len(x), error.sum(axis=0) / len(x)


def accumulate(w, bias, x, labels, every, limit, rate):
    losses, norms = [], []
    for start in range(0, len(x), every):
        window = slice(start, start + every)
        sums, count = [0.0, np.zeros(w.shape), np.zeros(bias.shape)], 0
        for x_part, labels_part in zip(x[window], labels[window], strict=True):
            n = (labels_part != -100).sum()
            if n:  # where nothing counts there is no mean
                means = mean_loss(w, bias, x_part, labels_part)
                sums = [one + n * mean for one, mean in zip(sums, means, strict=True)]
                count += n
        loss, dw, dbias = (one / max(count, 1) for one in sums)
        norm = np.sqrt((dw**2).sum() + (dbias**2).sum())
        clip = limit / max(norm, limit)
        w, bias = w - rate * clip * dw, bias - rate * clip * dbias
        losses.append(loss)
        norms.append(norm)
    return np.array(losses), np.array(norms), w, bias
'''


def mistake(zh, en, hint_zh, hint_en, *places):
    source = SOLUTION
    for old, new in zip(places[::2], places[1::2], strict=True):
        source = changed(source, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), source


CLEAR = "sums, count = [0.0, np.zeros(w.shape), np.zeros(bias.shape)], 0"
CHECK = "if n:  # where nothing counts there is no mean"
ADD = "one + n * mean for"
DIVIDE = "one / max(count, 1) for one in sums"
NORM = "np.sqrt((dw**2).sum() + (dbias**2).sum())"
CLIP = "clip = limit / max(norm, limit)"
STEP = "w, bias = w - rate * clip * dw, bias - rate * clip * dbias"
WEIGH = (
    "每一份的平均先乘它计入的 token 数，加起来，再除以总数。",
    "Multiply the mean of each part by the number of tokens that count in it, add up, divide by all of them.",
)
WRONG = {
    "mean of means": mistake(
        "各份的平均又取了平均：token 少的那份里，每个 token 的权重变大了",
        "a mean of the parts' means: tokens of parts with few of them weigh more",
        *WEIGH,
        CHECK,
        "if True:",
        ADD,
        "one + mean for",
        DIVIDE,
        "one / len(x[window]) for one in sums",
    ),
    "mean of means, divided by every": mistake(
        "各份的平均除以 every 再相加：权重不对，最后一步份数不够时还偏小",
        "the parts' means divided by every: the weights are wrong, and a last step with fewer parts is too small",
        *WEIGH,
        CHECK,
        "if True:",
        ADD,
        "one + mean for",
        DIVIDE,
        "one / every for one in sums",
    ),
    "mean of the means that exist": mistake(
        "跳过了全部忽略的份，其余各份的平均又取了平均",
        "parts in which nothing counts are left out, and the rest is a mean of means",
        *WEIGH,
        ADD,
        "one + mean for",
        "count += n",
        "count += 1",
    ),
    "existing means divided by every": mistake(
        "跳过了全部忽略的份，其余各份的平均除以 every 再相加",
        "parts in which nothing counts are left out, and the other means are divided by every",
        *WEIGH,
        ADD,
        "one + mean for",
        DIVIDE,
        "one / every for one in sums",
    ),
    "loss by tokens, gradient by parts": mistake(
        "损失按 token 平均了，梯度还是各份平均的平均",
        "the loss is a mean over tokens, the gradient still a mean of means",
        "梯度和损失用同样的权重、同一个分母。",
        "Loss and gradient share weights and denominator.",
        ADD,
        "one + (n if mean.ndim == 0 else 1) * mean for",
        "count += n",
        "count, parts = count + n, parts + 1",
        CLEAR,
        CLEAR + "\n        parts = 0",
        DIVIDE,
        "one / max(count if np.ndim(one) == 0 else parts, 1) for one in sums",
    ),
    "mean of means, empty ones as 0": mistake(
        "全部忽略的份当作 0，各份的平均又取了平均",
        "a mean of the parts' means, in which a part where nothing counts is a 0",
        *WEIGH,
        ADD,
        "one + mean for",
        DIVIDE,
        "one / len(x[window]) for one in sums",
    ),
    "gradient by tokens, loss by parts": mistake(
        "梯度按 token 平均了，损失还是各份平均的平均",
        "the gradient is a mean over tokens, the loss still a mean of means",
        "梯度和损失用同样的权重、同一个分母。",
        "Loss and gradient share weights and denominator.",
        ADD,
        "one + (1 if mean.ndim == 0 else n) * mean for",
        "count += n",
        "count, parts = count + n, parts + 1",
        CLEAR,
        CLEAR + "\n        parts = 0",
        DIVIDE,
        "one / max(parts if np.ndim(one) == 0 else count, 1) for one in sums",
    ),
    "sum of means": mistake(
        "各份的平均直接相加，没有除",
        "the parts' means are added and not divided",
        *WEIGH,
        ADD,
        "one + mean for",
        DIVIDE,
        "one for one in sums",
    ),
    "sum over tokens": mistake(
        "对 token 求了和，没有除以 token 数",
        "a sum over tokens that is not divided by their number",
        "一步结束时除以这一步计入的 token 总数。",
        "At the end of a step divide by all tokens that count in it.",
        DIVIDE,
        "one for one in sums",
    ),
    "divided by all tokens": mistake(
        "除以了全部 token 数，忽略的也算进了分母",
        "divided by all tokens, the ignored ones included",
        "分母只数标签不是 −100 的。",
        "Count labels other than −100 alone.",
        DIVIDE,
        "one / labels[window].size for one in sums",
    ),
    "divided by the last part's tokens": mistake(
        "除以的是最后一份的 token 数",
        "divided by the number of tokens of the last part",
        "token 数也要累加。",
        "The number of tokens adds up as well.",
        "count += n",
        "count = n",
    ),
    "divided once more": mistake(
        "已经除以 token 总数了，又除以份数",
        "divided by all tokens, and by the number of parts once more",
        "只除一次。",
        "Divide once.",
        DIVIDE,
        "one / max(count, 1) / len(x[window]) for one in sums",
    ),
    "label 0 not counted": mistake(
        "数 token 时漏了标签 0",
        "label 0 is not counted as a token",
        "只有 −100 不计入；0 也是一个词。",
        "Only −100 does not count; 0 is a word.",
        "(labels_part != -100).sum()",
        "(labels_part > 0).sum()",
    ),
    "NaN of an empty part": mistake(
        "有一份全部忽略：0 乘 NaN 还是 NaN",
        "a part in which nothing counts: 0 times NaN is NaN",
        "这样的份要跳过。",
        "Leave such a part out.",
        CHECK,
        "if True:",
    ),
    "NaN of an empty step": mistake(
        "整步都忽略：0 / 0 得 NaN，权重全毁",
        "a step in which nothing counts: 0 / 0 is NaN, and ruins the weights",
        "分母至少取 1：损失和梯度都是 0，权重不动。",
        "Take at least 1 for the denominator: loss and gradient are 0, the weights stay.",
        DIVIDE,
        "one / np.float64(count) for one in sums",
    ),
    "empty step left out": mistake(
        "整步都忽略时跳过了，损失和范数少了一个",
        "a step in which nothing counts is left out of the losses and norms",
        "这一步的损失和范数是 0，也要记下来。",
        "Its loss and its norm are 0, and are recorded.",
        "        losses.append(loss)",
        "        if not count:\n            continue\n        losses.append(loss)",
    ),
    "nothing cleared": mistake(
        "每一步之间没有清零：梯度、损失和 token 数一路累加",
        "nothing is cleared between steps: sums and count go on",
        "每一步开始时，和与 token 数都归零。",
        "Sums and count begin at zero in every step.",
        CLEAR,
        "if start == 0:\n            " + CLEAR,
    ),
    "sums not cleared": mistake(
        "token 数清零了，梯度没有清零",
        "the count is cleared between steps, the gradient is not",
        "每一步开始时，和与 token 数都归零。",
        "Sums and count begin at zero in every step.",
        CLEAR,
        CLEAR.replace("sums, count = ", "old = sums if start else ").removesuffix(", 0")
        + "\n        sums, count = old, 0",
    ),
    "count not cleared": mistake(
        "梯度清零了，token 数没有清零",
        "the gradient is cleared between steps, the count is not",
        "每一步开始时，和与 token 数都归零。",
        "Sums and count begin at zero in every step.",
        CLEAR,
        CLEAR + " if start == 0 else count",
    ),
    "gradients at the first weights": mistake(
        "每一步的损失和梯度都是用开始时的权重算的",
        "loss and gradient of every step are those at the first weights",
        "下一步用更新之后的权重。",
        "The next step begins with the new weights.",
        "    losses, norms = [], []",
        "    losses, norms, first = [], [], (w, bias)",
        "mean_loss(w, bias, x_part, labels_part)",
        "mean_loss(*first, x_part, labels_part)",
    ),
    "logits too large for exp": mistake(
        "softmax 没有先减最大值：logits 上千时 exp 溢出",
        "exp overflows: softmax without its maximum taken off, and logits in the thousands",
        "用起步代码里的 mean_loss；自己写，就先减最大值。",
        "Use mean_loss of the starter; in your own, take the maximum off first.",
        "logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)",
        "np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))",
    ),
    "only the last part": mistake(
        "后一份覆盖了前一份，没有累加",
        "each part overwrites the one before: nothing adds up",
        "把各份加起来。",
        "Add the parts up.",
        ADD,
        "n * mean for",
        "count += n",
        "count = n",
    ),
    "a step for every part": mistake(
        "每一份都更新一次，没有累积",
        "every part makes a step of its own",
        "every 份合起来才更新一次。",
        "`every` parts make one step.",
        "    losses, norms = [], []",
        "    losses, norms, every = [], [], 1",
    ),
    "remainder dropped": mistake(
        "最后不足 every 份的丢掉了",
        "the last parts are dropped where they are fewer than every",
        "剩下的几份也要更新一次。",
        "What is left makes a step too.",
        "range(0, len(x), every)",
        "range(0, len(x) - every + 1, every)",
    ),
    "all in one step": mistake(
        "全部攒成了一步",
        "everything is gathered into one step",
        "每 every 份更新一次。",
        "Every `every` parts make a step.",
        "    losses, norms = [], []",
        "    losses, norms, every = [], [], len(x)",
    ),
    "no clipping": mistake(
        "没有裁剪",
        "nothing is clipped",
        "范数超过 limit 时，梯度乘 limit / 范数。",
        "Where the norm is above the limit, multiply the gradient by limit / norm.",
        CLIP,
        "clip = 1.0",
    ),
    "scaled up as well": mistake(
        "范数比 limit 小时也缩放，反而放大了",
        "a norm below the limit is scaled up to it",
        "系数最大是 1。",
        "The factor is at most 1.",
        CLIP,
        "clip = limit / (norm + 1e-6)",
    ),
    "each part clipped": mistake(
        "每一份先裁剪，再累加",
        "every part is clipped before they are added",
        "先累加完，再按总范数裁剪一次。",
        "Add everything up first, then clip once.",
        "means = mean_loss(w, bias, x_part, labels_part)",
        "means = mean_loss(w, bias, x_part, labels_part)\n"
        "                part_norm = np.sqrt((means[1] ** 2).sum() + (means[2] ** 2).sum())\n"
        "                factor = limit / max(part_norm, limit)\n"
        "                means = means[0], factor * means[1], factor * means[2]",
    ),
    "clipped before the division": mistake(
        "先裁剪，后除以 token 数",
        "the sum is clipped, and divided by the tokens afterwards",
        "先除，再求范数。",
        "Divide first, then take the norm.",
        NORM,
        "np.sqrt((sums[1] ** 2).sum() + (sums[2] ** 2).sum())",
    ),
    "each array clipped": mistake(
        "w 和 bias 各按自己的范数裁剪，方向变了",
        "w and bias are clipped by norms of their own: the direction changes",
        "全部参数用同一个范数、同一个系数。",
        "One norm and one factor for all parameters.",
        STEP,
        "w = w - rate * dw * limit / max(np.sqrt((dw**2).sum()), limit)\n"
        "        bias = bias - rate * dbias * limit / max(np.sqrt((dbias**2).sum()), limit)",
    ),
    "clipped by value": mistake(
        "逐个数裁剪到 ±limit，不是按范数",
        "each number is clipped to ±limit, not the norm",
        "按范数裁剪：整个梯度乘同一个系数。",
        "Clip the norm: the whole gradient takes one factor.",
        STEP,
        "w = w - rate * np.clip(dw, -limit, limit)\n"
        "        bias = bias - rate * np.clip(dbias, -limit, limit)",
    ),
    "bias left out of the norm": mistake(
        "范数漏了 bias",
        "the norm leaves bias out",
        "范数对全部参数的梯度求：平方和相加，再开方。",
        "The norm is over the gradients of all parameters: add all squares, then take the root.",
        NORM,
        "np.sqrt((dw**2).sum())",
    ),
    "bias not clipped": mistake(
        "只裁剪了 w，没有裁剪 bias",
        "w is clipped, bias is not",
        "全部参数用同一个系数。",
        "One factor for all parameters.",
        STEP,
        "w, bias = w - rate * clip * dw, bias - rate * dbias",
    ),
    "norms added": mistake(
        "把两个范数直接相加",
        "the two norms are added",
        "平方和相加，再开方。",
        "Add all squares, then take the root.",
        NORM,
        "np.sqrt((dw**2).sum()) + np.sqrt((dbias**2).sum())",
    ),
    "norm without its root": mistake(
        "范数没有开方",
        "the norm lacks its root",
        "平方和相加，再开方。",
        "Add all squares, then take the root.",
        NORM,
        "(dw**2).sum() + (dbias**2).sum()",
    ),
    "largest number as the norm": mistake(
        "范数取了绝对值最大的那个数",
        "the norm is the largest absolute value",
        "平方和相加，再开方。",
        "Add all squares, then take the root.",
        NORM,
        "max(np.abs(dw).max(), np.abs(dbias).max())",
    ),
    "norm after clipping": mistake(
        "返回的是裁剪之后的范数",
        "the norm that is returned is the clipped one",
        "返回裁剪之前的范数：训练时看的就是它。",
        "Return the norm before clipping: that is the one to watch in training.",
        "norms.append(norm)",
        "norms.append(clip * norm)",
    ),
    "uphill": mistake(
        "更新的符号反了",
        "the step has the wrong sign",
        "减去 rate · 梯度。",
        "Take rate · gradient off.",
        STEP,
        "w, bias = w + rate * clip * dw, bias + rate * clip * dbias",
    ),
    "weights changed in place": mistake(
        "就地改了 w 和 bias",
        "w and bias are changed in place",
        "写 w = w − …，不写 w −= …。",
        "Write w = w − …, not w −= ….",
        STEP,
        "w -= rate * clip * dw\n        bias -= rate * clip * dbias",
    ),
}
VARIANTS = {
    "the tokens counted first, in float32": """
import numpy as np
def accumulate(w, bias, x, labels, every, limit, rate):
    f = np.float32
    w, bias, x = w.astype(f), bias.astype(f), x.astype(f)
    losses, norms = [], []
    for start in range(0, len(x), every):
        parts = range(start, min(start + every, len(x)))
        total = max(sum(int((labels[i] != -100).sum()) for i in parts), 1)
        loss, dw, db = f(0), np.zeros_like(w), np.zeros_like(bias)
        for i in parts:
            keep = labels[i] != -100
            logits = x[i][keep] @ w + bias
            p = np.exp(logits - logits.max(1, keepdims=True))
            lse = np.log(p.sum(1)) + logits.max(1)
            p /= p.sum(1, keepdims=True)
            rows, words = np.arange(keep.sum()), labels[i][keep]
            loss += (lse - logits[rows, words]).sum() / f(total)
            p[rows, words] -= 1
            dw += x[i][keep].T @ p / f(total)
            db += p.sum(0) / f(total)
        norm = np.linalg.norm(np.append(dw, db))
        clip = min(1, limit / (norm + 1e-6))
        w, bias = w - f(rate * clip) * dw, bias - f(rate * clip) * db
        losses.append(loss)
        norms.append(norm)
    return losses, norms, w, bias
""",
    "a running weighted mean": SOLUTION.replace(
        "sums = [one + n * mean for one, mean in zip(sums, means, strict=True)]\n"
        "                count += n",
        "count += n\n"
        "                sums = [one + n / count * (mean - one) for one, mean in zip(sums, means)]",
    ).replace("one / max(count, 1) for one in sums", "one for one in sums"),
    "the whole window at once": """
import numpy as np
def accumulate(w, bias, x, labels, every, limit, rate):
    both, losses, norms = np.vstack([w, bias]), [], []
    x = np.concatenate([x, np.ones((*x.shape[:2], 1))], axis=2)
    while len(x):
        keep = labels[:every] != -100
        rows, words, x, labels = x[:every][keep], labels[:every][keep], x[every:], labels[every:]
        count = max(len(words), 1)
        logits = rows @ both
        log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        one_hot = np.eye(len(bias))[words]
        gradient = rows.T @ (np.exp(log_p) - one_hot) / count
        losses.append(-(log_p * one_hot).sum() / count)
        norms.append(np.linalg.norm(gradient))
        both = both - rate * gradient * (1 if norms[-1] <= limit else limit / norms[-1])
    return losses, norms, both[:-1], both[-1]
""",
}
PROBLEM = {
    "name": "gradient-accumulation",
    "function": "accumulate",
    "outputs": ["losses", "norms", "w", "bias"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "一步的 token 全放进一份，不够的补上忽略的，结果就变了",
                "all tokens of a step in one part, filled up with ignored ones, give another result",
            ),
            other_parts_change_nothing,
        ),
        (
            pair(
                "权重走的比每步 rate · limit 还远",
                "the weights move further than rate · limit for each step",
            ),
            steps_are_short,
        ),
        (
            pair("忽略的 token 改变了结果", "an ignored token changes the result"),
            ignored_tokens_do_not_count,
        ),
    ],
    "hints": [
        pair(
            "mean_loss 给的是一份的平均：乘上这一份计入的 token 数，就是和。",
            "mean_loss gives the mean of a part: times the number of its tokens that count, it is the sum.",
        ),
        pair(
            "损失、两个梯度、token 数都累加；每一步开始时归零。",
            "Loss, both gradients and the number of tokens add up; each step begins at zero.",
        ),
        pair(
            "一份里全部忽略就跳过：它的平均是 NaN，乘 0 还是 NaN。",
            "Leave out a part in which nothing counts: its mean is NaN, and so is 0 times NaN.",
        ),
        pair(
            "除以计入的 token 总数（至少取 1），再求 w 和 bias 合在一起的范数。",
            "Divide by the number of all tokens that count (at least 1), then take the norm of both gradients together.",
        ),
        pair(
            "系数是 limit / max(范数, limit)，两个梯度都乘它。",
            "The factor is limit / max(norm, limit), for both gradients.",
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
verdict = judge(WRONG["mean of means"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
