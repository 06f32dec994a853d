"""An exception → a failure, with the file and the line of the program in which it was raised."""

import errno
import re
import traceback
from typing import TYPE_CHECKING

from handbook.program import Part, Program
from handbook.sandbox.result import Failure, Stopped

if TYPE_CHECKING:  # takes half a second to import, which a script need not wait
    from nbclient.exceptions import CellExecutionError

FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")  # how IPython writes where it was
NUMBER = re.compile(r"\[Errno (\d+)\]")
# What an exception came from, a key of `failures.REMEDIES`: by its type, by its number.
CAUSES = {
    "AssertionError": "assert",
    "EOFError": "input",
    "FileNotFoundError": "file",
    "MemoryError": "memory",
    "ModuleNotFoundError": "package",
    "NameError": "name",
    "PermissionError": "files",
    "StdinNotImplementedError": "input",
    "gaierror": "network",
}
RESOLVING = re.compile(r"Temporary failure in name resolution|Name or service not known")
NUMBERS = {
    errno.ENETUNREACH: "network",
    errno.EHOSTUNREACH: "network",
    errno.ENOSPC: "disk",
    errno.EFBIG: "disk",
}


def failure_of(error: BaseException, part: Part, program: Program, printed: str) -> Failure:
    """What became of a program that raised.

    Args:
        error: what it raised, or `Stopped`.
        part: the part that was running.
        program: all of it.
        printed: what it had printed.
    """
    ours = {p.file: p for p in program.parts}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in ours]
    file, line = (frames[-1].filename, frames[-1].lineno) if frames else (part.file, part.line)
    if isinstance(error, Stopped):
        return Failure(error.kind, file, line, error.details)
    if isinstance(error, SystemExit):
        return Failure("exit", file, line, {"code": repr(error.code or 0)})
    details = {
        "type": type(error).__name__,
        "message": _message(error),
        "cause": _cause(type(error).__name__, str(error)),
        "source": _source(program, file, line),
        "printed": printed,
    }
    return Failure("raised", file, line, details)


def is_the_one(failure: Failure, program: Program) -> bool:
    """Whether this is the assertion that had to stop the program."""
    if failure.kind != "raised" or failure.line != program.stops:
        return False
    return failure.details["type"] == "AssertionError"


def _source(program: Program, file: str, line: int) -> str:
    for part in program.parts:
        lines = part.code.splitlines()
        if part.file == file and 0 <= line - part.line < len(lines):
            return lines[line - part.line].strip()
    return ""


def _message(error: BaseException) -> str:
    """What an exception says, and below it what those say that it holds."""
    held = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "\n".join([str(error), *(f"  {type(one).__name__}: {_message(one)}" for one in held)])


def _cause(name: str, message: str) -> str:
    """What an exception came from, by its type's name and what it says; or ""."""
    number = NUMBER.search(message)
    if number and int(number[1]) in NUMBERS:
        return NUMBERS[int(number[1])]
    return "network" if RESOLVING.search(message) else CAUSES.get(name, "")


def failure_of_cell(error: "CellExecutionError", program: Program, number: int) -> Failure:
    """What became of a lab of which a cell raised; `number` is that of the cell."""
    part = program.parts[number]
    line = part.line
    if frames := FRAME.findall(error.traceback):
        cell, inside = map(int, frames[-1])
        part = program.parts[cell - 1]
        line = part.line + inside - 1
    details = {
        "type": error.ename,
        "message": str(error.evalue),
        "cause": _cause(error.ename, str(error.evalue)),
        "source": _source(program, part.file, line),
        "printed": "",
    }
    return Failure("raised", part.file, line, details)
