# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of temperature, top-k and top-p: uv run judge.py my_attempt.py --watch"""

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


def oracle(logits, temperature, top_k, top_p):
    """One row at a time, one token at a time, in a list."""
    answer = np.zeros(logits.shape)
    for row, out in zip(logits.tolist(), answer, strict=True):
        ranked = sorted(range(len(row)), key=lambda i: (-row[i], i))  # ties: lower index first
        if temperature == 0:
            out[ranked[0]] = 1.0
            continue
        weight = {i: math.exp((row[i] - row[ranked[0]]) / temperature) for i in ranked}
        ranked = ranked[:top_k] if top_k else ranked
        total, mass, kept = sum(weight[i] for i in ranked), 0.0, []
        for i in ranked:
            if mass >= top_p and kept:
                break
            kept.append(i)
            mass += weight[i] / total
        for i in kept:
            out[i] = weight[i] / sum(weight[j] for j in kept)
    return answer


def call(distribution, given):
    return distribution(given["logits"], given["temperature"], given["top_k"], given["top_p"])


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, logits, temperature=1.0, top_k=0, top_p=1.0):
        given = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        return pair(zh, en), {"logits": np.array(logits, dtype=float)} | given

    rows = rng.normal(size=(3, 7)).round(1) * 2
    banned = rng.normal(size=(2, 6)).round(1)
    banned[0, 2] = banned[1, 0] = banned[1, 3] = -np.inf
    return [
        case("词表里只有一个词", "a vocabulary of one word", [[5]], 0.7, 1, 0.5),
        case("只调温度", "temperature alone", [[0, 1, 3]], 2.0),
        case(
            "logits 上千，温度 0.5",
            "logits in the thousands, temperature 0.5",
            [[1500, 3000, 2999]],
            0.5,
        ),
        case("温度为 0", "temperature 0", [[1, 3, 2, 0]], 0.0),
        case(
            "温度为 0，最大值有两个", "temperature 0, the greatest logit twice", [[1, 3, 2, 3]], 0.0
        ),
        case("温度为 0，又有 −∞", "temperature 0 and a −∞", [[-2, -np.inf, -1]], 0.0),
        case(
            "温度为 0，k = 3，p = 0.9", "temperature 0, k = 3, p = 0.9", [[1, 3, 2, 0]], 0.0, 3, 0.9
        ),
        case("温度 0.01", "temperature 0.01", [[1, 1.02, 1.01]], 0.01),
        case("温度为 0，两行", "temperature 0, two rows", [[1, 3, 2], [4, 0, 2]], 0.0),
        case("k = 2", "k = 2", [[1, 3, 0, 2]], 1.0, 2),
        case("k 大于词表", "k larger than the vocabulary", [[1, 3, 0, 2]], 1.0, 50),
        case(
            "logits 接近 −100000，k = 2",
            "logits near −100,000, k = 2",
            [[-99997, -99998, -99996, -99999]],
            1.0,
            2,
        ),
        case(
            "两行相差很远",
            "two rows far from each other",
            [[0, 1, 3], [99998, 99999, 99997]],
        ),
        case("k = 2，并列的有三个", "k = 2 and three tie", [[0, 2, 2, 2]], 1.0, 2),
        case("k = 1，温度 0.7，并列", "k = 1 at temperature 0.7, a tie", [[1, 3, 3, 2]], 0.7, 1),
        case("二十四个词，许多并列", "24 words and many tie", [np.arange(24) % 3], 1.0, 3),
        case("p = 0.6", "p = 0.6", [[1, 2, 0, 1.5]], 1.0, 0, 0.6),
        case("第一个词已超过 p", "the first word exceeds p", [[0, 4, 1, 2]], 1.0, 0, 0.3),
        case("p = 0.6，两行", "p = 0.6, two rows", [[0, 4, 1], [1, 1.2, 0.9]], 1.0, 0, 0.6),
        case("p = 0.6，四个全并列", "p = 0.6 and all four tie", [[1, 1, 1, 1]], 1.0, 0, 0.6),
        case("先 top-k，再 top-p", "top-k, then top-p", [[1.2, 2, 0.9, 1, 1.1]], 1.0, 3, 0.45),
        case("温度 2，再 top-p", "temperature 2, then top-p", [[3, 0, 2, 1, 1.5]], 2.0, 0, 0.6),
        case("有的词是 −∞", "some words are −∞", banned, 1.5, 4, 0.9),
        case("三行，三步都有", "three rows, all three steps", rows, 1.5, 5, 0.8),
    ]


def sums_to_one(call, given):
    return close(np.asarray(call(given)).sum(axis=-1), 1)


def keeps_no_more_than_k(call, given):
    limit = given["top_k"] or given["logits"].shape[-1] if given["temperature"] else 1
    return ((np.asarray(call(given)) > 0).sum(axis=-1) <= limit).all()


def shift_changes_nothing(call, given):
    return close(call(given), call(given | {"logits": given["logits"] + 3.0}))


def rows_do_not_mix(call, given):
    one_by_one = [call(given | {"logits": row[None]}) for row in given["logits"]]
    return close(call(given), np.concatenate(one_by_one))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    """logits: (batch, vocabulary); returns the probabilities, of the same shape."""
    return np.zeros(logits.shape)  # TODO: yours.
'''

SOLUTION = """import numpy as np


def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    if temperature == 0:
        temperature, top_k = 1.0, 1  # the greatest logit alone
    order = np.argsort(-logits, axis=-1, kind="stable")  # (batch, vocabulary), greatest first
    ranked = np.take_along_axis(logits, order, axis=-1)
    p = np.exp((ranked - ranked[:, :1]) / temperature)
    if top_k:
        p[:, top_k:] = 0
    p /= p.sum(axis=-1, keepdims=True)
    before = np.cumsum(p, axis=-1) - p  # what the more probable tokens sum to
    p *= before < top_p
    p /= p.sum(axis=-1, keepdims=True)
    result = np.zeros(logits.shape)
    np.put_along_axis(result, order, p, axis=-1)
    return result
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


GREEDY = """    if temperature == 0:
        temperature, top_k = 1.0, 1  # the greatest logit alone
"""
FIRST_K = "        p[:, top_k:] = 0\n"
TOP_K = "    if top_k:\n" + FIRST_K
NORMAL = "    p /= p.sum(axis=-1, keepdims=True)\n"
TOP_P = "    before = np.cumsum(p, axis=-1) - p  # what the more probable tokens sum to\n    p *= before < top_p\n"
PUT = "    np.put_along_axis(result, order, p, axis=-1)\n    return result"
WRONG = {
    "overflow": mistake(
        "没有减去最大值，exp 溢出",
        "the maximum is not subtracted: exp overflows",
        "softmax 减去一个常数不变；先减去每行的最大值。",
        "A softmax stays the same when a constant is subtracted; subtract the row's maximum.",
        "(ranked - ranked[:, :1]) / temperature",
        "ranked / temperature",
    ),
    "the maximum of the batch": mistake(
        "减的是整个 batch 的最大值：低得多的行，exp 全是 0",
        "the maximum of the whole batch is subtracted: in a row far below it every exp is 0",
        "每一行减自己的最大值：axis=-1, keepdims=True。",
        "Subtract each row's own maximum: axis=-1, keepdims=True.",
        "ranked - ranked[:, :1]",
        "ranked - ranked.max()",
    ),
    "temperature multiplies": mistake(
        "logits 乘了温度",
        "the logits are multiplied by the temperature",
        "温度低，分布更尖：是除。",
        "A low temperature sharpens: divide.",
        ") / temperature)",
        ") * temperature)",
    ),
    "temperature divides probabilities": mistake(
        "温度除在了概率上，归一化之后又消掉了",
        "probabilities are divided by the temperature, which the normalization undoes",
        "温度除 logits，在 exp 之前。",
        "The temperature divides the logits, before exp.",
        "np.exp((ranked - ranked[:, :1]) / temperature)",
        "np.exp(ranked - ranked[:, :1]) / temperature",
    ),
    "no case for temperature 0": mistake(
        "温度为 0 时除以了 0",
        "a division by 0 at temperature 0",
        "温度为 0 就是取最大的那个，单独处理。",
        "Temperature 0 means the greatest logit; treat it apart.",
        GREEDY,
        "",
    ),
    "temperature 0 shares ties": mistake(
        "温度为 0 当成很小的数：并列的平分了概率",
        "temperature 0 taken for a tiny number: ties share the probability",
        "并列时只取下标最小的一个。",
        "Of several greatest, only the one with the lowest index is taken.",
        GREEDY,
        "    temperature = max(temperature, 1e-8)\n",
    ),
    "a small temperature taken for 0": mistake(
        "温度很小就当成了 0",
        "a small temperature is taken for 0",
        "0.01 也要照常除；只有 0 单独处理。",
        "Divide by 0.01 as by any other; only 0 is treated apart.",
        "if temperature == 0:",
        "if temperature < 0.05:",
    ),
    "temperature 0 gives way to k": mistake(
        "温度为 0 时又给了 k，就没有只留一个",
        "at temperature 0 with a k, more than the greatest is left",
        "温度为 0 时只留最大的，不管 k 和 p。",
        "At temperature 0 the greatest alone stays, whatever k and p are.",
        "temperature, top_k = 1.0, 1 ",
        "temperature, top_k = 1.0, top_k or 1 ",
    ),
    "higher index first": mistake(
        "并列时下标大的排在了前面（升序排完再反转）",
        "of equal logits the higher index is first (sorted upwards, then reversed)",
        "对 −logits 做稳定排序，不要反转。",
        "Sort −logits with a stable sort; do not reverse.",
        'np.argsort(-logits, axis=-1, kind="stable")',
        'np.argsort(logits, axis=-1, kind="stable")[:, ::-1]',
    ),
    "temperature 0 writes to all rows": mistake(
        "温度为 0 时没有分行写：每一行的最大值写进了所有行",
        "temperature 0: the greatest of each row is written into all rows",
        "写成 result[np.arange(batch), argmax] = 1。",
        "Write result[np.arange(batch), argmax] = 1.",
        GREEDY,
        """    if temperature == 0:
        result = np.zeros(logits.shape)
        result[:, logits.argmax(axis=-1)] = 1
        return result
""",
    ),
    "temperature after the filters": mistake(
        "先截断，后调温度：p 量的是温度 1 的概率",
        "the filters come before the temperature, so p measures probabilities at temperature 1",
        "先除以温度，再做 top-k 和 top-p。",
        "Divide by the temperature first, then top-k and top-p.",
        ") / temperature)",
        "))",
        TOP_P,
        TOP_P + "    p = p ** (1 / temperature)\n",
    ),
    "top-p before top-k": mistake(
        "先做了 top-p，再做 top-k（或者两步之间没有归一化）",
        "top-p comes before top-k (or nothing is normalized between the two)",
        "先 top-k，再归一化，再量 p。",
        "Top-k first, then normalize, then measure p.",
        TOP_K + NORMAL + TOP_P,
        NORMAL + TOP_P + TOP_K,
    ),
    "ties with the k-th stay": mistake(
        "和第 k 个并列的全留下了，多于 k 个",
        "all that tie with the k-th stay, more than k",
        "按 (logit, 下标) 排，只留前 k 个。",
        "Rank by logit, then by index, and keep the first k.",
        "p[:, top_k:] = 0",
        "p[p < p[:, [min(top_k, p.shape[-1]) - 1]]] = 0",
    ),
    "k beyond the vocabulary": mistake(
        "k 大于词表时报错",
        "an error where k is larger than the vocabulary",
        "k 先和词表大小取较小的。",
        "Take the smaller of k and the vocabulary first.",
        FIRST_K,
        "        p[ranked < ranked[:, [top_k - 1]]] = 0\n" + FIRST_K,
    ),
    "one threshold for the batch": mistake(
        "整个 batch 用了第一行的门槛",
        "the first row's k-th logit is the threshold of the whole batch",
        "每一行有自己的第 k 个。",
        "Each row has its own k-th logit.",
        FIRST_K,
        "        p[:, top_k:] = 0\n        p[ranked < ranked[0, min(top_k, p.shape[-1]) - 1]] = 0\n",
    ),
    "one number of tokens for the batch": mistake(
        "top-p 时整个 batch 都留了第一行的个数",
        "top-p leaves as many tokens in each row as in the first",
        "每一行各自累加，各留各的个数。",
        "Each row has its own sums and its own number of tokens.",
        "p *= before < top_p",
        "p[:, (before[0] < top_p).sum() :] = 0",
    ),
    "dropped logits become 0": mistake(
        "去掉的 logit 换成了 0，不是 −∞",
        "dropped logits become 0, not −∞",
        "exp(0) 是 1：要换成 −∞，或者直接把概率清零。",
        "exp(0) is 1: set the logit to −∞, or the probability to 0.",
        "p[:, top_k:] = 0",
        "p[:, top_k:] = np.exp(-ranked[:, :1] / temperature)",
    ),
    "dropped logits become −10,000": mistake(
        "去掉的 logit 换成了 −10000 这样的数，不是 −∞；留下的可能比它还低",
        "dropped logits become a number such as −10,000, not −∞; those that stay may be lower",
        "换成 −∞，或者直接把概率清零。",
        "Set the logit to −∞, or the probability to 0.",
        "p[:, top_k:] = 0",
        "p[:, top_k:] = np.exp((-10000 - ranked[:, :1]) / temperature)",
    ),
    "the crossing token is dropped": mistake(
        "越过 p 的那个词也丢了，可能一个不剩",
        "the token that reaches p is dropped as well; nothing may be left",
        "留不留，看它前面的和是否小于 p，不含它自己。",
        "A token stays if the sum before it, without itself, is less than p.",
        "before < top_p",
        "before + p <= top_p + 1e-9",
    ),
    "one token too many": mistake(
        "到 p 之后又多留了一个",
        "one token too many stays after p is reached",
        "和达到 p 的那个词就是最后一个。",
        "The token with which the sum reaches p is the last one.",
        "p *= before < top_p",
        "p[:, 1:] *= before[:, :-1] < top_p",
    ),
    "each probability against p": mistake(
        "拿单个概率和 1 − p 比，不是拿累加和与 p 比",
        "single probabilities are compared with 1 − p, not their sum with p",
        "从大到小累加。",
        "Add them up, the greatest first.",
        "p *= before < top_p",
        "p *= (p >= 1 - top_p) | (before == 0)",
    ),
    "summed from the smallest": mistake(
        "从小到大累加，留下的是尾巴",
        "summed from the smallest: what stays is the tail",
        "排序要从大到小。",
        "Sort with the greatest first.",
        "np.cumsum(p, axis=-1) - p",
        "np.cumsum(p[:, ::-1], axis=-1)[:, ::-1] - p",
    ),
    "not normalized again": mistake(
        "截断之后没有重新归一化",
        "not normalized again after the cut",
        "剩下的概率要除以它们的和。",
        "Divide what is left by its sum.",
        TOP_P + NORMAL,
        TOP_P,
    ),
    "left in sorted order": mistake(
        "概率没有放回原来的位置",
        "probabilities are left in sorted order",
        "第 j 名的概率要写回第 order[j] 个词。",
        "The probability of rank j belongs to token order[j].",
        PUT,
        "    return p",
    ),
    "the permutation taken twice": mistake(
        "用 order 取了一次，而不是按它放回去",
        "gathered with the order, not scattered back",
        "取和放互为逆：用 put_along_axis，或者 argsort(order)。",
        "Gathering and scattering are inverse: put_along_axis, or argsort(order).",
        PUT,
        "    return np.take_along_axis(p, order, axis=-1)",
    ),
    "changes the logits": mistake(
        "就地改动了传进来的 logits",
        "the logits that came in are changed in place",
        "别的请求可能还要用它；先复制。",
        "Another request may still need them; copy first.",
        "    order =",
        "    logits -= logits.max(axis=-1, keepdims=True)\n    order =",
    ),
}
VARIANTS = {
    "a threshold and −∞, float32": """
import numpy as np
def softmax(x):
    p = np.exp(x - x.max(axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)
def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    out = np.zeros(logits.shape, np.float32)
    for row, to in zip(logits.astype(np.float32), out):
        if temperature == 0:
            to[row.argmax()] = 1
            continue
        x = row / np.float32(temperature)
        order = np.lexsort((np.arange(len(x)), -x))
        if 0 < top_k < len(x):
            x[order[top_k:]] = -np.inf
        cut = np.searchsorted(np.cumsum(softmax(x)[order]), top_p) + 1
        x[order[cut:]] = -np.inf
        to[:] = softmax(x)
    return out
""",
    "no sorting: each token counts those before it": """
import numpy as np
def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    index = np.arange(logits.shape[-1])
    mine, other = logits[:, :, None], logits[:, None, :]
    ahead = (other > mine) | ((other == mine) & (index[None, :] < index[:, None]))
    rank = ahead.sum(axis=-1)
    if temperature == 0:
        return (rank == 0).astype(float)
    p = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    p = np.where(rank < (top_k or len(index)), p, 0)
    p = p / p.sum(axis=-1, keepdims=True)
    p = np.where((ahead * p[:, None, :]).sum(axis=-1) < top_p, p, 0)
    return p / p.sum(axis=-1, keepdims=True)
""",
    "log-probabilities, chosen with argpartition": """
import numpy as np
def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    result = np.zeros(logits.shape)
    for b, row in enumerate(logits):
        if temperature == 0:
            result[b, row.tolist().index(row.max())] = 1
            continue
        size = min(top_k or len(row), len(row))
        smallest = row[np.argpartition(row, -size)[-size]]
        better = np.flatnonzero(row > smallest)
        tied = np.flatnonzero(row == smallest)[: size - len(better)]
        kept = np.concatenate([better[np.argsort(-row[better], kind="stable")], tied])
        log_p = row[kept] / temperature
        log_p = log_p - np.logaddexp.reduce(log_p)
        mass = 0.0
        for i, one in zip(kept, np.exp(log_p)):
            if mass >= top_p:
                break
            result[b, i] = one
            mass += one
        result[b] /= result[b].sum()
    return result
""",
}
PROBLEM = {
    "name": "sampling",
    "function": "distribution",
    "outputs": ["probabilities"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (pair("一行的概率加起来不是 1", "the probabilities of a row do not sum to 1"), sums_to_one),
        (
            pair(
                "留下的多于 k 个（温度为 0 时多于一个）",
                "more than k tokens are left (more than one at temperature 0)",
            ),
            keeps_no_more_than_k,
        ),
        (
            pair("logits 整体加 3，结果变了", "adding 3 to all logits changes the result"),
            shift_changes_nothing,
        ),
        (
            pair("一行的结果和单独算它时不同", "a row differs from what it is alone"),
            rows_do_not_mix,
        ),
    ],
    "hints": [
        pair(
            "先写只有温度的情形：softmax(logits / temperature)；温度为 0 单独处理。",
            "Begin with the temperature alone: softmax(logits / temperature); treat 0 apart.",
        ),
        pair(
            "按 logit 从大到小排，并列时下标小的在前（稳定排序），留前 k 个。",
            "Sort with the greatest first and ties by index (a stable sort); keep the first k.",
        ),
        pair(
            "归一化，再求累加和；一个词前面的和小于 p，就留下。",
            "Normalize, then add up; a token stays if the sum before it is less than p.",
        ),
        pair(
            "再归一化一次，按 order 写回原来的位置。",
            "Normalize again and write each probability back to where its token stands.",
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
verdict = judge(WRONG["ties with the k-th stay"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
