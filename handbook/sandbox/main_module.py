"""The `__main__` of a program, as `python file.py` makes it."""

import linecache
import pathlib
import sys
import types

from handbook.program import Program


def make(program: Program) -> types.ModuleType:
    """An empty `__main__`, whose file is a copy that the program and its processes can read.

    Tracebacks and tf.function find the lines of the program's own file, which it cannot read.
    """
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    file, lines = program.parts[0].file, _lines(program)
    linecache.cache[file] = (len(lines), None, lines, file)
    copy = (pathlib.Path.home() / file).with_suffix(".py")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text("".join(lines), "utf-8")
    module.__file__ = str(copy)
    sys.argv = [module.__file__]
    return module


def _lines(program: Program) -> list[str]:
    """Each line of the program where it stands in its file."""
    lines: list[str] = []
    for part in program.parts:
        code = part.code.splitlines(keepends=True)
        lines += ["\n"] * (part.line - 1 + len(code) - len(lines))
        lines[part.line - 1 : part.line - 1 + len(code)] = code
    return lines
