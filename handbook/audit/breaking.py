"""Asserts that nothing is recorded to break, and changes that break them.

A contributor asks for changes to one program. Each is one line made wrong: another operator, a
dropped factor, another constant, an axis, a function taken away. The changed programs run in the
sandbox; what an assert stops is proposed as an entry for `mutations.yml`, without its claim.
"""

import ast
import copy
import dataclasses
import random
from collections.abc import Iterator

import yaml

from handbook.book.handbook import Handbook
from handbook.checks.asserts import asserts_are_broken, asserts_of
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.program import Part, Program, tree_of
from handbook.sandbox.server import Server

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
NAMES = {
    "max": "min", "min": "max", "mean": "sum", "sum": "mean", "argmax": "argmin",
    "argmin": "argmax", "cos": "sin", "sin": "cos", "exp": "log", "log": "exp",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Change:
    """One line of a program and what it becomes; the line stands in the program once."""

    old: str
    new: str


def unbroken(handbook: Handbook) -> list[Mistake]:
    """Every assert of a page's program that no recorded change breaks, by file and line."""
    pages = [page for language in LANGUAGES for page in handbook.pages(language)]
    found = {m for page in pages if not page.is_lab for m in asserts_are_broken(page, handbook)}
    return sorted(found)


def propose(handbook: Handbook, file: str, seconds: float) -> Iterator[str]:
    """Entries for `mutations.yml` that break asserts which no recorded change breaks.

    Args:
        handbook: whose program it is.
        file: the program, relative to the root.
        seconds: processor time that the trials may take.

    Raises:
        Mistakes: there is no such program.
    """
    if not (handbook.root / file).is_file():
        raise Mistakes([Mistake(file, 1, "there is no such program", "Name a file of snippets/.")])
    code = (handbook.root / file).read_text("utf-8")
    broken = {mutation.guard for mutation in handbook.broken(file)}
    missing = {line for line, _ in asserts_of(handbook, file)} - broken
    lines = code.splitlines()
    changes = list(changes_of(code))
    random.Random(0).shuffle(changes)
    server = Server(handbook.settings)
    try:
        for change in changes:
            if not missing or seconds <= 0:
                break
            changed = code.replace(change.old, change.new)
            result = server.run(Program(file, (Part(changed, file, 1),)))
            seconds -= max(result.cpu_seconds, 1.0 if result.failure else 0.0)
            failure = result.failure
            if not failure or failure.details.get("type") != "AssertionError":
                continue
            if failure.line in missing:
                missing.remove(failure.line)
                yield _entry(file, change, lines[failure.line - 1].strip())
    finally:
        server.close()


def changes_of(code: str) -> Iterator[Change]:
    """Every change of one line, outside asserts, whose line stands in the program once."""
    tree = tree_of(code)
    lines = code.splitlines()
    inside = {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        for number in range(node.lineno, node.end_lineno + 1)
    }
    seen = set()
    for node in ast.walk(tree):
        number = getattr(node, "lineno", 0)
        if not number or number in inside or node.end_lineno != number:
            continue
        line = lines[number - 1]
        if lines.count(line) > 1 or code.count(line.strip()) > 1:
            continue
        raw = line.encode()
        for other in _others(node):
            new = raw[: node.col_offset] + other.encode() + raw[node.end_col_offset :]
            change = Change(line.strip(), new.decode().strip())
            if change.new != change.old and change not in seen and _is_valid(code, change):
                seen.add(change)
                yield change


def _others(node: ast.AST) -> Iterator[str]:
    """What could stand in the place of a node."""
    if isinstance(node, ast.BinOp):
        yield from (f"({ast.unparse(side)})" for side in (node.left, node.right))
        if type(node.op) in OPERATORS:
            yield f"({ast.unparse(_with(node, op=OPERATORS[type(node.op)]()))})"
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        ops = [OPERATORS[type(node.ops[0])](), *node.ops[1:]]
        yield ast.unparse(_with(node, ops=ops))
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield str(not node.value)
        elif isinstance(node.value, int | float):
            yield from (repr(node.value + 1), repr(node.value * 2))
    elif isinstance(node, ast.UnaryOp):
        yield f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.Call):
        if len(node.args) == 1:
            yield f"({ast.unparse(node.args[0])})"
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in NAMES:
            field = "attr" if isinstance(node.func, ast.Attribute) else "id"
            yield ast.unparse(_with(node, func=_with(node.func, **{field: NAMES[name]})))


def _with(node: ast.AST, **fields) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _is_valid(code: str, change: Change) -> bool:
    try:
        ast.parse(code.replace(change.old, change.new))
    except (SyntaxError, ValueError):
        return False
    return True


def _entry(file: str, change: Change, guard: str) -> str:
    entry = {
        "claim": "",
        "program": file.rpartition("/")[2],
        "replace": change.old,
        "with": change.new,
        "stops": guard,
    }
    return yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=1000)
