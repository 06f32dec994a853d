"""A program as its guard sees it, and what makes the guard end it."""

import contextlib
import dataclasses
import os
import time
from typing import BinaryIO

import psutil

from handbook.program import Program
from handbook.settings import Limits

REPORT_LIMIT = 2**26  # bytes that a program's figures and values may have


@dataclasses.dataclass(frozen=True)
class Ending:
    """Why the guard ends a program: the kind and the details of a `Failure`."""

    kind: str
    details: dict[str, str | int | float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Watched:
    """A program that is running, as the guard sees it.

    Attributes:
        deadline: on the monotonic clock, when it has waited long enough.
        said: what the worker has reported.
        cpu_seconds: processor time that it has taken, in all its processes.
        processes: how many of them are running.
        seen: pid and start of each that was ever seen running → what it had taken itself by then;
            where nobody waits for a process, the kernel adds its time to no other.
    """

    program: Program
    limits: Limits
    deadline: float
    printed: BinaryIO
    errors: BinaryIO
    said: bytearray = dataclasses.field(default_factory=bytearray)
    cpu_seconds: float = 0.0
    processes: int = 0
    seen: dict[tuple[int, float], float] = dataclasses.field(default_factory=dict)

    def look(self) -> None:
        """See what runs now, and what it has cost with all that it has waited for."""
        family = psutil.Process().children(recursive=True)
        self.processes, spent = len(family), 0.0
        for process in family:
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                own = times.user + times.system
                self.seen[process.pid, process.create_time()] = own
                spent += own + times.children_user + times.children_system
        self.cpu_seconds = max(self.cpu_seconds, spent, sum(self.seen.values()))


def within_cpu(watched: Watched) -> Ending | None:
    """The program computes too long."""
    limits = watched.limits
    seconds = limits.lab_cpu_seconds if watched.program.notebook else limits.cpu_seconds
    return Ending("cpu", {"seconds": seconds}) if watched.cpu_seconds > seconds else None


def within_time(watched: Watched) -> Ending | None:
    """The program does not end, however little it computes."""
    if time.monotonic() > watched.deadline:
        return Ending("time", {"seconds": watched.limits.wall_seconds})
    return None


def within_output(watched: Watched) -> Ending | None:
    """The program prints too much."""
    if os.fstat(watched.printed.fileno()).st_size > watched.limits.output_kib * 1024:
        return Ending("output", {"kib": watched.limits.output_kib})
    return None


def within_report(watched: Watched) -> Ending | None:
    """The program's figures and values are too large."""
    return Ending("report") if len(watched.said) > REPORT_LIMIT else None


def within_processes(watched: Watched) -> Ending | None:
    """The program starts too many processes."""
    if watched.processes > watched.limits.processes:
        return Ending("processes", {"count": watched.limits.processes})
    return None


CHECKS = (
    within_cpu,
    within_time,
    within_output,
    within_report,
    within_processes,
)
