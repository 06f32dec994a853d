"""A check is one line, its name in a tuple: taken out, it judges nothing any more."""

import ast
import pathlib
import re

# `name,` alone on a line, or as the one element of a tuple; a check may have its module before it,
# a wall is text, and what is called stands behind the argument that it is.
LINE = r'^(\s*(?:\w+ = \()?)(?:\w+=|"[^"]*": )?(?:\w+\.)?"?{name}"?(?:\(.*\))?,(\)?)$'


def take_out(root: pathlib.Path, name: str) -> None:
    """Take the check `module.name` out of the handbook at `root`.

    Args:
        root: a copied handbook.
        name: that of the file, without the folder and the suffix, a dot, and that of the check.
    """
    module, _, check = name.partition(".")
    line = re.compile(LINE.format(name=check), re.MULTILINE)
    found = [
        (file, match)
        for file in sorted((root / "handbook").rglob(f"{module}.py"))
        for match in line.finditer(file.read_text("utf-8"))
    ]
    assert len(found) == 1, f"{len(found)} lines are {check!r} in a file {module}.py"
    file, match = found[0]
    text = file.read_text("utf-8")
    file.write_text(text[: match.start()] + match[1] + match[2] + text[match.end() :], "utf-8")


def all_checks(root: pathlib.Path) -> list[str]:
    """Every check of the handbook at `root`, as `take_out` calls it.

    A check is an element of a tuple that is called WALLS, or a function in one that is called
    SURROUNDINGS, or CHECKS with anything before it. A tuple put together from others
    (`*markup.CHECKS`) adds none.
    """
    found = []
    for file in sorted((root / "handbook").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                called = ast.unparse(node.targets[0])
                if called.endswith("CHECKS") or called in ("SURROUNDINGS", "WALLS"):
                    names = (_name(element, called) for element in node.value.elts)
                    found += [f"{file.stem}.{name}" for name in names if name]
    return found


def _name(element: ast.expr, tuple_name: str) -> str:
    """What an element of a tuple is called; "" if it is no check."""
    if isinstance(element, ast.Name | ast.Attribute):
        return ast.unparse(element).rpartition(".")[2]
    is_wall = isinstance(element, ast.Constant) and tuple_name == "WALLS"
    return element.value if is_wall else ""
