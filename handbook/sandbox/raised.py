"""An exception → a failure, with the file and the line of the program in which it was raised."""

import errno
import re
import socket
import traceback
from typing import TYPE_CHECKING

from handbook.program import Part, Program
from handbook.sandbox.result import Failure, Stopped

if TYPE_CHECKING:  # takes half a second to import, which a script need not wait
    from nbclient.exceptions import CellExecutionError

FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")  # how IPython writes where it was


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
    if isinstance(error, SyntaxError) and error.filename in ours:
        file, line = error.filename, (error.lineno or 1) + part.line - 1
    if isinstance(error, Stopped):
        return Failure(error.kind, file, line, error.details)
    if isinstance(error, SystemExit):
        return Failure("exit", file, line, {"code": repr(error.code)})
    details = {
        "type": type(error).__name__,
        "message": str(error),
        "cause": _cause(error),
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


def _cause(error: BaseException) -> str:
    """The wall or limit that an error came from, or ""."""
    reason = getattr(error, "reason", error)  # urllib wraps the error of the socket
    number = getattr(reason, "errno", None)
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, PermissionError):
        return "files"
    if isinstance(reason, socket.gaierror) or number in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "network"
    if number in (errno.ENOSPC, errno.EFBIG):
        return "disk"
    return "input" if isinstance(error, EOFError) else ""


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
        "cause": "",
        "source": _source(program, part.file, line),
        "printed": "",
    }
    return Failure("raised", part.file, line, details)
