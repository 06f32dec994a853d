"""Commands in processes that are forked from one which has imported MkDocs, pytest and the like.

`Forked` starts this file as a server. Each command is a child of it: `python -m MODULE …` in a
folder and an environment of its own, without the time that the imports take. The server knows
nothing of the handbook, which a command imports from its own folder.

A byte over the server's socket brings two descriptors: a second socket, for the request and then
the exit code, and a pipe, for what the command prints. When the second socket is closed early, the
command is ended with its process group; when the first is closed, the server ends.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pathlib
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings

TIMEOUT = (
    600  # seconds that a command may take; a machine with ten times the work it can do took 120
)
# What the commands import of other packages, or of Python; most bring many more.
PACKAGES = (
    *("pytest", "pdb", "unittest", "execnet", "markdown_it", "jupytext", "mkdocs.commands.build"),
    *("mkdocs_jupyter.plugin", "material.plugins.search.plugin", "jieba", "pymdownx.superfences"),
    *("pymdownx.highlight", "pymdownx.snippets", "math_core", "selectolax.lexbor"),
    *("genanki", "PIL.ImageDraw", "psutil", "concurrent.futures.process"),
)
# pytest rewrites the asserts of its plugins, and warns of those that have been imported before.
PLUGINS = ("platformdirs", "pytest_markdown_docs", "xdist")
# What Python and these packages read only when they start; PYTHONPATH is read once more.
READ_ONCE = ("HOME", "LANG", "LC_", "PYTHON", "TZ")


class Forked:
    """A server of commands, which it runs one after the other.

    Args:
        environment: that of the server, which the kernel shows as that of every command.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {k: v for k, v in environment.items() if k != "PYTHONPATH"}
        self._control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                cwd="/",
                env=self.environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )

    def run(
        self, arguments: tuple[str, ...], folder: pathlib.Path, environment: dict[str, str]
    ) -> subprocess.CompletedProcess:
        """Run a Python module in a folder and an environment; the output has both streams.

        Raises:
            ValueError: this environment is for a process that really starts.
            subprocess.TimeoutExpired: it took too long; it was ended with all that it started.
        """
        if _read_once(environment) != _read_once(self.environment):
            raise ValueError(f"only a process that starts reads all of {_read_once(environment)}")
        end = time.monotonic() + TIMEOUT
        reading, writing = os.pipe()
        ours, theirs = socket.socketpair()
        with ours, open(reading, "rb"):
            with theirs, open(writing, "wb"):
                socket.send_fds(self._control, [b"+"], [theirs.fileno(), writing])
            ours.sendall(json.dumps([arguments, str(folder), environment]).encode())
            ours.shutdown(socket.SHUT_WR)
            try:
                printed, code = _all_of(reading, end), _all_of(ours.fileno(), end)
            except TimeoutError:
                raise subprocess.TimeoutExpired(arguments, TIMEOUT) from None
        text = printed.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        return subprocess.CompletedProcess(arguments, int(code), text)

    def close(self) -> None:
        """End the server, and the command that it runs."""
        self._control.close()
        self.process.wait()


def _read_once(environment: dict[str, str]) -> dict[str, str]:
    known = environment.items()
    return {k: v for k, v in known if k.startswith(READ_ONCE) and k != "PYTHONPATH"}


def _all_of(descriptor: int, end: float) -> bytes:
    """All that comes until the other end is closed."""
    pieces = []
    while select.select([descriptor], [], [], max(0, end - time.monotonic()))[0]:
        if not (piece := os.read(descriptor, 2**16)):
            return b"".join(pieces)
        pieces.append(piece)
    raise TimeoutError


def serve(control: socket.socket) -> list[str]:
    """Fork a process for each request, which returns from here with its arguments.

    The server itself returns none, when nobody asks any more.
    """
    base = [path for path in sys.path if path != os.path.dirname(__file__)]
    _import_packages()
    while descriptors := socket.recv_fds(control, 1, 2)[1]:
        asking, output = socket.socket(fileno=descriptors[0]), descriptors[1]
        with asking, asking.makefile("rb") as request:
            arguments, folder, environment = json.load(request)
            if not (child := os.fork()):
                control.close()
                _become(folder, environment, output, base)
                return arguments
            os.close(output)
            code = os.waitstatus_to_exitcode(_status_of(child, asking))
            with contextlib.suppress(OSError):
                asking.sendall(str(code).encode())
    return []


def _import_packages() -> None:
    show, warnings.showwarning = warnings.showwarning, lambda *_: None
    for name in PACKAGES:
        importlib.import_module(name)
    for name in sys.modules["_pytest.config"].default_plugins:
        importlib.import_module(f"_pytest.{name}")
    warnings.showwarning = show
    for name in [name for name in sys.modules if name.partition(".")[0] in PLUGINS]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()  # So that no command looks through what it has in common with the others.


def _become(folder: str, environment: dict[str, str], output: int, base: list[str]) -> None:
    """Make this process what `python -m` would have started."""
    os.setpgid(0, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    added = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:] = [os.getcwd(), *map(os.path.abspath, added), *base]


def _status_of(child: int, asking: socket.socket) -> int:
    """Wait for a command to end; it is ended when nobody waits for it any more."""
    watched, ended = select.poll(), os.pidfd_open(child)
    watched.register(ended, select.POLLIN)
    watched.register(asking, 0)  # Asks for nothing but whether the other end is closed.
    if ended not in dict(watched.poll()):
        for kill in (os.kill, os.killpg):
            with contextlib.suppress(ProcessLookupError):
                kill(child, signal.SIGKILL)
    os.close(ended)
    return os.waitpid(child, 0)[1]


def execute(arguments: list[str]) -> int:
    """Run a module as `python -m` does; returns the exit code."""
    sys.argv, code = arguments, 0
    try:
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    except SystemExit as error:
        code = 0 if error.code is None else error.code
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__.tb_next)
        code = 1
    return code


def leave(code: int) -> None:
    """End this process as Python does, except that it does not empty each module first."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code & 0xFF)


if __name__ == "__main__":
    if told := serve(socket.socket(fileno=int(sys.argv[1]))):
        leave(execute(told))
