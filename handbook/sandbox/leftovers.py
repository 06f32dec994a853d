"""What a program leaves behind when it ends: processes, and how much memory it took."""

import contextlib
import os
import resource
import sys
import time

import psutil

LOOKS = 100
PAUSE = 0.01  # seconds between two looks
QUIET = 3  # looks in a row that find nothing: one alone can miss a process that changes its parent


def process(besides: int = 0) -> str:
    """The command of a process that still runs below this one; "" if there is none.

    Args:
        besides: a process that may run, such as a kernel; what it started may not.
    """
    quiet, found = 0, {}
    for _ in range(LOOKS):
        if not besides and _is_alone():
            return ""
        found = _running(besides)
        if named := [command for command in found.values() if command]:
            return named[0]
        quiet = 0 if found else quiet + 1
        if quiet == QUIET:
            return ""
        time.sleep(PAUSE)  # What has no command is about to start or to end.
    return f"process {min(found)}" if found else ""


def _is_alone() -> bool:
    """Whether this process has no child; what its children leave behind are its own then.

    The kernel answers at one moment, as /proc, which is read piece by piece, does not.
    """
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _running(besides: int) -> dict[int, str]:
    """Process id → command of all that run below this process."""
    found = {}
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            command = " ".join(child.cmdline())
            # Python's own helper, which ends by itself when the program does.
            helper = "resource_tracker" in command
            if child.pid != besides and not helper and child.status() != psutil.STATUS_ZOMBIE:
                found[child.pid] = command[:60]
    return found


def peak_mib(whose: int) -> int:
    """Peak resident memory of this process or of its children, in MiB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(whose).ru_maxrss // unit
