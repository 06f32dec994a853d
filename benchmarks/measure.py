"""Runs commands one after the other on one machine and compares what they took."""

import dataclasses
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import threading
import time

import psutil

BIN = pathlib.Path(sys.executable).parent
QUIET = {"NO_MKDOCS_2_WARNING": "true", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclasses.dataclass
class Row:
    """A line of the table.

    Attributes:
        what: what was measured, per language.
        against: what it is compared with, per language.
        ours: how much the handbook took.
        theirs: how much the other took; 0 if there is no other.
        unit: of both: s, MiB or KiB.
        goal: what was aimed at, per language; "" if nothing.
        met: whether it was reached.
        note: per language, what else a reader of the number should know; "" if nothing.
    """

    what: dict[str, str]
    against: dict[str, str]
    ours: float
    theirs: float
    unit: str
    goal: dict[str, str]
    met: bool
    note: dict[str, str] = dataclasses.field(default_factory=lambda: {"zh": "", "en": ""})


@dataclasses.dataclass
class Run:
    """A command that ended.

    Attributes:
        seconds: wall time.
        peak_mib: the most memory that it and all it started had at once, shared pages counted
            once (PSS), in MiB; 0 if nobody looked.
        output: both streams.
        code: its exit code.
        stopped: whether it was stopped at its limit, before it ended.
    """

    seconds: float
    peak_mib: float
    output: str
    code: int
    stopped: bool = False


def run(
    *command: str,
    cwd: pathlib.Path,
    memory: bool = False,
    limit: float | None = None,
    **environment: str,
) -> Run:
    """Run a command to its end.

    Args:
        command: what to run.
        cwd: where.
        memory: whether to look at the memory of the whole family, five times a second.
        limit: seconds after which it is stopped; None for never.
        environment: what to add to the environment.
    """
    start = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | QUIET | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    peak = [0.0]
    if memory:
        threading.Thread(target=_watch, args=(process, peak), daemon=True).start()
    stopped = False
    try:
        output = process.communicate(timeout=limit)[0]
    except subprocess.TimeoutExpired:
        stopped = True
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.kill()
        output = process.communicate()[0]
    return Run(time.monotonic() - start, peak[0], output, process.returncode, stopped)


def _watch(process: subprocess.Popen, peak: list[float]) -> None:
    while process.poll() is None:
        total = 0
        try:
            parent = psutil.Process(process.pid)
            for one in [parent, *parent.children(recursive=True)]:
                try:
                    total += one.memory_full_info().pss
                except psutil.Error:
                    pass
        except psutil.Error:
            return
        peak[0] = max(peak[0], total / 2**20)
        time.sleep(0.2)


def module(*arguments: str, cwd: pathlib.Path, **options) -> Run:
    """Run a Python module; `cwd` is where Python looks for it first."""
    return run(sys.executable, "-m", *arguments, cwd=cwd, **options)


def must(done: Run) -> Run:
    """The run, which has to have gone well.

    Raises:
        RuntimeError: it did not; with the end of what it said.
    """
    if done.code:
        raise RuntimeError(done.output[-3000:])
    return done


def in_turn(times: int, *makers) -> list[float]:
    """Median seconds of each of some measurements, taken in turn so that noise meets all alike."""
    found = [[maker() for maker in makers] for _ in range(times)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def machine() -> dict[str, object]:
    """What was measured on."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def say(text: str) -> None:
    """Show progress."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)
