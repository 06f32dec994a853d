"""Runs the parts of a program in this process, in one namespace, as `python file.py` would."""

import __future__

import ast
import atexit
import contextlib
import dataclasses
import os
import resource
import sys
import threading
import time
import traceback
import types
from typing import NoReturn

from handbook.program import Program
from handbook.sandbox import drawings, intact, leftovers, main_module, raised, terminal
from handbook.sandbox.result import Failure, Result, Stopped
from handbook.settings import Limits

SANDBOX = intact.modules()
FUTURE = 0  # the flags of compile() that `from __future__ import …` sets
for _name in __future__.all_feature_names:
    FUTURE |= getattr(__future__, _name).compiler_flag


@dataclasses.dataclass
class Running:
    """A program that runs in this process.

    Attributes:
        last: whether the part that has just ended is the last one.
        thread_errors: what ended a thread.
        before: what a program must leave as it is.
        drawn: the figures of the part that has just ended.
        warned: how much of standard error the parts before it have written.
    """

    program: Program
    limits: Limits
    result: Result = dataclasses.field(default_factory=Result)
    last: bool = False
    thread_errors: list[BaseException] = dataclasses.field(default_factory=list)
    before: intact.Intact = dataclasses.field(default_factory=lambda: intact.Intact(SANDBOX))
    drawn: list[str] = dataclasses.field(default_factory=list)
    warned: int = 0


def execute(program: Program, limits: Limits, tell) -> Result:
    """Run the parts in order, up to the first that fails, and the expressions after each part.

    Args:
        program: what to run.
        limits: of what it may draw; the others stand around this process.
        tell: called with `{"part": number}` before each part.

    Returns:
        The result; a failure of the program is in `Result.failure`, never raised.
    """
    running = Running(program, limits)
    result = running.result
    threading.excepthook = lambda info: running.thread_errors.append(info.exc_value or SystemExit())
    module = main_module.make(program)
    atexit._clear()  # what the preloaded packages want done at the end of the server
    checks, flags, process = CHECKS, 0, os.getpid()
    start = time.perf_counter()
    offset = 0
    for number, part in enumerate(program.parts):
        tell({"part": number})
        result.failed_part = number
        try:
            tree = ast.parse(part.code, part.file)
            ast.increment_lineno(tree, part.line - 1)
            code = compile(tree, part.file, "exec", flags, dont_inherit=True, optimize=0)
            flags |= code.co_flags & FUTURE
            exec(code, module.__dict__)
            if os.getpid() != process:
                _end_child(None)
            running.last = number == len(program.parts) - 1
            _evaluate(program, module, result)
            for check in checks:
                check(running)
            printed, offset = _printed(1, offset)
            printed = terminal.shown(printed)
        except BaseException as error:
            if os.getpid() != process:
                _end_child(error)
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
        atexit._run_exitfuncs()
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


def nothing_is_lost(running: Running) -> None:
    """The part wrote nothing to standard error, which the page does not show."""
    errors, running.warned = _printed(2, running.warned)
    if not running.program.stops and (text := terminal.without_notices(errors)):
        raise Stopped("standard error", below=text[-1000:])


CHECKS = (
    names_are_intact,
    threads_ended_well,
    figures_are_taken,
    figures_are_few,
    no_process_is_left,
    nothing_is_lost,
)


def _evaluate(program: Program, module: types.ModuleType, result: Result) -> None:
    """Keep what each expression comes to after this part, None if it cannot be computed yet."""
    for expression in program.expressions:
        value = None
        try:
            value = str(eval(expression, module.__dict__))
            result.value_errors.pop(expression, None)
        except BaseException as error:
            result.value_errors[expression] = f"{type(error).__name__}: {error}"
        result.values.setdefault(expression, []).append(value)


def _end_child(error: BaseException | None) -> NoReturn:
    """End a process that the program forked and that has come to the end of its part."""
    code = error.code if isinstance(error, SystemExit) else int(error is not None)
    if error is not None and not isinstance(error, SystemExit):
        traceback.print_exception(error)
    os._exit(code if isinstance(code, int) else int(code is not None))


def _printed(descriptor: int, offset: int) -> tuple[str, int]:
    """What was written to a descriptor from an offset on, and the offset of its end."""
    sys.stdout.flush()
    sys.stderr.flush()
    text = os.pread(descriptor, 2**24, offset)
    return text.decode("utf-8", "replace"), offset + len(text)


def _printed_so_far() -> str:
    """The end of what the program has printed; "" if it took the way to ask away."""
    with contextlib.suppress(OSError, ValueError):
        return _printed(1, 0)[0][-1500:].strip()
    return ""
