"""Whether a program gives the same when it runs again."""

import ast
import itertools

from handbook.program import Program, tree_of
from handbook.sandbox.result import Failure, Result

# Names by which a program can learn what is different in each run: clock, addresses, paths,
# processes, chance without a seed. A program that uses one runs twice before it has a record.
CLOCK = {"monotonic", "now", "perf_counter", "process_time", "thread_time", "time_ns", "today"}
PLACE = {"__file__", "getcwd", "getpid", "getsource", "id", "mkdtemp", "mkstemp", "object"}
ORDER = {"Pool", "Process", "ProcessPoolExecutor", "Thread", "ThreadPoolExecutor", "as_completed"}
CHANCE = {"SystemRandom", "rand", "randn", "token_hex", "urandom", "uuid1", "uuid4"}
SUSPECT = CLOCK | PLACE | ORDER | CHANCE
UNSEEDED = {"Random", "RandomState", "default_rng"}  # when they are called without an argument


def is_suspect(program: Program) -> bool:
    """Whether something in a program's code could be different in each run."""
    nodes = (node for part in program.parts for node in ast.walk(tree_of(part.code)))
    return any(_is_suspect(node) for node in nodes)


def _is_suspect(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        return _name(node.func) in SUSPECT | UNSEEDED or _is_attribute(node.func, "time", "time")
    if _is_attribute(node, "random") and node.attr not in {"seed", "Random", "default_rng"}:
        return node.attr in vars(__import__("random"))
    return _name(node) in SUSPECT


def _name(node: ast.AST) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _is_attribute(node: ast.AST, module: str, name: str = "") -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == module
        and name in ("", node.attr)
    )


def difference(program: Program, first: Result, second: Result) -> Failure | None:
    """What a second run of a program gave otherwise; None if nothing.

    Args:
        program: what ran twice.
        first: what it gave.
        second: what it gave then.
    """
    if second.failure:
        return second.failure
    for number, part in enumerate(program.parts):
        lines = (result.outputs[number].split("\n") for result in (first, second))
        for one, other in itertools.zip_longest(*lines, fillvalue=""):
            if one != other:
                details = {"what": f"{one!r} became {other!r}"}
                return Failure("does not repeat", part.file, part.line, details)
        if first.figures[number] != second.figures[number]:
            details = {"what": "its figure"}
            return Failure("does not repeat", part.file, part.line, details)
    for expression, texts in first.values.items():
        if texts != second.values[expression]:
            details = {
                "what": f"`{expression}` was {texts[-1]} and became {second.values[expression][-1]}"
            }
            last = program.parts[-1]
            return Failure("does not repeat", last.file, last.line, details)
    return None
