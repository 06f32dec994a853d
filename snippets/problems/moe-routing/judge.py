# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of MoE routing: uv run judge.py my_attempt.py --watch"""

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


def oracle(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    """A queue at each expert, and one token at a time."""
    tokens, experts = [t for t in range(len(x)) if mask[t]], router.shape[1]
    logits = {t: [float(x[t] @ router[:, e]) for e in range(experts)] for t in tokens}
    p, ranked = {}, {}
    for t in tokens:
        power = [math.exp(one - max(logits[t])) for one in logits[t]]
        p[t] = [one / sum(power) for one in power]
        ranked[t] = sorted(range(experts), key=lambda e: (-logits[t][e], e))[:k]
    queues = [[] for _ in range(experts)]
    for rank in range(k):
        for t in tokens:
            queues[ranked[t][rank]].append(t)
    capacity = math.ceil(factor * k * len(tokens) / experts)
    output, loss = np.zeros(x.shape), 0.0
    for e, queue in enumerate(queues):
        for t in queue[:capacity]:
            share = sum(p[t][other] for other in ranked[t]) if renormalize else 1.0
            hidden = [max(float(x[t] @ column), 0.0) for column in up[e].T]
            output[t] += p[t][e] / share * (hidden @ down[e])
        if tokens:
            fraction = len(queue) / (k * len(tokens))
            loss += experts * fraction * sum(p[t][e] for t in tokens) / len(tokens)
    return output, loss, np.array([min(len(queue), capacity) for queue in queues])


def call(moe, given):
    """Where an input has no factor and no renormalize, the attempt's defaults count."""
    return moe(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, x, k, factor=1.0, renormalize=False, mask=None, router=None, hidden=1):
        x = np.array(x, dtype=float)
        width = x.shape[1]
        router = np.eye(width) if router is None else np.array(router, dtype=float)  # x is logits
        experts = router.shape[1]
        up = rng.normal(size=(experts, width, hidden)).round(1)
        down = rng.normal(size=(experts, hidden, width)).round(1)
        up[:, 0] = np.abs(up[:, 0]) + 0.5  # so that few experts give 0
        counted = np.ones(len(x), bool) if mask is None else np.array(mask, bool)
        given = {"x": x, "router": router, "up": up, "down": down, "mask": counted}
        rest = {} if factor is None else {"factor": factor, "renormalize": renormalize}
        return pair(zh, en), given | {"k": k} | rest

    few = [[1, 0, 2, -1], [0, 2, -1, 1]]  # (width 2, experts 4)
    many = [[2, 1], [1, -1], [1, 3], [2, 2], [-1, 2], [3, 1]]
    busy = [[3, 1, 0], [3, 0, 2], [2, 1, 0], [2, 0, 1], [3, 2, 1], [2, 1, 0]]
    last = [1, 1, 0, 1, 0, 1]
    thousands = [[3000, 1000, 2000], [1000, 3000, 2000]]
    return [
        case("一个 token，一个专家", "one token, one expert", [[1]], 1),
        case("一个 token，k = 1", "one token, k = 1", [[2, 1]], 1),
        case("一个 token，k = 1，重新归一化", "one token, k = 1, renormalized", [[1, 2]], 1, renormalize=True),
        case("没有一个 token 计入", "no token counts", [[1, 2], [2, 1]], 1, mask=[0, 0]),
        case("三个 token 争一个专家", "three tokens for one expert", [[1, 0], [2, 0], [3, 0]], 1),
        case("专家并列", "experts tie", [[1, 1], [2, 2], [0, 1]], 1, 2.0),
        case("k = 2，三个专家", "k = 2 of 3 experts", [[2, 0, 1]], 2, 1.5, renormalize=True),
        case("k = 2，不归一化", "k = 2, not renormalized", [[2, 0, 1], [1, 2, 0]], 2, 1.5),
        case("logits 上千", "logits in the thousands", thousands, 2, 2.0, renormalize=True),
        case("后面的第一选择挤掉前面的第二选择", "a first choice comes before an earlier second one", [[2, 1.5, 0], [0, 2, 1], [0, 3, 1]], 2, 1.0, renormalize=True),
        case("有填充", "with padding", [[500, -400], [2, 1], [1, 0], [-300, 600]], 1, 1.0, mask=[0, 1, 1, 0]),
        case("容量只有 1", "a capacity of 1", [[3, 2, 1], [3, 1, 2], [1, 2, 3]], 3, 0.25),
        case("四个专家，宽度 2", "four experts, width 2", [*many[:2], [3, 1]], 2, 1.25, True, None, few),
        case("六个 token，四个专家，有填充", "six tokens, four experts, padding", many, 2, 1.0, False, last, few, 2),
        case("六个 token，factor = 0.5", "six tokens, factor = 0.5", many, 2, 0.5, True, None, few, 3),
        case("二十四个专家，许多并列", "24 experts and many tie", [[1]], 3, 8.0, True, None, [np.arange(24) % 3]),
        case("factor 和 renormalize 用默认值", "factor and renormalize are not given", busy, 2, None),
    ]  # fmt: skip


def padding_changes_nothing(call, given):
    moved = given | {"x": given["x"] + np.where(given["mask"], 0.0, 1.0)[:, None]}
    return all(close(a, b) for a, b in zip(call(moved), call(given), strict=True))


def nobody_is_above_capacity(call, given):
    slots = given.get("factor", 1.25) * given["k"] * given["mask"].sum()
    return (np.asarray(call(given)[2]) <= math.ceil(slots / given["router"].shape[1])).all()


def dropping_leaves_the_loss(call, given):
    twice = 2 * given.get("factor", 1.25)
    return close(call(given | {"factor": twice})[1], call(given)[1])


def equal_experts_are_one(call, given):
    up, down = given["up"][:1], given["down"][:1]
    experts = given["router"].shape[1]
    same = {"up": np.repeat(up, experts, axis=0), "down": np.repeat(down, experts, axis=0)}
    output = call(given | same | {"factor": float(experts), "renormalize": True})[0]
    dense = np.maximum(given["x"] @ up[0], 0) @ down[0]
    return close(output, np.where(given["mask"][:, None], dense, 0))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    """x: (tokens, width); router: (width, experts); returns output, loss, load (experts,)."""
    return np.zeros(x.shape), 0.0, np.zeros(router.shape[1], int)  # TODO: yours.
'''

SOLUTION = """import math

import numpy as np


def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    logits = x @ router  # (tokens, experts)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    choice = np.argsort(-logits, axis=1, kind="stable")[:, :k]  # best first
    weight = np.take_along_axis(p, choice, axis=1)
    if renormalize:
        weight = weight / weight.sum(axis=1, keepdims=True)
    counted, experts = np.flatnonzero(mask), router.shape[1]
    capacity = math.ceil(factor * k * len(counted) / experts)
    output, load = np.zeros(x.shape), np.zeros(experts, int)
    for e in range(experts):
        rank, token = np.nonzero(choice[counted].T == e)  # all first choices, then the second
        rank, token = rank[:capacity], counted[token[:capacity]]
        hidden = np.maximum(x[token] @ up[e], 0)
        output[token] += weight[token, rank][:, None] * (hidden @ down[e])
        load[e] = len(token)
    chosen = np.bincount(choice[counted].reshape(-1), minlength=experts)
    f = chosen / max(k * len(counted), 1)
    probability = p[counted].sum(axis=0) / max(len(counted), 1)
    return output, experts * (f * probability).sum(), load
"""


def mistake(zh, en, hint_zh, hint_en, *changes):
    source = SOLUTION
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        source = changed(source, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), source


QUEUE = "rank, token = np.nonzero(choice[counted].T == e)  # all first choices, then the second"
TAKEN = "rank, token = rank[:capacity], counted[token[:capacity]]"
LOADED = "load[e] = len(token)"
CAPACITY = "math.ceil(factor * k * len(counted) / experts)"
RENORMALIZE = """    if renormalize:
        weight = weight / weight.sum(axis=1, keepdims=True)
"""
F = "chosen / max(k * len(counted), 1)"
P = "p[counted].sum(axis=0) / max(len(counted), 1)"
LOSS = "experts * (f * probability).sum()"
DROPPED = "np.bincount(choice[counted].reshape(-1), minlength=experts)"
WRONG = {
    "every expert for every token": mistake(
        "没有路由：每个 token 都过了所有专家，按概率加权",
        "nothing is routed: every token goes through all experts, weighted with the probabilities",
        "一个 token 只去 k 个专家。",
        "A token goes to k experts alone.",
        "[:, :k]  # best first",
        "",
        "factor * k *",
        "factor * experts *",
        "rank[:capacity], counted[token[:capacity]]",
        "rank, counted[token]",
    ),
    "always the first experts": mistake(
        "没有路由：不看 logits，总去前 k 个专家",
        "nothing is routed: always the first k experts, whatever the logits",
        "按 logits 从大到小取 k 个。",
        "Take the k with the greatest logits.",
        'np.argsort(-logits, axis=1, kind="stable")',
        "np.tile(np.arange(router.shape[1]), (len(x), 1))",
    ),
    "the smallest logits": mistake(
        "取了 logits 最小的 k 个",
        "the k smallest logits are taken",
        "argsort 是升序，要对 −logits 排。",
        "argsort sorts upwards: sort −logits.",
        "np.argsort(-logits",
        "np.argsort(logits",
    ),
    "higher index first": mistake(
        "并列时取了下标大的",
        "of equal logits the higher index is taken",
        "对 −logits 做稳定排序，不要反转。",
        "Sort −logits with a stable sort; do not reverse.",
        'np.argsort(-logits, axis=1, kind="stable")',
        'np.argsort(logits, axis=1, kind="stable")[:, ::-1]',
    ),
    "ranked by probability": mistake(
        "按概率排的：很小的概率都下溢成 0，分不出先后",
        "ranked by probability: tiny ones underflow to 0 and cannot be told apart",
        "按 logits 排。",
        "Rank by logits.",
        "np.argsort(-logits",
        "np.argsort(-p",
    ),
    "overflow": mistake(
        "softmax 没有减去最大值，exp 溢出",
        "the softmax does not subtract the maximum: exp overflows",
        "先减去每行的最大值。",
        "Subtract the maximum of the row first.",
        "np.exp(logits - logits.max(axis=1, keepdims=True))",
        "np.exp(logits)",
    ),
    "softmax over tokens": mistake(
        "softmax 沿 token 求了，不是沿专家",
        "the softmax runs over tokens, not over experts",
        "每个 token 的概率加起来是 1：axis=1。",
        "The probabilities of one token sum to 1: axis=1.",
        "p = p / p.sum(axis=1, keepdims=True)",
        "p = p / p.sum(axis=0, keepdims=True)",
    ),
    "never renormalized": mistake(
        "k 个权重没有重新归一化",
        "the k weights are not renormalized",
        "renormalize 为真时，除以这 k 个概率之和。",
        "Where renormalize is true, divide by the sum of the k probabilities.",
        RENORMALIZE,
        "",
    ),
    "always renormalized": mistake(
        "renormalize 为假时也归一化了",
        "renormalized although renormalize is false",
        "为假时，权重就是全体 softmax 里的概率。",
        "Where it is false, a weight is the probability of the softmax over all experts.",
        "if renormalize:",
        "if True:",
    ),
    "softmax of the probabilities": mistake(
        "对选中的概率又做了一次 softmax",
        "a second softmax over the chosen probabilities",
        "除以它们的和就行；softmax 要用在 logits 上。",
        "Divide by their sum; a softmax belongs on logits.",
        "weight = weight / weight.sum(axis=1, keepdims=True)",
        "weight = np.exp(weight) / np.exp(weight).sum(axis=1, keepdims=True)",
    ),
    "not renormalized unless asked": mistake(
        "renormalize 默认成了 False",
        "renormalize is False unless given",
        "默认是 True。",
        "Unless given, it is True.",
        "renormalize=True",
        "renormalize=False",
    ),
    "renormalized after dropping": mistake(
        "丢掉之后，又把留下的权重归一化了",
        "after dropping, the weights that are left are normalized again",
        "丢掉的那一份贡献 0，其余的权重不变。",
        "A dropped slot adds 0; the other weights stay as they are.",
        "output, load = np.zeros(x.shape), np.zeros(experts, int)",
        "output, load, used = np.zeros(x.shape), np.zeros(experts, int), np.zeros(len(x))",
        LOADED,
        LOADED + "\n        used[token] += weight[token, rank]",
        "    chosen =",
        "    if renormalize:\n        output = output / np.where(used > 0, used, 1)[:, None]\n    chosen =",
    ),
    "equal weights": mistake(
        "k 个专家的输出直接平均了",
        "the outputs of the k experts are averaged",
        "按路由的权重加权。",
        "Weight them with the router's weights.",
        "weight[token, rank][:, None] * (hidden",
        "1 / k * (hidden",
    ),
    "no weights": mistake(
        "输出没有乘权重",
        "the outputs are not multiplied by their weights",
        "少了权重，输出传不回路由的梯度。",
        "Without the weight, no gradient of the output reaches the router.",
        "weight[token, rank][:, None] * (hidden",
        "(hidden",
    ),
    "weight of the first choice": mistake(
        "每个专家都用了第一选择的权重",
        "every expert gets the weight of the first choice",
        "用这个 token 给这个专家的权重。",
        "Use the weight that this token gives to this expert.",
        "weight[token, rank]",
        "weight[token, 0]",
    ),
    "one expert's weights for all": mistake(
        "所有专家用的都是第 0 个专家的参数",
        "all experts compute with the parameters of expert 0",
        "第 e 个专家用 up[e] 和 down[e]。",
        "Expert e has up[e] and down[e].",
        "@ up[e]",
        "@ up[0]",
        "@ down[e]",
        "@ down[0]",
    ),
    "no ReLU": mistake(
        "专家里少了 ReLU",
        "the experts lack the ReLU",
        "专家是 relu(x @ up) @ down。",
        "An expert is relu(x @ up) @ down.",
        "np.maximum(x[token] @ up[e], 0)",
        "x[token] @ up[e]",
    ),
    "no capacity": mistake(
        "没有容量限制，谁也没丢",
        "there is no capacity: nobody is dropped",
        "每个专家最多收 capacity 个。",
        "An expert takes at most capacity tokens.",
        CAPACITY,
        "k * len(x)",
    ),
    "capacity without k": mistake(
        "算容量时少乘了 k",
        "the capacity leaves k out",
        "每个 token 要占 k 个位置。",
        "Each token asks for k places.",
        "factor * k *",
        "factor *",
    ),
    "capacity without factor": mistake(
        "算容量时没有用 factor",
        "the capacity leaves factor out",
        "再乘 factor。",
        "Multiply by factor as well.",
        "factor * k *",
        "k *",
    ),
    "factor 1 unless given": mistake(
        "factor 默认成了 1",
        "factor is 1 unless given",
        "默认是 1.25。",
        "Unless given, it is 1.25.",
        "factor=1.25",
        "factor=1.0",
    ),
    "capacity rounded to the nearest": mistake(
        "容量四舍五入了",
        "the capacity is rounded to the nearest whole number",
        "题目向上取整。",
        "The statement rounds up.",
        CAPACITY,
        "round(factor * k * len(counted) / experts)",
    ),
    "capacity rounded down": mistake(
        "容量向下取整了",
        "the capacity is rounded down",
        "题目向上取整。",
        "The statement rounds up.",
        CAPACITY,
        "int(factor * k * len(counted) / experts)",
    ),
    "capacity with the padding": mistake(
        "算容量时把填充也算进了 token 数",
        "the capacity counts the padding among the tokens",
        "只数计入的 token。",
        "Count only the tokens that count.",
        "k * len(counted) / experts)",
        "k * len(x) / experts)",
    ),
    "capacity per token": mistake(
        "容量限制的是一个 token 去几个专家，不是一个专家收几个 token",
        "the capacity limits the experts of a token, not the tokens of an expert",
        "排队的是一个专家面前的 token。",
        "The queue is that of the tokens at one expert.",
        TAKEN,
        "rank, token = rank[rank < capacity], counted[token[rank < capacity]]",
    ),
    "capacity for each choice": mistake(
        "第一选择和第二选择各算各的容量，一个专家会收到 k 倍",
        "each rank of choice has its own capacity: an expert can take k times as many",
        "位置接着第一选择的往后数。",
        "Places go on counting after the first choices.",
        TAKEN,
        "kept = np.arange(len(rank)) - np.searchsorted(rank, rank) < capacity\n"
        "        rank, token = rank[kept], counted[token[kept]]",
    ),
    "token by token": mistake(
        "按 token 排队：前一个 token 的第二选择排在了后一个的第一选择前面",
        "queued token by token: a second choice comes before the first choice of a later token",
        "先排所有 token 的第一选择，再排第二选择。",
        "All first choices stand before all second choices.",
        QUEUE,
        "token, rank = np.nonzero(choice[counted] == e)",
    ),
    "most probable first": mistake(
        "容量不够时，留的是权重大的，不是先来的",
        "where places are short, those with the greatest weight stay, not those that came first",
        "按到达的顺序，不按权重。",
        "The order is that of arrival, not of weight.",
        QUEUE,
        QUEUE
        + '\n        order = np.argsort(-weight[counted[token], rank], kind="stable")\n'
        + "        rank, token = rank[order], token[order]",
    ),
    "last come, first served": mistake(
        "留下了后来的，丢掉了先来的",
        "the last tokens stay and the first are dropped",
        "每一轮里下标小的 token 先占位置。",
        "Within a rank, the token with the lower index comes first.",
        TAKEN,
        "first = max(len(rank) - capacity, 0)\n        rank, token = rank[first:], counted[token[first:]]",
    ),
    "dropped tokens pass": mistake(
        "丢掉的 token 原样输出了",
        "a token that was dropped everywhere comes out as it went in",
        "这一层的输出是 0；残差在层外面加。",
        "The output of this layer is 0; the residual is added outside.",
        "    chosen =",
        "    left = [t for t in counted if not output[t].any()]\n    output[left] = x[left]\n    chosen =",
    ),
    "residual added": mistake(
        "输出里加上了 x：残差在层外面加",
        "x is added to the output: the residual belongs outside",
        "这一层只返回专家的加权和。",
        "This layer returns the weighted sum of its experts alone.",
        "output, load = np.zeros(x.shape)",
        "output, load = np.where(mask[:, None], x, 0.0)",
    ),
    "padding is routed": mistake(
        "填充也被路由了",
        "padding is routed as well",
        "mask 为 False 的 token 不去任何专家，输出 0。",
        "A token whose mask is False goes to no expert; its output is 0.",
        "np.flatnonzero(mask)",
        "np.arange(len(x))",
    ),
    "padding takes places": mistake(
        "填充的输出清了零，但占了位置",
        "the output of padding is set to 0, but it has taken places",
        "排队之前就要去掉填充。",
        "Take padding out before anyone queues.",
        QUEUE,
        "rank, token = np.nonzero(choice.T == e)",
        TAKEN,
        "rank, token = rank[:capacity], token[:capacity]\n"
        "        rank, token = rank[mask[token]], token[mask[token]]",
    ),
    "nothing counts gives NaN": mistake(
        "没有 token 计入时得 0 / 0",
        "0 / 0 where no token counts",
        "两个分母都至少取 1。",
        "Let both denominators be at least 1.",
        F,
        "chosen / (k * len(counted))",
    ),
    "loss from probabilities alone": mistake(
        "损失只用了概率：N Σ P²",
        "the loss knows the probabilities alone: N Σ P²",
        "一个因子是选中的比例 f，另一个才是平均概率 P。",
        "One factor is the fraction f that was chosen, the other the mean probability P.",
        LOSS,
        "experts * (probability**2).sum()",
    ),
    "loss from counts alone": mistake(
        "损失只用了计数：N Σ f²，没有梯度",
        "the loss knows the counts alone: N Σ f², which has no gradient",
        "梯度从平均概率 P 来。",
        "The gradient comes through the mean probability P.",
        LOSS,
        "experts * (f**2).sum()",
    ),
    "loss without the number of experts": mistake(
        "损失没有乘专家数",
        "the loss is not multiplied by the number of experts",
        "乘了专家数，均匀时是 1。",
        "With the number of experts, it is 1 where all is even.",
        LOSS,
        "(f * probability).sum()",
    ),
    "loss counts first choices": mistake(
        "f 只数了第一选择",
        "f counts first choices alone",
        "k 个选择都算，除以 k 乘 token 数。",
        "All k choices count; divide by k times the tokens.",
        DROPPED,
        "np.bincount(choice[counted][:, 0], minlength=experts) * k",
    ),
    "loss after dropping": mistake(
        "f 数的是丢掉之后的",
        "f counts what is left after dropping",
        "f 在丢掉之前数。",
        "Count f before anyone is dropped.",
        DROPPED,
        "load",
    ),
    "fractions that sum to k": mistake(
        "f 除以了 token 数，加起来是 k，不是 1（Transformers 里 Mixtral 的写法）",
        "f divides by the tokens and sums to k, not to 1 (as for Mixtral in Transformers)",
        "除以 k 乘 token 数。",
        "Divide by k times the tokens.",
        F,
        "chosen / max(len(counted), 1)",
    ),
    "loss counts the padding": mistake(
        "损失把填充也算进去了",
        "the loss counts the padding",
        "f 和 P 都只对计入的 token 求。",
        "Both f and P are over the tokens that count.",
        DROPPED,
        "np.bincount(choice.reshape(-1), minlength=experts)",
        F,
        "chosen / (k * len(x))",
        P,
        "p.mean(axis=0)",
    ),
    "loss divides by all tokens": mistake(
        "损失没有算填充，分母里却有填充",
        "the loss leaves the padding out of its sums, but not out of its denominators",
        "两个分母都只数计入的 token。",
        "Both denominators count only the tokens that count.",
        F,
        "chosen / (k * len(x))",
        P,
        "p[counted].sum(axis=0) / len(x)",
    ),
    "P counts the padding": mistake(
        "f 对了，P 却连填充一起平均了",
        "f is right, but the mean of P is over the padding, too",
        "P 也只对计入的 token 平均。",
        "P is a mean over the tokens that count as well.",
        P,
        "p.mean(axis=0)",
    ),
    "loss from the k weights": mistake(
        "P 用的是选中的 k 个权重，没选中的当成了 0",
        "P is the mean of the k weights, with 0 for what was not chosen",
        "P 是全体 softmax 的平均。",
        "P is the mean of the softmax over all experts.",
        P,
        "sum(\n"
        "        np.bincount(choice[counted, r], weight[counted, r], experts) for r in range(k)\n"
        "    ) / max(len(counted), 1)",
    ),
    "load before dropping": mistake(
        "load 数的是想去的，不是收下的",
        "load counts those who wanted to come, not those who were taken",
        "load 不超过容量。",
        "A load is at most the capacity.",
        TAKEN,
        "wanted = len(rank)\n        " + TAKEN,
        LOADED,
        "load[e] = wanted",
    ),
    "changes the input": mistake(
        "就地把 x 里的填充清了零",
        "padding is set to 0 in x itself",
        "残差还要用 x；先复制。",
        "The residual still needs x; copy first.",
        "    logits =",
        "    x[~mask] = 0\n    logits =",
    ),
}
VARIANTS = {
    "dispatch and combine, float32": """
import math
import numpy as np
def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    x, router, up, down = (one.astype(np.float32) for one in (x, router, up, down))
    (tokens, _), experts = x.shape, router.shape[1]
    logits = x @ router
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    rest, counted = logits.copy(), mask.astype(np.float32)
    capacity = math.ceil(counted.sum() * k / experts * factor)
    combine = np.zeros((tokens, experts), np.float32)
    taken, wanted, scale = np.zeros(experts), np.zeros(experts), np.zeros(tokens, np.float32)
    for _ in range(k):  # the best of what is left, as in GShard
        best = rest.argmax(axis=1)
        one = np.eye(experts)[best] * counted[:, None]
        place = np.cumsum(one, axis=0) - one + wanted
        kept = one * (place < capacity)
        combine += kept * p
        scale += p[np.arange(tokens), best]
        taken, wanted = taken + kept.sum(axis=0), wanted + one.sum(axis=0)
        rest[np.arange(tokens), best] = -np.inf
    if renormalize:
        combine = combine / scale[:, None]
    every = np.einsum("tef,efd->ted", np.einsum("td,edf->tef", x, up).clip(0), down)
    n = max(counted.sum(), 1)
    loss = experts * (wanted / (n * k)) @ (counted @ p / n)
    return np.einsum("te,ted->td", combine, every), loss, taken
""",
    "token after token, with counters, softmax over the chosen": """
import math
def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    experts, out = router.shape[1], x * 0.0
    load, wanted, mean = [0] * experts, [0] * experts, [0.0] * experts
    tokens = [t for t in range(len(x)) if mask[t]]
    places = -(-factor * k * len(tokens) // experts)
    plans = []
    for t in tokens:
        z = (x[t] @ router).tolist()
        order = sorted(range(experts), key=z.__getitem__, reverse=True)[:k]
        over = order if renormalize else range(experts)
        total = sum(math.exp(z[e] - max(z)) for e in over)
        plans.append([(e, math.exp(z[e] - max(z)) / total) for e in order])
        every = sum(math.exp(v - max(z)) for v in z)
        mean = [m + math.exp(v - max(z)) / every / len(tokens) for m, v in zip(mean, z)]
    for rank in range(k):
        for t, plan in zip(tokens, plans):
            e, weight = plan[rank]
            wanted[e] += 1
            if load[e] < places:
                load[e] += 1
                out[t] += weight * ((x[t] @ up[e]).clip(min=0) @ down[e])
    f = [n / max(k * len(tokens), 1) for n in wanted]
    return out, experts * sum(a * b for a, b in zip(f, mean)), load
""",
    "all slots in one list, sorted by expert": """
import math
import numpy as np
def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    inside = x[mask]
    n, experts = len(inside), router.shape[1]
    z = inside @ router
    choice = np.lexsort((np.arange(experts)[None].repeat(n, 0), -z), axis=1)[:, :k]
    slot = choice.T.reshape(-1)
    token = np.tile(np.arange(n), k)
    order = np.argsort(slot, kind="stable")
    starts = np.searchsorted(slot[order], np.arange(experts))
    place = np.arange(n * k) - starts[slot[order]]
    order = order[place < math.ceil(factor * k * n / experts)]
    chosen_z = np.take_along_axis(z, choice, 1)
    norm = np.logaddexp.reduce(chosen_z if renormalize else z, axis=1)
    weight = np.exp(chosen_z - norm[:, None]).T.reshape(-1)
    result = np.zeros((n, x.shape[1]))
    for i in order:
        e = slot[i]
        result[token[i]] += weight[i] * (np.maximum(inside[token[i]] @ up[e], 0) @ down[e])
    out = np.zeros(x.shape)
    out[mask] = result
    p = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
    f = np.bincount(slot, minlength=experts)
    loss = experts * (f * p.sum(axis=0)).sum() / (k * n * n) if n else 0.0
    return out, loss, np.bincount(slot[order], minlength=experts)
""",
}
PROBLEM = {
    "name": "moe-routing",
    "function": "moe",
    "outputs": ["output", "loss", "load"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("填充里的内容改变了结果", "what stands in the padding changes the result"),
            padding_changes_nothing,
        ),
        (
            pair("load 里有超过容量的数", "a load is above the capacity"),
            nobody_is_above_capacity,
        ),
        (
            pair("factor 翻倍，损失变了", "the loss changes where factor is doubled"),
            dropping_leaves_the_loss,
        ),
        (
            pair(
                "专家全都一样、容量够所有 token 用、renormalize 为真时，结果和单独一个专家不同",
                "with equal experts, room for every token and renormalize, the output is not that of one expert",
            ),
            equal_experts_are_one,
        ),
    ],
    "hints": [
        pair(
            "先不管容量：logits = x @ router，沿专家做 softmax，对 −logits 稳定排序取前 k 个，输出按权重相加。",
            "First without a capacity: logits = x @ router, a softmax over experts, the first k of a stable sort of −logits, outputs added up with their weights.",
        ),
        pair(
            "容量 = ceil(factor · k · 计入的 token 数 / 专家数)，先把填充去掉。",
            "capacity = ceil(factor · k · tokens that count / experts); take padding out first.",
        ),
        pair(
            "每个专家的队：先是第一选择选了它的 token，按下标，再是第二选择选了它的；前 capacity 个留下。",
            "The queue of an expert: first the tokens whose first choice it is, by index, then those whose second choice it is; the first capacity of them stay.",
        ),
        pair(
            "损失 = 专家数 · Σ f · P：f 是丢掉之前各专家被选的次数除以 k · token 数，P 是概率的平均。",
            "loss = experts · Σ f · P, with f how often each was chosen, before dropping, over k · tokens, and P the mean probability.",
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
verdict = judge(WRONG["capacity rounded down"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
