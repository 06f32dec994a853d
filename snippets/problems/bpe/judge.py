# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Judge of byte-pair encoding: uv run judge.py my_attempt.py --watch"""

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


def oracle(words, merges, text):
    """Trains with one scan after another; encodes one place at a time."""
    spelled, learned = [list(word.encode()) for word in words], []
    for new in range(256, 256 + merges):
        count = {}
        for ids, times in zip(spelled, words.values(), strict=True):
            for i in range(len(ids) - 1):
                here = (ids[i], ids[i + 1])
                count[here] = count.get(here, 0) + times
        if not count:
            break
        most = max(count.values())
        best = min(pair for pair in count if count[pair] == most)
        for ids in spelled:
            i = 0
            while i < len(ids) - 1:
                if (ids[i], ids[i + 1]) == best:
                    ids[i : i + 2] = [new]
                i += 1
        learned.append(best)
    encoded = list(text.encode())
    while places := [
        (learned.index(pair), i) for i, pair in enumerate(pairwise(encoded)) if pair in learned
    ]:
        rank, i = min(places)  # the pair learned first, at its leftmost place
        encoded[i : i + 2] = [256 + rank]
    return np.array(learned, dtype=int).reshape(-1, 2), np.array(encoded, dtype=int)


def call(bpe, given):
    answer = bpe(given["words"], given["merges"], given["text"])
    if isinstance(answer, (tuple, list)) and len(answer) == 2 and np.shape(answer[0]) == (0,):
        return np.zeros((0, 2)), answer[1]  # an empty list of pairs
    return answer


# --8<-- [end:oracle]
# --8<-- [start:cases]
def cases():
    def case(zh, en, words, merges, text):
        return pair(zh, en), {"words": words, "merges": merges, "text": text}

    low = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    return [
        case("一次合并", "one merge", {"ab": 2}, 1, "ab"),
        case("没有词", "no words", {}, 3, "ab"),
        case("不合并", "no merges", {"ab": 2}, 0, "ab"),
        case("要编码的词是空的", "nothing to encode", {"ab": 2}, 1, ""),
        case("只有一个字节", "a single byte", {"a": 3, "": 1}, 2, "a"),
        case("可合并的对不够", "the pairs run out", {"ab": 1}, 5, "cab"),
        case("并列：左边不同", "a tie, decided on the left", {"ba": 1, "ab": 1}, 1, "bab"),
        case("并列：右边不同", "a tie, decided on the right", {"ac": 2, "ab": 2}, 1, "acab"),
        case(
            "并列：一边是合并出来的 token",
            "a tie with a merged token",
            {"ab": 1, "abx": 2, "cd": 2},
            3,
            "abxcd",
        ),
        case("词的次数", "counts of words", {"ab": 1, "abx": 1, "cd": 5}, 1, "cdab"),
        case("aaa", "aaa", {"aaa": 1}, 1, "aaa"),
        case(
            "重叠的对，次数多于 bc",
            "overlapping pairs, more than bc",
            {"aaaa": 2, "bc": 5},
            1,
            "aaaaa",
        ),
        case(
            "重叠的对，三次合并", "overlapping pairs, three merges", {"aaaaaaa": 1}, 3, "aaaaaaaaa"
        ),
        case("一个词里出现两次", "twice in one word", {"abab": 2, "cd": 3}, 2, "ababcdab"),
        case("bc 先于 ab", "bc before ab", {"bc": 3, "ab": 2}, 2, "abc"),
        case("ab、bc、cd", "ab, bc, cd", {"bc": 5, "ab": 3, "cd": 3}, 3, "abcdab"),
        case(
            "最长匹配也不最少", "longest match is not the fewest", {"abc": 5, "cde": 4}, 4, "abcde"
        ),
        case("先有 abc，后有 ab", "abc before ab", {"abc": 3, "bc": 5, "ab": 2}, 3, "abcab"),
        case("第一条合并用不上", "the first merge is of no use", {"xy": 5, "ab": 3}, 2, "abc"),
        case(
            "空格和大写", "a space and a capital", {" The": 3, "the": 2, "The": 1}, 4, " Then the"
        ),
        case(
            "两个字节和三个字节的字",
            "characters of two and three bytes",
            {"né": 2, "你": 3},
            3,
            "né你好é",
        ),
        case("中间和末尾有空格", "spaces inside and at the end", {"a b ": 3}, 3, "a b "),
        case("Ω，码点是 U+2126", "Ω, the code point U+2126", {"\u2126": 2}, 2, "\u2126"),
        case(
            "先出现的对在编码里更多", "counts in the text differ", {"bc": 3, "ab": 2}, 2, "ababbcab"
        ),
        case(
            "各自都常见的两边",
            "parts that are frequent by themselves",
            {"ab": 5, "ax": 5, "yb": 5, "ay": 4, "qz": 3},
            2,
            "qzab",
        ),
        case("合并后邻居变了", "neighbours change", {"abc": 5, "bcd": 4, "cdx": 3}, 4, "abcdx"),
        case("未见过的词", "a word never seen", low, 6, "lowest"),
        case("未见过的词，十次合并", "a word never seen, ten merges", low, 10, "slow newestlower"),
    ]


def spells_the_text(call, given):
    learned, encoded = call(given)
    spelled = [bytes([i]) for i in range(256)]
    for left, right in np.asarray(learned).tolist():
        spelled.append(spelled[int(left)] + spelled[int(right)])
    return b"".join(spelled[int(i)] for i in np.asarray(encoded)) == given["text"].encode()


def order_of_words_changes_nothing(call, given):
    words = dict(reversed(given["words"].items()))
    return same(call(given), call(given | {"words": words}))


def same(one, other):
    return all(np.shape(a) == np.shape(b) and close(a, b) for a, b in zip(one, other, strict=True))


# --8<-- [end:cases]
# --8<-- [start:problem]
STARTER = '''import numpy as np


def bpe(words, merges, text):
    """words: {word: count}; returns learned pairs, (n, 2), and the tokens of text, (m,)."""
    return np.zeros((0, 2), dtype=int), np.zeros(0, dtype=int)  # TODO: yours.
'''

SOLUTION = """from collections import Counter
from itertools import pairwise

import numpy as np


def merge(ids, pair, new):
    out, i = [], 0
    while i < len(ids):
        found = tuple(ids[i : i + 2]) == pair
        out.append(new if found else ids[i])
        i += 2 if found else 1
    return out


def bpe(words, merges, text):
    spelled = [(list(word.encode()), count) for word, count in words.items()]
    learned = []
    while len(learned) < merges:
        pairs = Counter()
        for ids, count in spelled:
            for pair in pairwise(ids):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        new = 256 + len(learned)
        spelled = [(merge(ids, best, new), count) for ids, count in spelled]
        learned.append(best)
    encoded = list(text.encode())
    for rank, pair in enumerate(learned):
        encoded = merge(encoded, pair, 256 + rank)
    return np.array(learned, dtype=int).reshape(-1, 2), np.array(encoded, dtype=int)
"""


def mistake(zh, en, hint_zh, hint_en, old, new, *more):
    source = SOLUTION
    for one, other in zip((old, *more[::2]), (new, *more[1::2]), strict=True):
        source = changed(source, one, other)
    return pair(zh, en), pair(hint_zh, hint_en), source


COUNT = """            for pair in pairwise(ids):
                pairs[pair] += count
"""
LOOP = """    while len(learned) < merges:
        pairs = Counter()
        for ids, count in spelled:
            for pair in pairwise(ids):
                pairs[pair] += count
"""
BEST = "min(pairs, key=lambda pair: (-pairs[pair], pair))"
SPELL = "[(list(word.encode()), count) for word, count in words.items()]"
RETRAIN = "        spelled = [(merge(ids, best, new), count) for ids, count in spelled]\n"
ENCODE = """    encoded = list(text.encode())
    for rank, pair in enumerate(learned):
        encoded = merge(encoded, pair, 256 + rank)
"""
GREEDY = """    encoded = list(text.encode())
    rank = {pair: 256 + i for i, pair in enumerate(learned)}
    while found := [pair for pair in pairwise(encoded) if pair in rank]:
        best = @
        encoded = merge(encoded, best, rank[best])
"""
BYTES = """    spell = {i: bytes([i]) for i in range(256)}
    for i, (left, right) in enumerate(learned):
        spell[256 + i] = spell[left] + spell[right]
"""
WRONG = {
    "counts ignored": mistake(
        "没有乘词的次数：每个词只数了一遍",
        "the counts of the words are ignored: each word counts once",
        "对的次数要加上词的次数 count，不是 1。",
        "A pair in a word counts as often as the word: add count, not 1.",
        "pairs[pair] += count",
        "pairs[pair] += 1",
    ),
    "pairs once per word": mistake(
        "一个词里出现两次的对只数了一次",
        "a pair that stands twice in a word is counted once",
        "每个位置都要数，不要先放进 set。",
        "Count every place; do not take a set of the word's pairs.",
        "in pairwise(ids):\n                pairs",
        "in set(pairwise(ids)):\n                pairs",
    ),
    "overlaps not counted": mistake(
        "重叠的对没有都数：aaa 里 (a, a) 只数了一次",
        "overlapping pairs are skipped: (a, a) is counted once in aaa",
        "题目按位置数：aaa 里有两个 (a, a)。",
        "The statement counts places: aaa has (a, a) twice.",
        COUNT,
        """            i = 0
            while i < len(ids) - 1:
                pairs[ids[i], ids[i + 1]] += count
                i += 2 if ids[i : i + 3] == ids[i : i + 1] * 3 else 1
""",
    ),
    "pairs across words": mistake(
        "跨词数了对：所有词接成了一串",
        "pairs across words are counted: the words are strung together",
        "每个词各数各的，词与词之间不成对。",
        "Count each word by itself; the end of one and the start of the next are no pair.",
        SPELL,
        "[([i for word, n in words.items() for i in word.encode() * n], 1)]",
    ),
    "ties: seen first": mistake(
        "并列时取了先遇到的对",
        "a tie goes to the pair that was seen first",
        "并列时取 id 小的：先比左边，再比右边。",
        "A tie goes to the smaller ids: the left ones first, then the right ones.",
        BEST,
        "max(pairs, key=pairs.get)",
    ),
    "ties: the greater pair": mistake(
        "并列时取了 id 大的对（CS336 的作业和 subword-nmt 取大的，比的是 token 本身）",
        "a tie goes to the greater pair (as in CS336 and subword-nmt, which compare the tokens themselves)",
        "这道题取小的：key 里次数取负，对不取负。",
        "Here the smaller one wins: negate the count in the key, not the pair.",
        BEST,
        "max(pairs, key=lambda pair: (pairs[pair], pair))",
    ),
    "ties: by the bytes": mistake(
        "并列时比的是 token 的字节，不是 id",
        "a tie is decided by the bytes of the tokens, not by their ids",
        "合并出来的 token 的 id 从 256 起，比所有字节都大。",
        "Merged tokens have ids from 256 and come after all bytes.",
        BEST,
        "min(pairs, key=lambda pair: (-pairs[pair], spell(learned, pair[0]), spell(learned, pair[1])))",
        "def bpe(",
        """def spell(learned, i):
    return bytes([i]) if i < 256 else b"".join(spell(learned, j) for j in learned[i - 256])


def bpe(""",
    ),
    "ties: the left id only": mistake(
        "并列时只比了左边的 id",
        "a tie is decided by the left id alone",
        "左边相同，再比右边。",
        "Where the left ids are equal, compare the right ones.",
        "-pairs[pair], pair)",
        "-pairs[pair], pair[0])",
    ),
    "score of WordPiece": mistake(
        "用了 WordPiece 的分数：对的次数除以两边各自的次数",
        "the score of WordPiece: the count of the pair over those of its parts",
        "BPE 只看对的次数。",
        "BPE asks for the count of the pair alone.",
        BEST,
        "min(pairs, key=lambda pair: (-pairs[pair] / single[pair[0]] / single[pair[1]], pair))",
        "        if not pairs:",
        """        single = Counter()
        for ids, count in spelled:
            for i in ids:
                single[i] += count
        if not pairs:""",
    ),
    "counted once and for all": mistake(
        "只在开头数了一次，取了最多的几对",
        "counted once at the start: the most frequent pairs of bytes",
        "每合并一次，对就变了，要重新数。",
        "Each merge changes the pairs; count again.",
        LOOP,
        """    pairs = Counter()
    for ids, count in spelled:
        for pair in pairwise(ids):
            pairs[pair] += count
    while len(learned) < merges:
""",
        "        learned.append(best)\n",
        "        learned.append(best)\n        del pairs[best]\n",
    ),
    "old neighbours still count": mistake(
        "增量更新时，合并处两侧的旧对没有减掉",
        "counts are updated, but the old pairs beside a merge are not taken off",
        "x a b 变成 x ab：(x, a) 要减，(x, ab) 要加；右边也一样。",
        "When x a b becomes x ab, (x, a) loses what (x, ab) gains; the same on the right.",
        LOOP,
        """    pairs = Counter()
    for ids, count in spelled:
        for pair in pairwise(ids):
            pairs[pair] += count
    while len(learned) < merges:
""",
        "        learned.append(best)\n",
        """        learned.append(best)
        del pairs[best]
        for ids, count in spelled:
            for pair in pairwise(ids):
                if new in pair:
                    pairs[pair] += count
""",
    ),
    "a pair that occurs once": mistake(
        "次数为 1 的对没有合并就停了",
        "training stops where the most frequent pair occurs once",
        "题目没有最低次数：有对就合并。",
        "The statement has no least count: merge as long as there are pairs.",
        "if not pairs:",
        "if not pairs or max(pairs.values()) < 2:",
    ),
    "error when pairs run out": mistake(
        "没有对可合并时报错",
        "an error when no pairs are left",
        "没有对就停：learned 可以比 merges 短。",
        "Stop when there are no pairs: learned may be shorter than merges.",
        """        if not pairs:
            break
""",
        "",
    ),
    "code points": mistake(
        "用了字符的码点，不是 UTF-8 字节",
        "code points of characters instead of their UTF-8 bytes",
        "先 encode()：每个字节都小于 256，“你”是三个字节。",
        "Use encode() first: every byte is below 256, and 你 is three of them.",
        "list(word.encode())",
        "[ord(c) for c in word]",
        "list(text.encode())",
        "[ord(c) for c in text]",
    ),
    "an end mark": mistake(
        "每个词后面加了词尾标记 _",
        "an end mark _ is added to each word",
        "题目的词原样编码，不加标记。",
        "Words are encoded as they are, without a mark.",
        "list(word.encode())",
        'list(word.encode() + b"_")',
        "list(text.encode())",
        'list(text.encode() + b"_")',
    ),
    "split at spaces": mistake(
        "先按空格切开，各编各的（GPT-2 的预切分），空格前后的对就没有合并",
        "split at spaces first (as GPT-2 does), so that pairs across the split are not merged",
        "题目里 text 是一个词，空格和别的字节一样。",
        "Here text is one word, and a space is a byte like others.",
        ENCODE,
        """    encoded = []
    for part in re.findall(r" ?[^ ]+| +", text):
        ids = list(part.encode())
        for rank, pair in enumerate(learned):
            ids = merge(ids, pair, 256 + rank)
        encoded += ids
""",
        "import numpy as np\n",
        "import re\n\nimport numpy as np\n",
    ),
    "text is normalized": mistake(
        "先做了 Unicode 归一化：U+2126 变成了 U+03A9",
        "the text is normalized first (Unicode): U+2126 becomes U+03A9",
        "题目没有这一步：UTF-8 字节原样编码。",
        "The statement has no such step: take the UTF-8 bytes as they are.",
        "list(word.encode())",
        'list(unicodedata.normalize("NFC", word).encode())',
        "list(text.encode())",
        'list(unicodedata.normalize("NFC", text).encode())',
        "import numpy as np\n",
        "import unicodedata\n\nimport numpy as np\n",
    ),
    "spaces are lost": mistake(
        "编码前去掉了两头的空格",
        "spaces at both ends are taken off before encoding",
        "空格也是字节，要原样编码。",
        "A space is a byte like others; encode the text as it is.",
        "list(text.encode())",
        "list(text.strip().encode())",
    ),
    "merges taken for the vocabulary": mistake(
        "把 merges 当成了词表大小，里面已含 256 个字节",
        "merges is taken for the size of the vocabulary, the 256 bytes included",
        "merges 是合并的次数。",
        "merges is the number of merges.",
        "len(learned) < merges",
        "256 + len(learned) < merges",
    ),
    "ids from 257": mistake(
        "新 token 的 id 从 257 起",
        "the ids of new tokens begin at 257",
        "字节占 0 到 255，第一个新 id 是 256。",
        "Bytes take 0 to 255, so the first new id is 256.",
        "new = 256 +",
        "new = 257 +",
        "pair, 256 + rank",
        "pair, 257 + rank",
    ),
    "merged from the right": mistake(
        "从右往左合并：aaa 变成 a aa",
        "merged from the right: aaa becomes a aa",
        "从左往右扫，合并后跳过两个。",
        "Scan from the left and skip both after a merge.",
        """    out, i = [], 0
    while i < len(ids):
        found = tuple(ids[i : i + 2]) == pair
        out.append(new if found else ids[i])
        i += 2 if found else 1
    return out
""",
        """    out, i = [], len(ids) - 1
    while i >= 0:
        found = i and (ids[i - 1], ids[i]) == pair
        out.append(new if found else ids[i])
        i -= 2 if found else 1
    return out[::-1]
""",
    ),
    "overlapping merges": mistake(
        "合并之后只前进了一步，一个 token 用了两次",
        "after a merge the scan moves one step, so a token is used twice",
        "合并用掉两个 token，前进两步。",
        "A merge takes two tokens: move two steps.",
        "i += 2 if found else 1",
        "i += 1",
    ),
    "one place per word": mistake(
        "一个词里只合并了第一处",
        "only the first place in a word is merged",
        "同一个对在词里的每一处都要合并。",
        "Merge the pair at every place of the word.",
        "        i += 2 if found else 1\n",
        "        i += 2 if found else 1\n        if found:\n            return out + ids[i:]\n",
    ),
    "one place in the text": mistake(
        "编码时每条合并只用了一处",
        "in encoding, each merge is applied at one place only",
        "一条合并要用遍整个词，再看下一条。",
        "Apply a merge at every place of the word before the next.",
        "        encoded = merge(encoded, pair, 256 + rank)\n",
        """        at = next((i for i in range(len(encoded)) if tuple(encoded[i : i + 2]) == pair), None)
        if at is not None:
            encoded[at : at + 2] = [256 + rank]
""",
    ),
    "stops at a merge that is absent": mistake(
        "编码时遇到用不上的合并就停了",
        "encoding stops at the first merge that the word lacks",
        "用不上就看下一条：continue，不是 break。",
        "Go on with the next merge: continue, not break.",
        "        encoded = merge(encoded, pair, 256 + rank)\n",
        """        if pair not in pairwise(encoded):
            break
        encoded = merge(encoded, pair, 256 + rank)
""",
    ),
    "leftmost pair first": mistake(
        "编码时从左起，见到能合并的对就合并",
        "encoding merges the leftmost pair that it knows",
        "先合并学得最早的，不是最左的。",
        "The pair learned first comes first, not the leftmost.",
        ENCODE,
        GREEDY.replace("@", "found[0]"),
    ),
    "in order of ids": mistake(
        "编码时按 id 的大小排了合并的次序",
        "the merges are sorted by ids before they are replayed",
        "次序就是学到的次序，不要排序。",
        "The order is the one in which they were learned; do not sort.",
        "rank, pair in enumerate(learned)",
        "rank, pair in sorted(enumerate(learned), key=lambda one: one[1])",
    ),
    "learned last first": mistake(
        "编码时先合并学得最晚的对",
        "encoding merges the pair learned last first",
        "次序和训练一样：学得最早的先合并。",
        "The order is that of training: learned first, merged first.",
        ENCODE,
        GREEDY.replace("@", "max(found, key=rank.get)"),
    ),
    "counts in the text": mistake(
        "编码时又数了一遍：先合并这个词里最多的对",
        "encoding counts again and merges what is frequent in this word",
        "编码不数次数，只看合并的先后。",
        "Encoding counts nothing; only the order of the merges matters.",
        ENCODE,
        GREEDY.replace("@", "min(found, key=lambda pair: (-found.count(pair), rank[pair]))"),
    ),
    "longest match": mistake(
        "编码用了最长匹配（WordPiece 的做法）",
        "encoding takes the longest match (as WordPiece does)",
        "按学到的次序重放合并；最长的 token 不一定出现。",
        "Replay the merges in the order learned; the longest token need not come out.",
        ENCODE,
        BYTES
        + """    whole, encoded = text.encode(), []
    while whole:
        best = max((i for i in spell if whole.startswith(spell[i])), key=lambda i: len(spell[i]))
        encoded.append(best)
        whole = whole[len(spell[best]) :]
""",
    ),
    "fewest tokens": mistake(
        "编码求了最少的 token 数",
        "encoding looks for the fewest tokens",
        "BPE 是贪心的：只重放合并，不保证最少。",
        "BPE is greedy: it replays the merges and does not promise the fewest.",
        ENCODE,
        BYTES
        + """    whole, ways = text.encode(), [[]]
    for end in range(1, len(whole) + 1):
        fits = [i for i in spell if whole[:end].endswith(spell[i])]
        ways.append(min((ways[end - len(spell[i])] + [i] for i in fits), key=len))
    encoded = ways[-1]
""",
    ),
    "the last token grows": mistake(
        "编码时只扫一遍：能并进前一个 token 就并",
        "encoding goes through once and lets the last token grow where it can",
        "后面的对可能学得更早，要先合并。",
        "A pair further right may have been learned before; it comes first.",
        ENCODE,
        """    rank, encoded = {pair: 256 + i for i, pair in enumerate(learned)}, []
    for i in text.encode():
        encoded.append(i)
        while tuple(encoded[-2:]) in rank:
            encoded[-2:] = [rank[tuple(encoded[-2:])]]
""",
    ),
    "the text needs a pair": mistake(
        "要编码的词不足两个字节时报错",
        "an error where the word to encode has fewer than two bytes",
        "没有对时 min 会报错：先看长度。",
        "min fails where there are no pairs: look at the length first.",
        ENCODE,
        """    encoded = list(text.encode())
    rank = {pair: i for i, pair in enumerate(learned)}
    while True:
        best = min(pairwise(encoded), key=lambda pair: rank.get(pair, len(rank)))
        if best not in rank:
            break
        encoded = merge(encoded, best, 256 + rank[best])
""",
    ),
    "merges of the last call": mistake(
        "合并表是全局的，上一次调用学到的还在",
        "the table of merges is global and keeps what the last call learned",
        "合并表在函数里新建。",
        "Make the table inside the function.",
        ENCODE,
        """    TABLE.update({pair: 256 + i for i, pair in enumerate(learned)})
    encoded = list(text.encode())
    while found := [pair for pair in pairwise(encoded) if pair in TABLE]:
        best = min(found, key=TABLE.get)
        encoded = merge(encoded, best, TABLE[best])
""",
        "def bpe(",
        "TABLE = {}\n\n\ndef bpe(",
    ),
    "changes the words": mistake(
        "就地改动了传进来的 words",
        "the words that came in are changed in place",
        "别的程序可能还要用它；另建一份。",
        "Another program may still need them; make your own copy.",
        f"    spelled = {SPELL}\n",
        """    for word in list(words):
        words[tuple(word.encode())] = words.pop(word)
    spelled = [(list(word), count) for word, count in words.items()]
""",
    ),
}
VARIANTS = {
    "counts updated, a heap": """
import heapq
from collections import Counter, defaultdict
from itertools import pairwise
import numpy as np
def bpe(words, merges, text):
    spelled = [list(word.encode()) for word in words]
    times = list(words.values())
    pairs, where = Counter(), defaultdict(set)
    for w, ids in enumerate(spelled):
        for pair in pairwise(ids):
            pairs[pair] += times[w]
            where[pair].add(w)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    rank = {}
    while heap and len(rank) < merges:
        count, best = heapq.heappop(heap)
        if pairs[best] != -count or not count:
            continue
        new = rank[best] = 256 + len(rank)
        touched = set()
        for w in where.pop(best):
            old, ids, i = spelled[w], [], 0
            while i < len(old):
                found = tuple(old[i : i + 2]) == best
                ids.append(new if found else old[i])
                i += 2 if found else 1
            for one, sign in ((old, -1), (ids, 1)):
                for pair in zip(one, one[1:]):
                    pairs[pair] += sign * times[w]
                    touched.add(pair)
                    where[pair].add(w)
            spelled[w] = ids
        for pair in touched:
            heapq.heappush(heap, (-pairs[pair], pair))
    ids = list(text.encode())
    while len(ids) > 1:
        i = min(range(len(ids) - 1), key=lambda i: rank.get((ids[i], ids[i + 1]), np.inf))
        if (ids[i], ids[i + 1]) not in rank:
            break
        ids[i : i + 2] = [rank[ids[i], ids[i + 1]]]
    return list(rank), ids
""",
    "strings, one character for each token": """
def bpe(words, merges, text):
    spell = lambda word: "".join(map(chr, word.encode()))
    spelled = {spell(word): count for word, count in words.items()}
    learned, text = [], spell(text)
    for new in range(256, 256 + merges):
        counts = {}
        for word, count in spelled.items():
            for i in range(1, len(word)):
                counts[word[i - 1 : i + 1]] = counts.get(word[i - 1 : i + 1], 0) + count
        if counts:
            best = sorted(counts, key=lambda two: (-counts[two], two))[0]
            learned.append([ord(c) for c in best])
            text = text.replace(best, chr(new))
            spelled = {word.replace(best, chr(new)): count for word, count in spelled.items()}
    return learned, [ord(c) for c in text]
""",
    "one array for all words": """
import numpy as np
def replaced(ids, pair, new):
    match = (ids[:-1] == pair[0]) & (ids[1:] == pair[1])
    taken = np.zeros(len(ids), dtype=bool)
    for i in np.flatnonzero(match):
        taken[i + 1] = not taken[i]
    first = np.append(taken[1:], False)
    return np.where(first, new, ids)[~taken], ~taken
def bpe(words, merges, text):
    every = [np.frombuffer(word.encode(), np.uint8).astype(int) for word in words]
    ids = np.concatenate([np.append(one, -1) for one in every] + [[-1]]).astype(int)
    size = [len(one) + 1 for one in every] + [1]
    count = np.repeat(list(words.values()) + [0], size)
    learned, encoded = np.zeros((0, 2), int), np.array(list(text.encode()), dtype=int)
    for new in range(256, 256 + merges):
        inside = (ids[:-1] >= 0) & (ids[1:] >= 0)
        key, where = np.unique(ids[:-1][inside] * 1000 + ids[1:][inside], return_inverse=True)
        if not len(key):
            break
        best = key[np.bincount(where, weights=count[:-1][inside]).argmax()]
        two = (best // 1000, best % 1000)
        ids, kept = replaced(ids, two, new)
        count = count[kept]
        encoded, _ = replaced(encoded, two, new) if len(encoded) else (encoded, None)
        learned = np.append(learned, [two], axis=0)
    return learned.astype(np.float32), encoded
""",
}
PROBLEM = {
    "name": "bpe",
    "function": "bpe",
    "outputs": ["learned", "encoded"],
    "oracle": oracle,
    "call": call,
    "cases": cases,
    "wrong": WRONG,
    "properties": [
        (
            pair("encoded 拼回来的不是原来的词", "the tokens of encoded do not spell the text"),
            spells_the_text,
        ),
        (
            pair("把词倒过来排，结果变了", "the words in reverse order change the result"),
            order_of_words_changes_nothing,
        ),
    ],
    "hints": [
        pair(
            "先写一个函数：在一串 id 里，从左往右把一个对换成新 id。",
            "Begin with a function that replaces a pair by a new id, from left to right.",
        ),
        pair(
            "每一轮重新数：词里每个位置的对，加上这个词的次数。",
            "In each round count again: every place in a word adds the count of the word.",
        ),
        pair(
            "取 min，key 是 (−次数, 对)；没有对就停。",
            "Take the min with key (−count, pair); stop if there is no pair.",
        ),
        pair(
            "编码：把 text 的字节按学到的次序一条一条重放。",
            "To encode, replay the merges on the bytes of the text in the order learned.",
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
verdict = judge(WRONG["leftmost pair first"][2])
print(told(verdict, "zh", hints=1), told(verdict, "en", hints=1), sep="\n\n")
# --8<-- [end:verdict]
