"""The worker: closes the walls behind itself and runs the program."""

import dataclasses
import faulthandler
import fcntl
import functools
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile
from collections.abc import Callable

from handbook.program import Program
from handbook.sandbox import drawings, script, walls
from handbook.sandbox.server import PACKAGE, PINNED
from handbook.settings import Limits

REPORT = 3  # descriptor by which a worker reports
TELL_LINE = signal.SIGUSR1  # makes a worker write to standard error at which line it is


@dataclasses.dataclass(frozen=True)
class Task:
    """What a worker is to run, and within what.

    Attributes:
        program: what runs.
        limits: what it may use.
        root: the handbook's folder, for messages.
        walls: those of `walls.WALLS` to build.
        home: an empty folder that will be the program's own.
        token: what each report has to carry.
    """

    program: Program
    limits: Limits
    root: pathlib.Path
    walls: tuple[str, ...]
    home: pathlib.Path
    token: str


def main(task: Task, streams: tuple[int, int, int, int]) -> None:
    """Run a task and report its result; this process then ends."""
    execute = _executor(task.program)  # Before its modules are forgotten and the files are closed.
    os.setsid()
    _take_streams(streams)
    faulthandler.register(TELL_LINE, file=2)
    walls.adopt_orphans()
    _close_walls(task)
    _forget_handbook(task.root)
    drawings.prepare()
    tell = functools.partial(_tell, task.token)
    result = execute(task.program, task.limits, tell)
    result.walls = list(task.walls)
    tell(dataclasses.asdict(result))
    os._exit(0)


def _executor(program: Program) -> Callable:
    """What runs a program of its kind."""
    if not program.notebook:
        return script.execute
    from handbook.sandbox import notebook  # takes half a second, which a script need not wait

    return notebook.execute


def _take_streams(streams: tuple[int, int, int, int]) -> None:
    """Keep standard input, output, error and, as 3, the way to report; close all others."""
    copies = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for descriptor in streams]
    for target, descriptor in enumerate(copies):
        os.dup2(descriptor, target, inheritable=target < REPORT)
    os.closerange(REPORT + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    # By lines, as in a terminal, in the order in which children write beside it.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False, buffering=1)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr


def _close_walls(task: Task) -> None:
    """Build the walls, and set the limits that the kernel holds."""
    size = int(task.limits.files_gib * 2**30)
    if "network" in task.walls:
        walls.mount_own(task.home, size)
        resource.setrlimit(resource.RLIMIT_NPROC, (task.limits.processes * 8,) * 2)  # threads too
    _replace_environment(task.home)
    if "files" in task.walls:
        walls.close_files(task.home)
    resource.setrlimit(resource.RLIMIT_AS, (int(task.limits.memory_gib * 2**30),) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _replace_environment(home: pathlib.Path) -> None:
    """Give the program a home, a temporary folder and a working folder, all empty, and no secret."""
    for name in ("work", "tmp"):
        (home / name).mkdir()
    os.chdir(home / "work")
    style = [
        f"{name}: {str(value).replace('#', '')}" for name, value in drawings.FIGURE_STYLE.items()
    ]
    (home / "matplotlibrc").write_text("\n".join(style), "utf-8")
    own = {
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "MATPLOTLIBRC": str(home / "matplotlibrc"),
    }
    path = os.environ.get("PATH", "")
    os.environ.clear()
    os.environ.update({"PATH": path} | own | PINNED)
    tempfile.tempdir = None


def _forget_handbook(root: pathlib.Path) -> None:
    """Let a program import what a reader of it could import."""
    ours = {os.path.realpath(root), os.path.realpath(PACKAGE.parent)}
    sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) not in ours]
    for name in [name for name in sys.modules if name.partition(".")[0] == "handbook"]:
        del sys.modules[name]


def _tell(token: str, message: dict) -> None:
    text = json.dumps(message | {"token": token}).encode() + b"\n"
    while text:
        text = text[os.write(REPORT, text) :]
