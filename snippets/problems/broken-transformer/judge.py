# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of the long round, a broken Transformer: uv run judge.py my_attempt.py --watch"""

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
import itertools
import math


def oracle_step(weights, tokens, cache):
    """One token after another, one head after another, behind plain lists: no mask, no reshape."""
    cache = [[list(head) for head in layer] for layer in cache or []]
    cache = cache or [[[] for _ in range(weights["heads"])] for _ in weights["layers"]]
    size = weights["embedding"].shape[1] // weights["heads"]
    turns = 10_000.0 ** (-2 / size * np.arange(size // 2))

    def rms(x, gain):
        return gain * x / math.sqrt(np.mean(x * x) + 1e-6)

    def turned(x, position):
        plane = (x[::2] + 1j * x[1::2]) * np.exp(1j * position * turns)
        return np.stack([plane.real, plane.imag], axis=1).ravel()

    answers = []
    for token in tokens:
        x = weights["embedding"][token]
        for layer, heads in zip(weights["layers"], cache, strict=True):
            given = rms(x, layer["attention_norm"])
            q, k, v = (given @ layer[name] for name in ("query", "key", "value"))
            mixed = []
            for head, seen in enumerate(heads):
                own, position = slice(head * size, (head + 1) * size), len(seen)
                seen.append((turned(k[own], position), v[own]))
                asked = turned(q[own], position)
                scores = np.array([asked @ key for key, _ in seen]) / math.sqrt(size)
                share = np.exp(scores - max(scores))
                mixed.append(share / sum(share) @ np.array([value for _, value in seen]))
            x = x + np.concatenate(mixed) @ layer["out"]
            hidden = rms(x, layer["ffn_norm"]) @ layer["up"]
            x = x + np.maximum(hidden, 0) @ layer["down"]
        answers.append(weights["embedding"] @ rms(x, weights["last_norm"]))
    return np.array(answers), cache


def oracle(weights, tokens):
    return oracle_step(weights, tokens, None)[0]


def call(logits, given):
    """Part 1: the logits of all tokens. Part 2: those of `step`, which stands beside `logits`.

    Part 2 feeds the chunks twice; before and after each, another beam goes on from the same cache.
    `seeds` holds the seed of the weights for each chunk: with the second weights, whoever
    computes the keys and values of earlier tokens anew gets others than those in the cache.
    """
    sizes = [given[name] for name in ("vocabulary", "width", "heads", "layers")]
    models = [random_weights(seed, *sizes) for seed in given["seeds"]]
    if not given["chunks"]:
        return logits(models[0], given["tokens"])
    step = oracle_step if logits is oracle else logits.__globals__["step"]
    for _ in range(2):
        cache, start, answers = None, 0, []
        for model, length in zip(models, given["chunks"], strict=True):
            part = given["tokens"][start : start + length]
            beam = (part + 1) % given["vocabulary"]
            step(model, beam.copy(), cache)
            answer, longer = step(model, part.copy(), cache)
            answers.append(np.array(answer))
            step(model, beam.copy(), cache)
            cache = longer
            start += length
    return np.concatenate(answers)


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, sizes, chunks, seeds=(0,)):
        width, heads, layers = sizes
        seeds = list(seeds) if len(seeds) > 1 else [0] * max(1, len(chunks))
        tokens = rng.permutation(7)[: sum(chunks) or 3]
        return pair(zh, en), {
            "tokens": tokens,
            "chunks": chunks,
            "seeds": seeds,
            "vocabulary": 7,
            "width": width,
            "heads": heads,
            "layers": layers,
        }

    part_2 = ("第二部分：", "part 2: ")
    later = [
        ("一块四个 token，没有缓存", "one chunk of four tokens, nothing cached", (8, 2, 1), [4]),
        ("两个 token，一个一个来", "two tokens, one by one", (8, 2, 1), [1, 1]),
        ("三个 token，一个一个来", "three tokens, one by one", (8, 2, 1), [1, 1, 1]),
        ("缓存两个，再来两个", "two tokens behind two", (8, 2, 1), [2, 2]),
        (
            "三块，长短不一；两层",
            "three chunks of different lengths, two layers",
            (12, 3, 2),
            [3, 2, 1],
        ),
    ]
    return [
        case("第一部分：三个 token，两个头", "part 1: three tokens, two heads", (8, 2, 1), []),
        case("第一部分：三个头，两层", "part 1: three heads, two layers", (12, 3, 2), []),
        *(case(part_2[0] + zh, part_2[1] + en, *more) for zh, en, *more in later),
        case(
            part_2[0] + "后一块用另一组权重，前面的不该重算",
            part_2[1] + "other weights for the last chunk; nothing earlier is computed anew",
            (8, 2, 2),
            [2, 1, 2],
            [0, 0, 1],
        ),
    ]


def future_is_hidden(call, given):
    later = copy.deepcopy(given)
    later["tokens"][-1] = (later["tokens"][-1] + 1) % given["vocabulary"]
    return close(call(later)[:-1], call(given)[:-1])


def chunking_changes_nothing(call, given):
    if not given["chunks"] or len(set(given["seeds"])) > 1:
        return True
    return close(call(given), call(given | {"chunks": [], "seeds": [given["seeds"][0]]}))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import math

import numpy as np


def random_weights(seed, vocabulary, width, heads, layers):
    """A model for tests: the same arguments give the same numbers."""
    rng = np.random.default_rng(seed)

    def matrix(rows, columns):
        return rng.normal(size=(rows, columns)) / math.sqrt(rows)

    def layer():
        return {
            "attention_norm": rng.uniform(0.5, 1.5, width),
            "query": matrix(width, width),
            "key": matrix(width, width),
            "value": matrix(width, width),
            "out": matrix(width, width),
            "ffn_norm": rng.uniform(0.5, 1.5, width),
            "up": matrix(width, 4 * width),
            "down": matrix(4 * width, width),
        }

    return {
        "heads": heads,
        "embedding": 2.0 * rng.normal(size=(vocabulary, width)),  # also the head
        "layers": [layer() for _ in range(layers)],
        "last_norm": rng.uniform(0.5, 1.5, width),
    }


def norm(x, gain):
    """RMSNorm of each token."""
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6) * gain


def rotate(x):
    """RoPE: turn pairs of neighbouring features by angles that grow with the position."""
    time, size = x.shape[-2:]
    speed = 10_000.0 ** (-np.arange(0, size, 2) / size)
    angle = np.arange(time)[:, None] * speed  # (time, size / 2)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = [
        even * np.cos(angle) - odd * np.sin(angle),
        even * np.sin(angle) + odd * np.cos(angle),
    ]
    return np.stack(turned, axis=-1).reshape(x.shape)


def attention(layer, x, heads):
    time, width = x.shape
    split = (time, heads, width // heads)
    q, k, v = (
        (x @ layer[name]).reshape(split).transpose(1, 0, 2)  # (heads, time, size)
        for name in ("query", "key", "value")
    )
    scores = rotate(q) @ rotate(k).swapaxes(-1, -2) / math.sqrt(width)
    visible = np.tri(time, k=1, dtype=bool)
    scores = np.where(visible, scores, -1e30)  # (heads, time, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).reshape(time, width) @ layer["out"]


def logits(weights, tokens):
    """tokens: (time,) integers; returns (time, vocabulary)."""
    x = weights["embedding"][tokens]  # (time, width)
    for layer in weights["layers"]:
        x = norm(x, layer["attention_norm"])
        x = x + attention(layer, x, weights["heads"])
        hidden = norm(x, layer["ffn_norm"]) @ layer["up"]
        x = x + np.maximum(hidden, 0.0) @ layer["down"]
    return norm(x, weights["last_norm"]) @ weights["embedding"].T


def step(weights, tokens, cache):
    """tokens: the new ones; cache: None at first, then what you returned."""
    raise NotImplementedError("part 2")
'''

SOLUTION = '''import math

import numpy as np


def random_weights(seed, vocabulary, width, heads, layers):
    """A model for tests: the same arguments give the same numbers."""
    rng = np.random.default_rng(seed)

    def matrix(rows, columns):
        return rng.normal(size=(rows, columns)) / math.sqrt(rows)

    def layer():
        return {
            "attention_norm": rng.uniform(0.5, 1.5, width),
            "query": matrix(width, width),
            "key": matrix(width, width),
            "value": matrix(width, width),
            "out": matrix(width, width),
            "ffn_norm": rng.uniform(0.5, 1.5, width),
            "up": matrix(width, 4 * width),
            "down": matrix(4 * width, width),
        }

    return {
        "heads": heads,
        "embedding": 2.0 * rng.normal(size=(vocabulary, width)),  # also the head
        "layers": [layer() for _ in range(layers)],
        "last_norm": rng.uniform(0.5, 1.5, width),
    }


def norm(x, gain):
    """RMSNorm of each token."""
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6) * gain


def rotate(x, past):
    """RoPE; the first token of x stands at position `past`."""
    time, size = x.shape[-2:]
    speed = 10_000.0 ** (-np.arange(0, size, 2) / size)
    angle = (past + np.arange(time))[:, None] * speed  # (time, size / 2)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = [
        even * np.cos(angle) - odd * np.sin(angle),
        even * np.sin(angle) + odd * np.cos(angle),
    ]
    return np.stack(turned, axis=-1).reshape(x.shape)


def attention(layer, x, heads, cached):
    new, width = x.shape
    size = width // heads
    q, k, v = (
        (x @ layer[name]).reshape(new, heads, size).transpose(1, 0, 2)  # (heads, new, size)
        for name in ("query", "key", "value")
    )
    past = 0 if cached is None else cached[0].shape[1]
    q, k = rotate(q, past), rotate(k, past)
    if cached is not None:
        k = np.concatenate([cached[0], k], axis=1)  # (heads, past + new, size)
        v = np.concatenate([cached[1], v], axis=1)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(size)
    visible = np.arange(past + new) <= past + np.arange(new)[:, None]
    scores = np.where(visible, scores, -1e30)  # (heads, new, past + new)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).transpose(1, 0, 2).reshape(new, width) @ layer["out"], (k, v)


def step(weights, tokens, cache):
    x, longer = weights["embedding"][tokens], []  # (new, width)
    for number, layer in enumerate(weights["layers"]):
        cached = None if cache is None else cache[number]
        normed = norm(x, layer["attention_norm"])
        mixed, kept = attention(layer, normed, weights["heads"], cached)
        longer.append(kept)
        x = x + mixed
        hidden = norm(x, layer["ffn_norm"]) @ layer["up"]
        x = x + np.maximum(hidden, 0.0) @ layer["down"]
    return norm(x, weights["last_norm"]) @ weights["embedding"].T, longer


def logits(weights, tokens):
    return step(weights, tokens, None)[0]
'''

random_weights = load(SOLUTION, "random_weights")

PLANTED = {  # what stands in the starter, and what should
    "scale": (
        pair("缩放", "the scale"),
        pair(
            "点积的两边各有多少个数？不是 width。",
            "How many numbers enter one dot product? Not `width`.",
        ),
        "math.sqrt(width)",
        "math.sqrt(width // heads)",
    ),
    "mask": (
        pair("因果掩码", "the causal mask"),
        pair(
            "写出三个 token 的 visible：第一行有几个 True？",
            "Write down `visible` for three tokens: how many are True in the first row?",
        ),
        "np.tri(time, k=1, dtype=bool)",
        "np.tri(time, dtype=bool)",
    ),
    "heads": (
        pair("各头的合并", "how the heads are joined"),
        pair(
            "weights @ v 的形状是 (heads, time, size)，而 reshape 不换维。",
            "`weights @ v` is (heads, time, size), and a reshape moves no axis.",
        ),
        "(weights @ v).reshape(time, width)",
        "(weights @ v).transpose(1, 0, 2).reshape(time, width)",
    ),
    "residual": (
        pair("残差", "the residual"),
        pair(
            "pre-norm 里，残差这条路上没有归一化：加的是谁？",
            "In pre-norm no norm stands on the residual path: what is the sum added to?",
        ),
        '        x = norm(x, layer["attention_norm"])\n        x = x + attention(layer, x, weights["heads"])\n',
        '        x = x + attention(layer, norm(x, layer["attention_norm"]), weights["heads"])\n',
    ),
}


def repaired(*names):
    """The starter without these of its mistakes."""
    source = STARTER
    for name in names:
        source = changed(source, *PLANTED[name][2:])
    return source


def left(*names):
    """What is said of a starter in which these mistakes are left, and its source."""
    done = [name for name in PLANTED if name not in names]
    listed = lambda these: [  # noqa: E731
        join.join(PLANTED[name][0][code] for name in these)
        for code, join in (("zh", "、"), ("en", ", "))
    ]
    fixed = listed(done) if done else ("还没有", "none yet")
    zh = f"埋下的四处还剩 {len(names)} 处；改对的：{fixed[0]}"
    en = f"{len(names)} of the four planted ones left; repaired: {fixed[1]}"
    still = listed(names)
    hints = [PLANTED[name][1] for name in names]
    hint = pair(f"还剩：{still[0]}。{hints[0]['zh']}", f"Still there: {still[1]}. {hints[0]['en']}")
    return pair(zh, en), hint, repaired(*done)


WRONG = {
    " + ".join(names): left(*names)
    for count in range(len(PLANTED), 0, -1)
    for names in itertools.combinations(PLANTED, count)
}


def misrepaired(zh, en, hint_zh, hint_en, old, new):
    """All four changed, one of them into something else that is wrong."""
    return pair(zh, en), pair(hint_zh, hint_en), changed(repaired(*PLANTED), old, new)


SCALE = "math.sqrt(width // heads)"
WRONG |= {
    "root of the number of heads": misrepaired(
        "另外三处改对了，缩放除的是头数的平方根",
        "the other three are repaired; scores are divided by the root of the number of heads",
        "除以一个头的宽度的平方根；头数和它碰巧相等时，才看不出来。",
        "Divide by the root of one head's features; only where both numbers are equal does it not show.",
        SCALE,
        "math.sqrt(heads)",
    ),
    "no scale": misrepaired(
        "另外三处改对了，缩放去掉了",
        "the other three are repaired; the scale is gone",
        "缩放要留着，换的是除数。",
        "The scale stays; what changes is the number.",
        f" / {SCALE}",
        "",
    ),
    "norm after the sum": misrepaired(
        "另外三处改对了，归一化放到了相加之后（post-norm）",
        "the other three are repaired; the norm stands behind the sum (post-norm)",
        "pre-norm 归一化的是注意力的输入，不是和。",
        "In pre-norm the input of attention is normed, not the sum.",
        'x + attention(layer, norm(x, layer["attention_norm"]), weights["heads"])',
        'norm(x + attention(layer, x, weights["heads"]), layer["attention_norm"])',
    ),
}


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


VISIBLE = "np.arange(past + new) <= past + np.arange(new)[:, None]"
WRONG |= {
    "no step yet": (
        pair("第一部分对了；step 还没写", "part 1 is right; `step` is still to be written"),
        pair(
            "先让 step 在 cache 为 None 时给出 logits 的结果，再让 logits 调用它。",
            "Let `step` give the answers of `logits` where the cache is None; then let `logits` call it.",
        ),
        repaired(*PLANTED),
    ),
    "computed anew": (
        pair(
            "缓存里只有 token，前面的键和值每次重算",
            "the cache holds tokens: earlier keys and values are computed anew",
        ),
        pair(
            "每个 token 的键和值只算一次，缓存存的是它们。",
            "Keys and values of a token are computed once; the cache holds those.",
        ),
        changed(
            repaired(*PLANTED),
            '    raise NotImplementedError("part 2")\n',
            "    every = np.concatenate([*([] if cache is None else [cache]), tokens])\n"
            "    return logits(weights, every)[-len(tokens) :], every\n",
        ),
    ),
    "each chunk from position 0": mistake(
        "每一块的位置都从 0 数起",
        "positions start at 0 in each chunk",
        "新 token 前面已经有 past 个。",
        "`past` tokens stand before the new ones.",
        "rotate(q, past), rotate(k, past)",
        "rotate(q, 0), rotate(k, 0)",
    ),
    "queries from position 0": mistake(
        "键的位置对了，查询的位置还从 0 数起",
        "keys have their positions, queries still start at 0",
        "同一个 token 的查询和键，位置相同。",
        "The query and the key of a token stand at the same position.",
        "rotate(q, past)",
        "rotate(q, 0)",
    ),
    "positions one too far": mistake(
        "有缓存时，位置多数了一个",
        "behind a cache, positions are one too far",
        "缓存里有 past 个，下一个的位置就是 past。",
        "With `past` tokens cached, the next position is `past`.",
        "rotate(q, past), rotate(k, past)",
        "rotate(q, past + (past > 0)), rotate(k, past + (past > 0))",
    ),
    "rotated again": mistake(
        "缓存里的键转过了，取出来又转一次",
        "cached keys are rotated already and are rotated again",
        "要么存转过的，要么每次从没转过的转起。",
        "Cache them rotated, or rotate them from the start each time; not both.",
        "q, k = rotate(q, past), rotate(k, past)\n",
        "q = rotate(q, past)\n",
        "    scores = q @",
        "    k = rotate(k, 0)\n    scores = q @",
    ),
    "triangle in the corner": mistake(
        "掩码的三角靠左上角对齐",
        "the mask's triangle stands at the upper left",
        "第 i 个新 token 看到 past + i 为止。",
        "New token i sees up to past + i.",
        VISIBLE,
        "np.arange(past + new) <= np.arange(new)[:, None]",
    ),
    "no mask behind a cache": mistake(
        "有缓存就不加掩码",
        "no mask where there is a cache",
        "这只在每次一个 token 时成立。",
        "That is right only while tokens come one at a time.",
        VISIBLE,
        f"({VISIBLE}) | (past > 0)",
    ),
    "only the last chunk is kept": mistake(
        "缓存里只留下最后一块",
        "the cache keeps the last chunk only",
        "返回的缓存要含全部的键和值。",
        "The cache that you return must hold all keys and values.",
        "(k, v)\n\n\ndef step",
        "(k[:, past:], v[:, past:])\n\n\ndef step",
    ),
    "first layer's cache": mistake(
        "每一层都用了第一层的缓存",
        "each layer uses the cache of the first",
        "每一层的键和值不同，各存各的。",
        "Each layer has keys and values of its own.",
        "cache[number]",
        "cache[0]",
    ),
    "changed in place": mistake(
        "就地改了传进来的缓存：beam search 里两条分支会串",
        "the cache that came in is changed in place: two beams would mix",
        "返回新的缓存，旧的还要能用。",
        "Return a new cache; the old one stays good.",
        "    return norm(x, weights",
        "    if cache is not None:\n        cache[:] = longer\n    return norm(x, weights",
    ),
    "one cache for everybody": mistake(
        "cache=None 时接着用了上一次的缓存",
        "where the cache is None, the last one is used again",
        "None 表示新的一条序列。",
        "None begins a new sequence.",
        "def step(weights, tokens, cache):\n",
        "KEPT = []\n\n\ndef step(weights, tokens, cache):\n    cache = cache or (KEPT[-1] if KEPT else None)\n",
        "    return norm(x, weights",
        "    KEPT.append(longer)\n    return norm(x, weights",
    ),
    "last token only": mistake(
        "step 只返回了最后一个 token 的结果",
        "`step` answers for the last token only",
        "来几个 token，就返回几行。",
        "Return a row for each token.",
        '    return norm(x, weights["last_norm"]) @ weights["embedding"].T, longer\n\n\ndef logits(weights, tokens):\n    return step(weights, tokens, None)[0]',
        '    return norm(x, weights["last_norm"])[-1:] @ weights["embedding"].T, longer\n\n\ndef logits(weights, tokens):\n    cache, rows = None, []\n    for token in tokens:\n        row, cache = step(weights, [token], cache)\n        rows.append(row)\n    return np.concatenate(rows)',
    ),
}
EINSUM = """    q, k, v = (
        np.einsum("tw,whs->hts", x, layer[name].reshape(width, heads, size)).astype(np.float32)
        for name in ("query", "key", "value")
    )
    pieces = [*(cached or []), (rotate(k, sum(one[0].shape[1] for one in cached or [])), v)]
    k, v = (np.concatenate(one, axis=1) for one in zip(*pieces))
    past = k.shape[1] - new
    scores = np.einsum("his,hjs->hij", rotate(q, past), k) * size**-0.5
    scores += np.triu(np.full((new, past + new), -1e30), 1 + past)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    out = layer["out"].reshape(heads, size, width)
    return np.einsum("hij,hjs,hsw->iw", weights, v, out), pieces
"""
BUFFER = """    q, k, v = (
        (x @ layer[name]).reshape(new, heads, size).transpose(1, 0, 2)
        for name in ("query", "key", "value")
    )
    buffer = {"k": np.zeros((heads, 64, size)), "v": np.zeros((heads, 64, size)), "used": 0}
    buffer = copy.deepcopy(cached) or buffer
    past, time = buffer["used"], buffer["used"] + new
    buffer["k"][:, past:time], buffer["v"][:, past:time], buffer["used"] = k, v, time
    q, k = rotate(q, past), rotate(buffer["k"][:, :time], 0)  # cached as they were
    mixed = np.zeros((new, heads, size))
    for i in range(new):
        seen = past + i + 1
        scores = (q[:, i : i + 1] * k[:, :seen]).sum(-1) / math.sqrt(size)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = weights / weights.sum(axis=-1, keepdims=True)
        mixed[i] = (weights[..., None] * buffer["v"][:, :seen]).sum(1)
    return mixed.reshape(new, width) @ layer["out"], buffer
"""
HEAD, REST = SOLUTION.split("    q, k, v = (", 1)
TAIL = "\n\n" + REST[REST.index("def step") :]
VARIANTS = {
    "einsum in float32, a list of chunks": HEAD + EINSUM + TAIL,
    "a buffer with its length, keys cached before they are rotated": "import copy\n"
    + HEAD
    + BUFFER
    + TAIL,
    "the repaired starter beside the step of the solution": repaired(*PLANTED).replace(
        'raise NotImplementedError("part 2")', "return cached_step(weights, tokens, cache)"
    )
    + "\n\nspace = {}\nexec("
    + repr(SOLUTION)
    + ", space)\ncached_step = space['step']\n",
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
        VARIANTS["a buffer with its length, keys cached before they are rotated"],
        "copy.deepcopy(cached)",
        "cached and dict(cached)",
    ),
)
PROBLEM = {
    "name": "broken-transformer",
    "function": "logits",
    "outputs": ["logits"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "改动最后一个 token，前面的结果变了",
                "a change of the last token changes earlier answers",
            ),
            future_is_hidden,
        ),
        (
            pair("step 和 logits 结果不同", "`step` and `logits` give different answers"),
            chunking_changes_nothing,
        ),
    ],
    "hints": [
        pair(
            "从输入往下读，每一行写下形状，再问：这一行让 token 看到了谁？",
            "Read from the input down, write the shape of each line, and ask whom it lets a token see.",
        ),
        pair(
            "四处错：两处在分数和掩码，一处在各头的合并，一处在残差。",
            "Two of the four stand where scores are made and masked, one where heads are joined, one at the residual.",
        ),
        pair(
            "第二部分：注意力多收一个 cached，返回 (结果, (k, v))；past 是缓存里的个数。",
            "Part 2: attention takes `cached` and returns its answer and (k, v); `past` is how many are cached.",
        ),
        pair(
            "past 用在两处：旋转的位置，和掩码 past + i。",
            "`past` is needed twice: for the positions of the rotation, and in the mask, past + i.",
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
verdict = judge(repaired("mask", "residual"))
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
# --8<-- [start:ladder]
right, ladder = load(SOLUTION, "logits"), []
for time_steps, heads in ((1, 2), (3, 1), (3, 2)):
    model, tokens = random_weights(0, 7, 8, heads, 1), np.arange(time_steps)
    wanted = right(model, tokens)
    alone = {name: load(WRONG[name][2], "logits")(model, tokens) for name in PLANTED}
    ladder.append([name for name, got in alone.items() if not close(got, wanted)])
    print(f"tokens {time_steps}, heads {heads}:", *ladder[-1])
assert ladder == [["residual"], ["mask", "residual"], ["scale", "mask", "heads", "residual"]]
# --8<-- [end:ladder]
