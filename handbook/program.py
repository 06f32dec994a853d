"""What runs in one process: the value that every step after the first hands on."""

import ast
import dataclasses
import functools
import textwrap
import warnings
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Part:
    """A stretch of a program that is shown as one block.

    Attributes:
        code: the text that runs, as the reader sees it.
        file: the file it stands in, relative to the root, with `/`.
        line: the line of `file` on which `code` begins, from 1.
        section: its name in a snippet file, or None for code written in the page.
    """

    code: str
    file: str
    line: int
    section: str | None = None


@dataclasses.dataclass(frozen=True)
class Program:
    """Parts, run in order in one namespace, and the expressions of inline values.

    Attributes:
        name: below snippets/, or page and line for code written in a page.
        parts: what runs.
        expressions: what is evaluated after each part, sorted.
        notebook: whether the parts are the cells of a lab, run by a Jupyter kernel.
        stops: line of the assertion that has to stop it, in a program that was made wrong on
            purpose; 0 if it is to run to its end.
    """

    name: str
    parts: tuple[Part, ...]
    expressions: tuple[str, ...] = ()
    notebook: bool = False
    stops: int = 0


@functools.lru_cache(maxsize=4096)
def tree_of(code: str) -> ast.Module:
    """The syntax tree of some code, parsed once; nobody may change it.

    Raises:
        SyntaxError: the code is not valid Python.
        ValueError: it holds a null byte.
    """
    tree = ast.parse(code)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The program itself says them when it runs.
        compile(tree, "<program>", "exec", dont_inherit=True)  # finds a return outside a function
    return tree


@functools.lru_cache(maxsize=16384)
def syntax_of(code: str) -> str:
    """The syntax tree as text: the code without its comments and layout, from any Python the same."""
    return _told(tree_of(code))


def _told(tree: ast.Module) -> str:
    """A tree without what is empty: Python 3.12 and 3.13 have more of that than 3.11."""
    told = []
    _tell(tree, told.append)
    return "".join(told)


def _tell(node: object, tell: Callable[[str], None]) -> None:
    if isinstance(node, list):
        between = "["
        for item in node:
            tell(between)
            _tell(item, tell)
            between = ", "
        tell("]")
    elif isinstance(node, ast.AST):
        kind = type(node)
        tell(f"{kind.__name__}(")
        between = ""
        for name in kind._fields:
            value = getattr(node, name, None)
            if value is None or value == []:
                continue
            if name == "values" and kind is ast.JoinedStr:
                value = [part for part in value if getattr(part, "value", None) != ""]
            tell(f"{between}{name}=")
            _tell(value, tell)
            between = ", "
        tell(")")
    else:
        tell(ascii(node))


def imports_of(code: str) -> set[str]:
    """The top-level packages that some code imports, at any depth."""
    names = set()
    for node in ast.walk(tree_of(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def asserts_of(code: str) -> int:
    """How many assertions some code holds."""
    return sum(isinstance(node, ast.Assert) for node in ast.walk(tree_of(code)))


def assert_at(code: str, line: int) -> str:
    """The whole assertion that begins on a line (from 1), without its indent."""
    found = (node for node in ast.walk(tree_of(code)) if isinstance(node, ast.Assert))
    ends = {node.lineno: node.end_lineno for node in found}
    return textwrap.dedent("\n".join(code.splitlines()[line - 1 : ends[line]]))
