"""A program → what it printed, drew and defined, or its error at `file:line`.

Each program runs in a process of its own, forked from a server that has imported TensorFlow,
under limits that hold from outside: wall time is watched by the parent, memory and file size by
the kernel. Where the kernel permits it the process has no network but loopback.
"""

import ast
import contextlib
import ctypes
import dataclasses
import fcntl
import io
import linecache
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import os
import pathlib
import re
import resource
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import traceback
import types

import psutil

from verify.pages import Program
from verify.settings import Limits, Settings

# One thread per library, so that a laptop and a many-core server add in the same order.
PINNED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
}

# Text and axes take the page's own colour; series colours are readable on white and on dark.
INK = "#010203"
SERIES = [
    "#2f83d6", "#e0701f", "#2a9d62", "#c94f7c", "#8a6bd1",
    "#a07f1c", "#2e9fb0", "#888888", "#8aa82a", "#c2554f",
]  # fmt: skip
FIGURE_STYLE = {
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": f"cycler(color={SERIES})",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.figsize": (6.4, 3.4),
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "font.family": "sans-serif",
    "grid.alpha": 0.25,
    "grid.color": "#808080",
    "image.interpolation": "none",  # pixels as they are: small files, drawn sharp by the browser
    "legend.framealpha": 0,
    "savefig.transparent": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "handbook",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


@dataclasses.dataclass
class Result:
    """What became of a program.

    Attributes:
        error: None, or `file:line: what happened.` with lines of context below it.
        failed_part: index of the part that was running when it failed.
        outputs: for each part that finished, what it printed.
        figures: for each part that finished, its figures as SVG.
        values: text of each inline expression.
        value_errors: inline expressions that could not be computed, with the reason.
        seconds: wall time of the program.
        peak_mib: peak resident memory, the imported packages included, in MiB.
        network: "off", or "on" where the kernel does not let a process give it up.
    """

    error: str | None = None
    failed_part: int = 0
    outputs: list[str] = dataclasses.field(default_factory=list)
    figures: list[list[str]] = dataclasses.field(default_factory=list)
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    value_errors: dict[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    peak_mib: int = 0
    network: str = "on"


class Server:
    """Starts the process that imports the packages once, and forks from it for each program."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([*settings.preload, "verify.sessions"])
        with _environment(PINNED | {"PYTHONWARNINGS": "ignore"}), _standard_error(settings):
            multiprocessing.forkserver.ensure_running()

    def run(self, program: Program) -> Result:
        """Run a program to its end, or to the limit.

        Args:
            program: parts, run top to bottom in one namespace, then inline expressions.

        Returns:
            The result; a failure of the program is in `Result.error`, never raised.
        """
        limits = self.settings.limits
        with tempfile.TemporaryDirectory(prefix="handbook-", ignore_cleanup_errors=True) as scratch:
            receiver, sender = self.context.Pipe(duplex=False)
            process = self.context.Process(
                target=_work, args=(program, limits, str(self.settings.root), scratch, sender)
            )
            process.start()
            sender.close()
            deadline = time.monotonic() + limits.seconds + 5  # five seconds for the fork itself
            try:
                ready = multiprocessing.connection.wait(
                    [receiver, process.sentinel], max(0.0, deadline - time.monotonic())
                )
                message = receiver.recv() if receiver in ready else None
            except (EOFError, OSError):
                message = None
            else:
                if not ready:
                    message = {
                        "error": f"{_place(program)}: the program was stopped after "
                        f"{limits.seconds:g} seconds. Make it smaller; the limit stands in "
                        "pyproject.toml under [tool.handbook.limits]."
                    }
            _kill(process)
            process.join()
            if message is None:
                message = {"error": _died(program, process.exitcode, pathlib.Path(scratch))}
        return Result(**message)


def _place(program: Program, part: int = 0) -> str:
    return f"{program.parts[part].file}:{program.parts[part].line}"


def _died(program: Program, code: int | None, scratch: pathlib.Path) -> str:
    part = 0
    with contextlib.suppress(OSError, ValueError):
        part = int((scratch / "part").read_text("utf-8"))
    tail = ""
    with contextlib.suppress(OSError):
        tail = "\n" + (scratch / "stderr").read_text("utf-8", "replace")[-2000:].strip()
    how = (
        f"was ended by signal {-code}"
        if code and code < 0
        else f"ended the process with exit code {code}"
    )
    return (
        f"{_place(program, part)}: the program {how} before its last line. "
        f"Let it run to its end.{tail}"
    )


def _kill(process: multiprocessing.process.BaseProcess) -> None:
    """End a program and everything it started."""
    family: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for child in family:
        with contextlib.suppress(psutil.Error):
            child.kill()


@contextlib.contextmanager
def _environment(extra: dict[str, str]):
    before = dict(os.environ)
    os.environ.update(extra)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _standard_error(settings: Settings):
    """Let a process that starts here write its notices to .handbook/server.log."""
    settings.records.parent.mkdir(parents=True, exist_ok=True)
    kept = os.dup(2)
    with open(settings.records.parent / "server.log", "wb") as log:
        os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


# ── Below: runs inside the forked process. ────────────────────────────────────────────────────


def _work(program: Program, limits: Limits, root: str, scratch: str, sender) -> None:
    os.setsid()
    network = _leave_network()
    home = pathlib.Path(scratch, "home")
    home.mkdir()
    os.chdir(home)
    _replace_environment(home)
    _redirect(pathlib.Path(scratch))
    resource.setrlimit(resource.RLIMIT_AS, (int(limits.memory_gib * 2**30),) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**30,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prepare_figures()
    result = _execute(program, limits, pathlib.Path(root), pathlib.Path(scratch))
    result.network = network
    result.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _rss_unit()
    sender.send(dataclasses.asdict(result))
    sender.close()
    os._exit(0)


def _rss_unit() -> int:
    return 2**20 if sys.platform == "darwin" else 2**10


def _leave_network() -> str:
    """Move this process into a network namespace of its own, with loopback up."""
    if not sys.platform.startswith("linux"):
        return "on"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        return "on"
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, 0x8913, request))[1]  # SIOCGIFFLAGS
        fcntl.ioctl(
            control, 0x8914, struct.pack("16sh14x", b"lo", flags | 1)
        )  # SIOCSIFFLAGS, IFF_UP
    return "off"


def _replace_environment(home: pathlib.Path) -> None:
    kept = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "HOME": str(home)}
    os.environ.clear()
    os.environ.update(kept | PINNED)


def _redirect(scratch: pathlib.Path) -> None:
    for descriptor, name in ((0, os.devnull), (1, scratch / "stdout"), (2, scratch / "stderr")):
        flags = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)


def _prepare_figures() -> None:
    if "matplotlib" not in sys.modules:
        return
    import matplotlib
    import matplotlib.pyplot

    matplotlib.use("agg")
    matplotlib.rcParams.update(FIGURE_STYLE)
    matplotlib.pyplot.show = lambda *_, **__: None  # figures are collected after each part


def _collect_figures() -> list[str]:
    if "matplotlib.pyplot" not in sys.modules:
        return []
    from matplotlib import pyplot

    drawings = []
    for number in pyplot.get_fignums():
        buffer = io.StringIO()
        pyplot.figure(number).savefig(
            buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None}
        )
        drawings.append(_page_colours(buffer.getvalue()))
    pyplot.close("all")
    return drawings


def _page_colours(svg: str) -> str:
    """Keep the drawing only: the page's ink and font, and no id that nothing refers to."""
    svg = re.sub(
        r"<metadata>.*?</metadata>|<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.S
    )
    svg = re.sub(r" *font-family: [^;\"]*;?", "", svg)
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return svg.replace(INK, "currentColor").strip()


class _Stopped(Exception):
    """The program broke a rule of its own accord."""


def _execute(program: Program, limits: Limits, root: pathlib.Path, scratch: pathlib.Path) -> Result:
    result = Result()
    thread_errors: list[BaseException] = []
    threading.excepthook = lambda info: thread_errors.append(info.exc_value or SystemExit())
    module = types.ModuleType("__main__")
    module.__file__ = str(root / program.parts[0].file)
    sys.modules["__main__"] = module
    sys.argv = [module.__file__]
    for part in program.parts:
        linecache.lazycache(part.file, {})
    start = time.perf_counter()
    offset = 0
    for number, part in enumerate(program.parts):
        (scratch / "part").write_text(str(number), "utf-8")
        result.failed_part = number
        try:
            tree = ast.parse(part.code, part.file)
            ast.increment_lineno(tree, part.line - 1)
            exec(compile(tree, part.file, "exec", optimize=0, dont_inherit=True), module.__dict__)
            if number == len(program.parts) - 1:
                _wait_for_threads()
            if thread_errors:
                raise thread_errors[0]
            drawings = _collect_figures()
            printed, offset = _printed(scratch, offset)
            _check_size(offset, result, drawings, limits)
        except BaseException as error:
            result.error = _explain(error, part, program, scratch)
            return result
        result.outputs.append(printed)
        result.figures.append(drawings)
    for expression in program.expressions:
        try:
            result.values[expression] = str(eval(expression, module.__dict__))
        except BaseException as error:
            result.value_errors[expression] = f"{type(error).__name__}: {error}"
    result.seconds = round(time.perf_counter() - start, 2)
    return result


def _wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


def _printed(scratch: pathlib.Path, offset: int) -> tuple[str, int]:
    sys.stdout.flush()
    with open(scratch / "stdout", "rb") as file:
        file.seek(offset)
        text = file.read(2**24)
        return text.decode("utf-8", "replace"), offset + len(text)


def _check_size(printed: int, result: Result, drawings: list[str], limits: Limits) -> None:
    if printed > limits.output_kib * 1024:
        raise _Stopped(
            f"the program printed more than {limits.output_kib} KiB. Print less; a reader will not read it"
        )
    if sum(map(len, result.figures)) + len(drawings) > limits.figures:
        raise _Stopped(f"the program drew more than {limits.figures} figures. Draw fewer")


def _explain(error: BaseException, part, program: Program, scratch: pathlib.Path) -> str:
    ours = {p.file: p for p in program.parts}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in ours]
    file, line = (frames[-1].filename, frames[-1].lineno) if frames else (part.file, part.line)
    if isinstance(error, SyntaxError) and error.filename in ours:
        file, line = error.filename, (error.lineno or 1) + part.line - 1
    if isinstance(error, _Stopped):
        return f"{file}:{line}: {error}."
    if isinstance(error, SystemExit):
        return (
            f"{file}:{line}: the program ended itself with exit code {error.code!r} before its last "
            "line. Let it run to its end."
        )
    first, _, rest = str(error).partition("\n")
    text = f"{file}:{line}: {type(error).__name__}{': ' if first else ''}{first}"
    source = next(
        (
            p.code.splitlines()[line - p.line]
            for p in program.parts
            if p.file == file and 0 <= line - p.line < len(p.code.splitlines())
        ),
        "",
    )
    notes = [source.strip() and f"    {source.strip()}", rest.strip()[:2000]]
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        printed = (scratch / "stdout").read_text("utf-8", "replace")[-1500:].strip()
        notes.append(printed and f"It had printed:\n{printed}")
    return "\n".join([text, *[n for n in notes if n]])
