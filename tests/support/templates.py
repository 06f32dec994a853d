"""The messages that stand in the code of handbook/, found without running it.

What a contributor is told is called `what`, `remedy` or `why` wherever it goes: a parameter, a
name, a value by that key; it stands in a pair that a function returns as a `Fault`, in a table, or
in a call of `told`. A template is its text with `{}` for each part that is put in.
"""

import ast
import itertools
import pathlib
import string
from collections.abc import Iterator

from handbook.settings import ROOT

NAMES = {"what", "remedy", "why"}
# Functions and classes that are told it without giving it one of these names.
TELLING = {"told": ["what"], "Kind": ["what"], "Refused": ["why"]}
FAULTS = ("Fault", "Iterator[Fault]", "tuple[str, str] | None")  # returned for what is wrong
TABLES = ("SAID", "REMEDIES", "REFUSED", "CONTROL")
FILLED_IN = "SAID"  # its texts have names of their own for what is put in


def sources() -> list["Source"]:
    """The files of handbook/, but for those of the sandbox, which names kinds of failure alone."""
    files = sorted((ROOT / "handbook").rglob("*.py"))
    paths = (file.relative_to(ROOT).as_posix() for file in files)
    return [Source(path) for path in paths if not path.startswith("handbook/sandbox/")]


def plain(text: str) -> str:
    """A template, without the names of what is put in."""
    parts = string.Formatter().parse(text)
    return "".join(_literal(before) + "{}" * (name is not None) for before, name, *_ in parts)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _unescaped(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


class Source:
    """One file.

    Attributes:
        unknown: where something is told whose words do not stand in the file.
    """

    def __init__(self, path: str, code: str = "") -> None:
        self.path = path
        self.nodes = list(ast.walk(ast.parse(code or pathlib.Path(ROOT, path).read_text("utf-8"))))
        self.unknown: list[str] = []

    def texts(self) -> set[str]:
        """Every text in it, as a template, whether anybody is told it or not."""
        found = set(itertools.chain.from_iterable(map(_template, self.nodes)))
        for text in list(found):
            try:
                found.add(plain(_unescaped(text)))
            except ValueError:  # a regular expression
                pass
        return found

    def told(self, telling: dict[str, list[str]]) -> set[str]:
        """Every template in it that somebody is told, and every word that is put into one.

        Args:
            telling: the parameters of functions and classes that are told it.
        """
        found = {x for node in self._starts(telling) for x in self._follow(node)}
        return {x for x in found if any(map(str.isalpha, x))} | self._tables()

    def parameters(self) -> Iterator[tuple[str, list[str]]]:
        """Each function and class that has a parameter of one of the names."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":
                named = [argument.arg for argument in node.args.args]
            elif isinstance(node, ast.ClassDef):
                named = _fields(node)
            else:
                continue
            if NAMES & {*named}:
                yield node.name, named

    def _starts(self, telling: dict[str, list[str]]) -> Iterator[ast.expr]:
        for node in self.nodes:
            if isinstance(node, ast.Call):
                named = telling.get(getattr(node.func, "id", getattr(node.func, "attr", "")), ())
                yield from (x for name, x in zip(named, node.args, strict=False) if name in NAMES)
                yield from (x.value for x in node.keywords if x.arg in NAMES)
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                yield from (x for key, x in pairs if getattr(key, "value", "") in NAMES)
            elif isinstance(node, ast.FunctionDef):
                yield from self._defaults(node)
                given = [x.value for x in ast.walk(node) if isinstance(x, ast.Return | ast.Yield)]
                if node.name.strip("_") in NAMES:
                    yield from given
                elif node.returns and ast.unparse(node.returns) in FAULTS:
                    pairs = (x.elts for x in given if isinstance(x, ast.Tuple))
                    yield from (x for pair in pairs for x in pair[-2:])

    def _defaults(self, node: ast.FunctionDef) -> Iterator[ast.expr]:
        given = zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
        yield from (value for argument, value in given if argument.arg in NAMES)

    def _follow(self, node: ast.expr) -> Iterator[str]:
        """The texts that an expression may be, and what is put into them."""
        if isinstance(node, ast.IfExp):
            yield from [*self._follow(node.body), *self._follow(node.orelse)]
        elif isinstance(node, ast.Dict | ast.Tuple):
            inside = node.values if isinstance(node, ast.Dict) else node.elts
            yield from (x for value in inside for x in self._follow(value))
        elif isinstance(node, ast.Name) and (values := self._values(node.id)):
            yield from (x for value in values for x in self._follow(value))
        elif isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str):
            yield from _template(node)
            for part in getattr(node, "values", ()):
                if isinstance(part, ast.FormattedValue):
                    yield from self._put_in(part.value)
        elif not (isinstance(node, ast.Starred) or _called(node) in NAMES):
            self.unknown.append(ast.unparse(node))

    def _put_in(self, node: ast.expr) -> Iterator[str]:
        """The words that are put in; what is no sentence may be a path or a name."""
        within = self._values(node.id) if isinstance(node, ast.Name) else [node]
        for value in within:
            for one in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                yield from (x for x in _template(one) if " " in x.strip())

    def _values(self, name: str) -> list[ast.expr]:
        """What is given a name, wherever in the file."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.Assign | ast.NamedExpr):
                for target in getattr(node, "targets", None) or [node.target]:
                    several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    targets = target.elts if several else [target]
                    values = node.value.elts if several else [node.value]
                    pairs = zip(targets, values, strict=True)
                    found += [value for one, value in pairs if getattr(one, "id", "") == name]
        return found

    def _tables(self) -> set[str]:
        found = set()
        for name in TABLES:
            for table in self._values(name):
                texts = {*self._follow(table)}
                found |= {plain(_unescaped(x)) for x in texts} if name == FILLED_IN else texts
        return {x for x in found if any(map(str.isalpha, x))}


def _template(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        parts = (_literal(x.value) if isinstance(x, ast.Constant) else "{}" for x in node.values)
        yield "".join(parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield _literal(node.value)


def _called(node: ast.AST) -> str:
    """What the value is called that an expression gives: `what`, `error.remedy`, `_remedy(path)`."""
    node = node.func if isinstance(node, ast.Call) else node
    return getattr(node, "id", getattr(node, "attr", "")).strip("_")


def _fields(node: ast.ClassDef) -> list[str]:
    """What a class is called with."""
    begins = [x for x in node.body if isinstance(x, ast.FunctionDef) and x.name == "__init__"]
    if begins:
        return [argument.arg for argument in begins[0].args.args[1:]]
    return [x.target.id for x in node.body if isinstance(x, ast.AnnAssign)]
