"""Starts the process that imports the packages once, and asks it to run programs."""

import dataclasses
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading

from handbook.program import Part, Program
from handbook.sandbox import walls
from handbook.sandbox.result import Failure, Result, result_of
from handbook.settings import Settings

# One thread per library, so that a laptop and a many-core server add in the same order.
PINNED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1",  # by default only on some CPUs, whose digits would differ
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
}
KEPT = ("PATH", "HOME", "TMPDIR")
PATIENCE = (
    30  # seconds beyond the longest that a program may take, in which its guard ends it and answers
)
TRIES = 3
PACKAGE = pathlib.Path(__file__).resolve().parent.parent


class Server:
    """The process that every program is forked from; ready when it has imported its packages.

    Attributes:
        walls: those of `walls.WALLS` that this machine can build.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._asking = threading.Lock()
        self._start()
        self.walls = tuple(wall for wall in walls.WALLS if self._can_build(wall))

    def _start(self) -> None:
        """Start the process, and wait until it has imported its packages."""
        self._control, theirs = socket.socketpair()
        self.settings.made.mkdir(parents=True, exist_ok=True)
        with theirs, open(self.settings.made / "server.log", "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "handbook.sandbox", *self.settings.preload],
                stdin=theirs,
                stdout=log,
                stderr=log,
                env=clean_environment(),
            )
        self._control.recv(1)

    def _can_build(self, wall: str) -> bool:
        """Whether a program runs behind a wall here; what fails for another reason is no answer."""
        nothing = Program("nothing", (Part("pass", "nothing", 1),))
        for _ in range(TRIES):
            failure = self._run(nothing, (wall,)).failure
            if failure is None:
                return True
            if failure.kind in ("not started", "died"):
                return False
        return True  # No program then runs without it.

    def run(self, program: Program) -> Result:
        """Run a program to its end, or to the limit; any number of threads may ask at once.

        Args:
            program: parts, run top to bottom in one namespace, then inline expressions.

        Returns:
            The result; a failure of the program is in `Result.failure`, never raised.
        """
        return self._run(program, self.walls)

    def close(self) -> None:
        """End the process, and with it every program that still runs."""
        self._control.close()
        self._process.wait()

    def _run(self, program: Program, standing: tuple[str, ...]) -> Result:
        request = {
            "program": dataclasses.asdict(program),
            "limits": dataclasses.asdict(self.settings.limits),
            "root": str(self.settings.root),
            "walls": standing,
        }
        ours, theirs = socket.socketpair()
        ours.settimeout(self.settings.limits.wall_seconds + PATIENCE)
        try:
            with ours:
                with theirs, self._asking:
                    if self._process.poll() is not None:  # Something ended it, such as the system.
                        self._control.close()
                        self._start()
                    socket.send_fds(self._control, [b"+"], [theirs.fileno()])
                ours.sendall(json.dumps(request).encode())
                ours.shutdown(socket.SHUT_WR)
                with ours.makefile("rb") as answer:
                    return result_of(json.load(answer))
        except (OSError, ValueError):
            first = program.parts[0]
            return Result(failure=Failure("guard lost", first.file, first.line))


def clean_environment() -> dict[str, str]:
    """What a process that will run programs may know of the environment: no token, no secret."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | PINNED | {"PYTHONPATH": str(PACKAGE.parent)}
