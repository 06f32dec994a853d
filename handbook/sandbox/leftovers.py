"""What a program leaves behind when it ends: processes, and how much memory it took."""

import contextlib
import resource
import sys
import time

import psutil


def process(besides: int = 0) -> str:
    """The command of a process that still runs below this one; "" if there is none.

    While /proc is read, a process that is being given another parent can be missed: nothing is
    left only when this looked twice.

    Args:
        besides: a process that may run, such as a kernel; what it started may not.
    """
    if not (found := _running(besides)):
        time.sleep(0.01)
        found = _running(besides)
    return found[0] if found else ""


def _running(besides: int) -> list[str]:
    """The commands of all that run below this process."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            command = " ".join(child.cmdline())
            # Python's own helper, which ends by itself when the program does.
            helper = "resource_tracker" in command
            if child.pid != besides and not helper and child.status() != psutil.STATUS_ZOMBIE:
                found.append(command[:60])
    return found


def peak_mib(whose: int) -> int:
    """Peak resident memory of this process or of its children, in MiB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(whose).ru_maxrss // unit
