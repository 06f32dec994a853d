# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of the DPO loss: uv run judge.py my_attempt.py --watch"""

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


def oracle(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta):
    """One pair at a time, one token at a time."""
    batch, loss = len(chosen), 0.0
    rewards = np.zeros((2, batch))
    sides = ((chosen, ref_chosen, chosen_mask), (rejected, ref_rejected, rejected_mask))
    for i in range(batch):
        for side, (policy, reference, mask) in enumerate(sides):
            for t in range(mask.shape[1]):
                if mask[i, t]:
                    rewards[side, i] += beta * (policy[i, t] - reference[i, t])
        margin = rewards[0, i] - rewards[1, i]
        if margin > 0:
            loss += math.log1p(math.exp(-margin)) / batch
        else:
            loss += (math.log1p(math.exp(margin)) - margin) / batch
    return loss, rewards[0], rewards[1]


def call(dpo, given):
    return dpo(*given.values())


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    rng = np.random.default_rng(0)

    def case(zh, en, lengths, beta=0.5, scale=1.0, same=False, padding=-1.5, prompt=0):
        lengths = np.array(lengths)  # (batch, 2): tokens of chosen and of rejected
        masks, numbers = [], []
        for side in (0, 1):
            begin = np.reshape(prompt, (-1, 1))
            end = begin + lengths[:, [side]]
            place = np.arange(end.max())
            masks.append((place >= begin) & (place < end))
            policy, reference = -(0.1 + rng.exponential(scale, size=(2, *masks[side].shape))).round(
                1
            )
            reference = policy if same else reference
            filled = (policy, padding), (reference, 2 * padding)
            numbers.append([np.where(masks[side], one, fill) for one, fill in filled])
        (chosen, ref_chosen), (rejected, ref_rejected) = numbers
        given = {"chosen": chosen, "rejected": rejected, "ref_chosen": ref_chosen}
        given |= {"ref_rejected": ref_rejected, "chosen_mask": masks[0], "rejected_mask": masks[1]}
        return pair(zh, en), given | {"beta": beta}

    return [
        case("一对回答，各一个 token", "one pair of one token", [[1, 1]]),
        case("策略就是参考模型", "the policy is the reference", [[1, 2]], same=True),
        case("beta = 2", "beta = 2", [[2, 1]], beta=2.0),
        case("log 概率在 −1000 上下", "log-probabilities around −1000", [[2, 2]], 1.0, 1000.0),
        case(
            "差几千，各种符号", "margins in the thousands, of both signs", [[2, 1]] * 3, 1.0, 3000.0
        ),
        case("两对，长短不一", "two pairs of different lengths", [[3, 1], [1, 2]]),
        case("填充处是 −∞", "padding holds −∞", [[1, 2], [3, 1]], 0.1, padding=-np.inf),
        case(
            "提示词在前，长短不一", "prompts of different lengths", [[2, 1], [1, 2]], prompt=[2, 1]
        ),
        case("三对", "three pairs", [[4, 2], [1, 3], [2, 4]], 0.1),
        case("每一对都有一个空回答", "an empty answer in each pair", [[2, 0], [0, 1]]),
    ]


def same_tokens_give_log_two(call, given):
    alike = {"chosen": given["ref_chosen"], "rejected": given["ref_rejected"]}
    return close(call(given | alike)[0], np.log(2))


def exchange_costs_the_margin(call, given):
    names = (
        ("chosen", "rejected"),
        ("ref_chosen", "ref_rejected"),
        ("chosen_mask", "rejected_mask"),
    )
    other = dict(given)
    for one, two in names:
        other[one], other[two] = given[two], given[one]
    loss, better, worse = call(given)
    margin = np.mean(np.asarray(better) - np.asarray(worse))
    return close(call(other)[0] - loss, margin)


def prompt_and_padding_do_not_count(call, given):
    moved = dict(given)
    for n, name in enumerate(("chosen", "rejected", "ref_chosen", "ref_rejected")):
        counts = given[name.removeprefix("ref_") + "_mask"]
        moved[name] = np.where(counts, given[name], -7.0 - n * n)
    return close(call(moved)[0], call(given)[0])


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    """All (batch, time); returns the loss and the rewards (batch,) of chosen and rejected."""
    return 0.0, np.zeros(len(chosen)), np.zeros(len(chosen))  # TODO: yours.
'''

SOLUTION = """import numpy as np


def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    def total(log_p, mask):  # (batch, time) → (batch,)
        return np.where(mask, log_p, 0.0).sum(axis=1)

    better = beta * (total(chosen, chosen_mask) - total(ref_chosen, chosen_mask))
    worse = beta * (total(rejected, rejected_mask) - total(ref_rejected, rejected_mask))
    loss = np.logaddexp(0, -(better - worse)).mean()  # −log σ(x) = log(1 + exp(−x))
    return loss, better, worse
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = changed(SOLUTION, old, new)
    return pair(zh, en), pair(hint_zh, hint_en), changed(source, *more) if more else source


TOTAL = "np.where(mask, log_p, 0.0).sum(axis=1)"
LOSS = "np.logaddexp(0, -(better - worse))"
REF_CHOSEN = "(total(chosen, chosen_mask) - total(ref_chosen, chosen_mask))"
REF_REJECTED = "(total(rejected, rejected_mask) - total(ref_rejected, rejected_mask))"
WRONG = {
    "log of a finished sigmoid": mistake(
        "差为负几千时损失成了 ∞：那里 σ 算出来是 0，1 + exp(−差) 是 ∞",
        "infinite at a margin of minus thousands: there σ is 0, and 1 + exp(−margin) is ∞",
        "−log σ(x) = log(1 + exp(−x))，用 logaddexp(0, −x)。",
        "−log σ(x) = log(1 + exp(−x)): use logaddexp(0, −x).",
        LOSS,
        "-np.log(1 / (1 + np.exp(-(better - worse))))",
    ),
    "log of sigma plus epsilon": mistake(
        "log(σ + 1e-8)：损失被截在 18.4",
        "log(σ + 1e-8): the loss stops at 18.4",
        "差为 −1000 时损失应为 1000；用 logaddexp。",
        "At a margin of −1000 the loss is 1000; use logaddexp.",
        LOSS,
        "-np.log(1 / (1 + np.exp(-(better - worse))) + 1e-8)",
    ),
    "margin clipped": mistake(
        "先把奖励之差截到 ±50，损失也截在 50",
        "the margin is clipped to ±50 first: the loss stops at 50",
        "差为 −1000 时损失应为 1000；logaddexp 不用截断。",
        "At a margin of −1000 the loss is 1000; logaddexp needs no clipping.",
        LOSS,
        "np.logaddexp(0, -np.clip(better - worse, -50, 50))",
    ),
    "probabilities multiplied out": mistake(
        "先把概率乘出来再相除，长回答下溢成 0",
        "probabilities are multiplied out and divided: they underflow to 0",
        "只加减 log 概率，不要取 exp。",
        "Add and subtract log-probabilities; take no exp.",
        TOTAL,
        "np.log(np.exp(np.where(mask, log_p, 0.0).sum(axis=1)))",
    ),
    "no reference": mistake(
        "没有减去参考模型",
        "the reference is not subtracted",
        "比的是相对参考模型变了多少。",
        "What counts is the change against the reference.",
        " - total(ref_chosen, chosen_mask)",
        "",
        " - total(ref_rejected, rejected_mask)",
        "",
    ),
    "reference of chosen only": mistake(
        "落选的回答没有减参考模型",
        "the reference is subtracted for the chosen answer only",
        "两边各减各的参考。",
        "Each side has its own reference.",
        " - total(ref_rejected, rejected_mask)",
        "",
    ),
    "references exchanged": mistake(
        "两边的参考模型用反了",
        "the references of the two sides are exchanged",
        "chosen 减 ref_chosen，rejected 减 ref_rejected。",
        "chosen less ref_chosen, rejected less ref_rejected.",
        REF_CHOSEN,
        "(total(chosen, chosen_mask) - total(ref_rejected, rejected_mask))",
        REF_REJECTED,
        "(total(rejected, rejected_mask) - total(ref_chosen, chosen_mask))",
    ),
    "mean over tokens": mistake(
        "对 token 取了平均，不是求和",
        "a mean over tokens, not a sum",
        "回答的 log 概率是各 token 之和。",
        "The log-probability of an answer is the sum over its tokens.",
        TOTAL,
        "np.where(mask, log_p, 0.0).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)",
    ),
    "mask ignored": mistake(
        "没有用掩码，提示词和填充也算进去了",
        "the mask is not used: prompt and padding count",
        "只加 mask 为 True 的 token。",
        "Sum only where the mask is True.",
        TOTAL,
        "log_p.sum(axis=1)",
    ),
    "masked by a product": mistake(
        "用乘法做掩码：−∞ × 0 得 NaN",
        "masked by a product: −∞ × 0 is NaN",
        "用 np.where 换成 0。",
        "Put 0 there with np.where.",
        "np.where(mask, log_p, 0.0)",
        "(log_p * mask)",
    ),
    "first token left out": mistake(
        "漏了回答的第一个 token（掩码多错开了一位）",
        "the first token of each answer is left out (the mask is shifted once too often)",
        "这里的 log 概率已经和 token 对齐，掩码不用再错位。",
        "The log-probabilities are aligned with the tokens already; do not shift the mask.",
        TOTAL,
        "np.where(mask[:, :-1] & mask[:, 1:], log_p[:, 1:], 0.0).sum(axis=1)",
    ),
    "last token left out": mistake(
        "漏了回答的最后一个 token",
        "the last token of each answer is left out",
        "最后一个 token 也是回答的一部分，常常是结束符。",
        "The last token, often the end-of-sequence token, belongs to the answer, too.",
        TOTAL,
        "np.where(mask[:, :-1] & mask[:, 1:], log_p[:, :-1], 0.0).sum(axis=1)",
    ),
    "beta left out": mistake(
        "没有乘 beta",
        "beta is left out",
        "奖励是 beta 乘 log 比值，损失用的也是它。",
        "A reward is beta times the log-ratio, and the loss takes these rewards.",
        "better = beta * (",
        "better = (",
        "worse = beta * (",
        "worse = (",
    ),
    "beta outside": mistake(
        "beta 乘在了损失外面",
        "beta multiplies the loss, not the margin",
        "beta 在 σ 里面。",
        "beta belongs inside of the sigmoid.",
        LOSS,
        "beta * np.logaddexp(0, -(better - worse) / beta)",
    ),
    "beta divides": mistake(
        "除以了 beta",
        "divided by beta",
        "奖励是 beta 乘 log 比值。",
        "A reward is beta times the log-ratio.",
        "better = beta * (",
        "better = 1 / beta * (",
        "worse = beta * (",
        "worse = 1 / beta * (",
    ),
    "beta on the policy only": mistake(
        "beta 只乘了策略，没有乘参考",
        "beta multiplies the policy only, not the reference",
        "先相减，再乘 beta。",
        "Subtract first, then multiply by beta.",
        REF_CHOSEN,
        "total(chosen, chosen_mask) - total(ref_chosen, chosen_mask)",
        REF_REJECTED,
        "total(rejected, rejected_mask) - total(ref_rejected, rejected_mask)",
    ),
    "chosen and rejected exchanged": mistake(
        "差的符号反了：让落选的回答变得更可能",
        "the margin has the wrong sign: the rejected answer is made more probable",
        "是 −log σ(chosen 的奖励 − rejected 的奖励)。",
        "It is −log σ(reward of chosen − reward of rejected).",
        LOSS,
        "np.logaddexp(0, better - worse)",
    ),
    "log sigma without the minus": mistake(
        "少了负号：最大化的是损失",
        "the minus is missing: log σ is returned",
        "损失是 −log σ，不会是负的。",
        "The loss is −log σ and never negative.",
        LOSS,
        "-np.logaddexp(0, -(better - worse))",
    ),
    "hinge in place of log sigma": mistake(
        "用了合页损失 max(0, 1 − 差)",
        "a hinge, max(0, 1 − margin), in place of −log σ",
        "题目要的是 −log σ(差)。",
        "The statement wants −log σ(margin).",
        LOSS,
        "np.maximum(0, 1 - (better - worse))",
    ),
    "mean before the sigmoid": mistake(
        "先对 batch 平均，再取 −log σ",
        "the margins are averaged before −log σ",
        "每一对先算损失，再平均。",
        "Take the loss of each pair, then the mean.",
        LOSS,
        "np.logaddexp(0, -(better - worse).mean())",
    ),
    "sum over the batch": mistake(
        "对 batch 求了和，没有平均",
        "a sum over the batch, not a mean",
        "除以对数。",
        "Divide by the number of pairs.",
        ").mean()  #",
        ").sum()  #",
    ),
    "rewards without beta": mistake(
        "损失对了，返回的奖励没有乘 beta",
        "the loss is right, but the rewards come without beta",
        "奖励是 beta 乘 log 比值。",
        "A reward is beta times the log-ratio.",
        "return loss, better, worse",
        "return loss, better / beta, worse / beta",
    ),
    "rewards exchanged": mistake(
        "损失对了，返回的两个奖励顺序反了",
        "the loss is right, but the two rewards come in the wrong order",
        "先返回选中的，再返回落选的。",
        "First the rewards of the chosen, then those of the rejected answers.",
        "return loss, better, worse",
        "return loss, worse, better",
    ),
}
VARIANTS = {
    "one sum of differences, stable by the sign": """
import numpy as np
def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    rewards = []
    for policy, reference, mask in (
        (chosen, ref_chosen, chosen_mask),
        (rejected, ref_rejected, rejected_mask),
    ):
        change = np.zeros(mask.shape)
        change[mask] = policy[mask] - reference[mask]
        rewards.append(beta * change.sum(axis=1))
    x = rewards[0] - rewards[1]
    return np.mean(np.log1p(np.exp(-np.abs(x))) + np.maximum(-x, 0)), *rewards
""",
    "softmax cross-entropy over the two rewards": """
import numpy as np
def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    def total(log_p, mask):
        return np.array([sum(row[keep]) for row, keep in zip(log_p, mask)], dtype=float)
    better = beta * (total(chosen, chosen_mask) - total(ref_chosen, chosen_mask))
    worse = beta * (total(rejected, rejected_mask) - total(ref_rejected, rejected_mask))
    return (np.logaddexp(better, worse) - better).mean(), better, worse
""",
    "loops in float32": """
import numpy as np
def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    losses, better, worse = [], [], []
    for i in range(len(chosen)):
        c, r = chosen_mask[i], rejected_mask[i]
        f = lambda x: x.astype(np.float32).sum()
        better.append(beta * (f(chosen[i][c]) - f(ref_chosen[i][c])))
        worse.append(beta * (f(rejected[i][r]) - f(ref_rejected[i][r])))
        losses.append(np.logaddexp(np.float32(0), worse[-1] - better[-1]))
    return sum(losses) / len(losses), better, worse
""",
}
PROBLEM = {
    "name": "dpo",
    "function": "dpo",
    "outputs": ["loss", "reward of chosen", "reward of rejected"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair(
                "策略等于参考模型时，损失不是 ln 2",
                "with the policy at the reference, the loss is not ln 2",
            ),
            same_tokens_give_log_two,
        ),
        (
            pair(
                "两个回答对调，损失增加的不是返回的奖励之差（对各对平均）",
                "exchanging the answers does not add the mean difference of the returned rewards",
            ),
            exchange_costs_the_margin,
        ),
        (
            pair("不计入的 token 改变了损失", "a token that does not count changes the loss"),
            prompt_and_padding_do_not_count,
        ),
    ],
    "hints": [
        pair(
            "一个回答的 log 概率：np.where(mask, log_p, 0).sum(axis=1)。",
            "The log-probability of an answer: np.where(mask, log_p, 0).sum(axis=1).",
        ),
        pair(
            "奖励是 beta ×（策略的 log 概率 − 参考模型的）。",
            "A reward is beta × (log-probability under the policy − under the reference).",
        ),
        pair(
            "损失是 −log σ(chosen 的奖励 − rejected 的奖励)。",
            "The loss is −log σ(reward of chosen − reward of rejected).",
        ),
        pair(
            "−log σ(x) 写成 np.logaddexp(0, −x)，不会溢出；最后对各对平均。",
            "Write −log σ(x) as np.logaddexp(0, −x), which cannot overflow; then the mean over pairs.",
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
verdict = judge(WRONG["mean over tokens"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
