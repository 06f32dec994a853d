"""The guard: forks the worker, watches it from outside, and runs nothing of the program's."""

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import secrets
import select
import signal
import socket
import tempfile
import time
import traceback

import psutil

from handbook.program import Part, Program
from handbook.sandbox import walls, worker
from handbook.sandbox.result import Failure
from handbook.sandbox.watched import CHECKS, Ending, Watched
from handbook.settings import Limits

GRACE = 15  # seconds that the guard has to end a program and to report
PATIENCE = 100  # hundredths of a second in which a program can say at which line it is


def main(channel: socket.socket) -> None:
    """Read a request, run its program, answer, and end this process."""
    os.setsid()
    walls.die_with_parent()
    walls.adopt_orphans()
    try:
        with channel.makefile("rb") as asked:
            request = json.load(asked)
        program, limits = _program_of(request["program"]), Limits(**request["limits"])
        signal.alarm(int(limits.wall_seconds) + GRACE)
        try:
            with tempfile.TemporaryDirectory(
                prefix="handbook-", ignore_cleanup_errors=True
            ) as scratch:
                answer = _run(program, limits, request, pathlib.Path(scratch))
        except OSError as error:
            answer = _failed(program, 0, Ending("not started", {"why": str(error)}))
        channel.sendall(json.dumps(answer).encode())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _program_of(content: dict) -> Program:
    parts = tuple(Part(**part) for part in content["parts"])
    return Program(**content | {"parts": parts, "expressions": tuple(content["expressions"])})


def _failed(program: Program, number: int, fault: Ending, line: int = 0) -> dict:
    part = program.parts[number]
    failure = Failure(fault.kind, part.file, line or part.line, fault.details)
    return {"failure": dataclasses.asdict(failure), "failed_part": number}


def _run(program: Program, limits: Limits, request: dict, scratch: pathlib.Path) -> dict:
    """Fork the worker, and watch it to its end or to a limit."""
    home = scratch / "home"
    home.mkdir()
    if "network" in request["walls"]:
        walls.leave_network()
        _fork(signal.pause)  # Process 1 of the program's table; all of them end with it.
    reading, writing = os.pipe()
    token = secrets.token_hex()  # A program that writes a report of its own does not know it.
    with open(scratch / "stdout", "w+b") as out, open(scratch / "stderr", "w+b") as err:
        streams = (os.open(os.devnull, os.O_RDONLY), out.fileno(), err.fileno(), writing)
        task = worker.Task(
            program, limits, pathlib.Path(request["root"]), tuple(request["walls"]), home, token
        )
        child = _fork(worker.main, task, streams)
        os.close(writing)
        os.set_blocking(reading, False)
        watched = Watched(program, limits, time.monotonic() + limits.wall_seconds, out, err)
        fault, status, line = None, None, 0
        while status is None and fault is None:
            if select.select([reading], [], [], 0.1)[0]:
                watched.said += (piece := _read(reading))
                time.sleep(0 if piece else 0.001)  # It closed: it is about to end.
            ended, code, spent = os.wait4(child, os.WNOHANG)
            if ended:
                status = os.waitstatus_to_exitcode(code)
                watched.cpu_seconds = max(watched.cpu_seconds, spent.ru_utime + spent.ru_stime)
            else:
                watched.look()
            fault = next(filter(None, (check(watched) for check in CHECKS)), None)
        watched.said += _read(reading)
        if status is None:
            line = _line_of(child, watched)
        _end_all()
        return _verdict(watched, token, fault, status, line)


def _line_of(child: int, watched: Watched) -> int:
    """The line of the program that its worker is at, even deep in C; 0 if it does not say."""
    errors = watched.errors.fileno()
    start = os.fstat(errors).st_size
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, worker.TELL_LINE)
    files = "|".join(re.escape(part.file) for part in watched.program.parts)
    frame = re.compile(rf'File "(?:{files})", line (\d+) in ')
    for _ in range(PATIENCE):
        if found := frame.search(os.pread(errors, 2**16, start).decode("utf-8", "replace")):
            return int(found[1])
        time.sleep(0.01)
    return 0


def _verdict(
    watched: Watched, token: str, fault: Ending | None, status: int | None, at: int
) -> dict:
    """The worker's own result if it is whole, else what became of the program, `at` which line."""
    number, message = 0, {}
    for line in watched.said.splitlines():
        try:
            message = json.loads(line)
            if message.pop("token") != token:
                raise ValueError
            number = message.get("part", number)
        except (ValueError, KeyError, AttributeError):
            fault = fault or Ending("reported by itself")
    if not fault and "outputs" in message:
        return message | {"cpu_seconds": round(watched.cpu_seconds, 2)}
    return _failed(watched.program, number, fault or _died(watched, status), at)


def _died(watched: Watched, status: int | None) -> Ending:
    watched.errors.seek(0)
    tail = watched.errors.read().decode("utf-8", "replace")[-2000:].strip()
    return Ending("died", {"status": status or 0, "errors": tail})


def _fork(target, *arguments) -> int:
    if child := os.fork():
        return child
    try:
        walls.die_with_parent()
        target(*arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


def _read(descriptor: int) -> bytes:
    pieces = []
    with contextlib.suppress(BlockingIOError):
        while piece := os.read(descriptor, 2**20):
            pieces.append(piece)
    return b"".join(pieces)


def _end_all() -> None:
    """End everything that this guard started, however fast it starts more."""
    while family := psutil.Process().children(recursive=True):
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
