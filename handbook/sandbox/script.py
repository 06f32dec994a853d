"""Runs the parts of a program in this process, in one namespace, as `python file.py` would."""

import ast
import contextlib
import dataclasses
import linecache
import os
import pathlib
import resource
import sys
import threading
import time
import types

from handbook.program import Program
from handbook.sandbox import drawings, intact, leftovers, raised
from handbook.sandbox.result import Failure, Result, Stopped
from handbook.settings import Limits

SANDBOX = intact.modules()


@dataclasses.dataclass
class Running:
    """A program that runs in this process.

    Attributes:
        last: whether the part that has just ended is the last one.
        thread_errors: what ended a thread.
        before: what a program must leave as it is.
        drawn: the figures of the part that has just ended.
    """

    program: Program
    limits: Limits
    result: Result = dataclasses.field(default_factory=Result)
    last: bool = False
    thread_errors: list[BaseException] = dataclasses.field(default_factory=list)
    before: intact.Intact = dataclasses.field(default_factory=lambda: intact.Intact(SANDBOX))
    drawn: list[str] = dataclasses.field(default_factory=list)


def execute(program: Program, limits: Limits, root: pathlib.Path, tell) -> Result:
    """Run the parts in order, up to the first that fails, then the expressions.

    Args:
        program: what to run.
        limits: of what it may draw; the others stand around this process.
        root: the handbook's folder, for `__file__`.
        tell: called with `{"part": number}` before each part.

    Returns:
        The result; a failure of the program is in `Result.failure`, never raised.
    """
    running = Running(program, limits)
    result = running.result
    threading.excepthook = lambda info: running.thread_errors.append(info.exc_value or SystemExit())
    module = _main_module(str(root / program.parts[0].file))
    _remember_source(program)
    checks = CHECKS
    start = time.perf_counter()
    offset = 0
    for number, part in enumerate(program.parts):
        tell({"part": number})
        result.failed_part = number
        try:
            tree = ast.parse(part.code, part.file)
            ast.increment_lineno(tree, part.line - 1)
            exec(compile(tree, part.file, "exec", optimize=0, dont_inherit=True), module.__dict__)
            running.last = number == len(program.parts) - 1
            for check in checks:
                check(running)
            printed, offset = _printed(offset)
        except BaseException as error:
            failure = raised.failure_of(error, part, program, _printed_so_far())
            if not raised.is_the_one(failure, program):
                result.failure = failure
                return result
            break
        result.outputs.append(printed)
        result.figures.append(running.drawn)
    else:
        if program.stops:
            result.failure = Failure("not stopped", program.parts[0].file, program.stops)
            return result
    for expression in program.expressions:
        try:
            result.values[expression] = str(eval(expression, module.__dict__))
        except BaseException as error:
            result.value_errors[expression] = f"{type(error).__name__}: {error}"
    result.seconds = round(time.perf_counter() - start, 2)
    result.peak_mib = leftovers.peak_mib(resource.RUSAGE_SELF)
    return result


def names_are_intact(running: Running) -> None:
    """The built-in names and the functions of this folder are as they were; the rest needs them."""
    running.before.check()


def threads_ended_well(running: Running) -> None:
    """No thread was ended by an exception; at the end, none is running."""
    if running.last:
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
    if running.thread_errors:
        raise running.thread_errors[0]


def figures_are_few(running: Running) -> None:
    """The part drew no more figures than a program may have in all."""
    running.result.expect_at_most(running.limits.figures, running.drawn)


def no_process_is_left(running: Running) -> None:
    """At the end, no process is running that the program started."""
    if running.last and (command := leftovers.process()):
        raise Stopped("process left", command=command)


def figures_are_taken(running: Running) -> None:
    """The figures that are open become drawings."""
    running.drawn = drawings.collect()


CHECKS = (
    names_are_intact,
    threads_ended_well,
    figures_are_taken,
    figures_are_few,
    no_process_is_left,
)


def _main_module(file: str) -> types.ModuleType:
    module = types.ModuleType("__main__")
    module.__file__ = file
    sys.modules["__main__"] = module
    sys.argv = [file]
    return module


def _remember_source(program: Program) -> None:
    """Let tracebacks and tf.function find the lines, which the program cannot read from disk."""
    for file in {part.file for part in program.parts}:
        lines: list[str] = []
        for part in (part for part in program.parts if part.file == file):
            code = part.code.splitlines(keepends=True)
            lines += ["\n"] * (part.line - 1 + len(code) - len(lines))
            lines[part.line - 1 : part.line - 1 + len(code)] = code
        linecache.cache[file] = (len(lines), None, lines, file)


def _printed(offset: int) -> tuple[str, int]:
    sys.stdout.flush()
    text = os.pread(1, 2**24, offset)
    return text.decode("utf-8", "replace"), offset + len(text)


def _printed_so_far() -> str:
    """The end of what the program has printed; "" if it took the way to ask away."""
    with contextlib.suppress(OSError, ValueError):
        return _printed(0)[0][-1500:].strip()
    return ""
