"""A program → what it printed, drew and defined, or its error at `file:line`.

Three processes stand between a test and a program. The server imports TensorFlow once. For each
program it forks a guard, which runs nothing of the program's: it watches time, processes and
output from outside, and ends them all. The guard forks the worker, which closes the walls of
verify/confinement.py behind itself and runs the program. The worker reports in JSON: unpickling
what a program can write would run its code on the other side of the walls.
"""

import ast
import base64
import builtins
import contextlib
import dataclasses
import errno
import fcntl
import functools
import io
import json
import linecache
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import pathlib
import re
import resource
import secrets
import select
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import types

import psutil

from verify import confinement
from verify.pages import Part, Program
from verify.settings import Limits, Settings

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

# Text and axes take the page's own colour; series colours are readable on white and on dark.
INK = "#010203"
SERIES = [
    "#2f83d6", "#e0701f", "#2a9d62", "#c94f7c", "#8a6bd1",
    "#a07f1c", "#2e9fb0", "#888888", "#8aa82a", "#c2554f",
]  # fmt: skip
FIGURE_STYLE = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": f"cycler(color={SERIES})",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "figure.figsize": "6.4, 3.4",
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "font.family": "sans-serif",
    "grid.alpha": 0.25,
    "grid.color": "#808080",
    "image.interpolation": "none",  # pixels as they are: small files, drawn sharp by the browser
    "legend.framealpha": 0,
    "svg.fonttype": "none",
    "svg.hashsalt": "handbook",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}

BUILTINS = {**builtins.__dict__}
FUNCTION = types.FunctionType
_starting = threading.Lock()
GRACE = 15  # seconds that the guard has to end a program and to report
REPORT = 3  # descriptor by which a worker reports
REPORT_LIMIT = 2**26  # bytes that a program's figures and values may have


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
        walls: those of `confinement.WALLS` that stood around it.
    """

    error: str | None = None
    failed_part: int = 0
    outputs: list[str] = dataclasses.field(default_factory=list)
    figures: list[list[str]] = dataclasses.field(default_factory=list)
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    value_errors: dict[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    peak_mib: int = 0
    walls: list[str] = dataclasses.field(default_factory=list)


class Server:
    """Starts the process that imports the packages once, and forks from it for each program.

    Attributes:
        walls: those of `confinement.WALLS` that this machine can build.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([*settings.preload, "verify.sessions"])
        with _environment(_clean() | {"PYTHONWARNINGS": "ignore"}), _standard_error(settings):
            multiprocessing.forkserver.ensure_running()
        nothing = Program("nothing", (Part("pass", "nothing", 1),))
        self.walls: tuple[str, ...] = ()
        self.walls = tuple(
            wall for wall in confinement.WALLS if not self._run(nothing, (wall,)).error
        )

    def run(self, program: Program) -> Result:
        """Run a program to its end, or to the limit.

        Args:
            program: parts, run top to bottom in one namespace, then inline expressions.

        Returns:
            The result; a failure of the program is in `Result.error`, never raised.
        """
        return self._run(program, self.walls)

    def _run(self, program: Program, walls: tuple[str, ...]) -> Result:
        receiver, sender = self.context.Pipe(duplex=False)
        guard = self.context.Process(
            target=_guard,
            args=(program, self.settings.limits, str(self.settings.root), walls, sender),
        )
        with _without_main():
            guard.start()
        sender.close()
        message = None
        if receiver.poll(self.settings.limits.seconds + GRACE):
            with contextlib.suppress(EOFError, OSError):
                message = receiver.recv()
        guard.kill()
        guard.join()
        return Result(**message) if message else Result(error=_lost(program.parts[0]))


@contextlib.contextmanager
def _without_main():
    """Start a process that does not import again the command which started this one.

    Each program would pay for it: half a second for pytest, seconds for a worker of a cluster.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _lost(part: Part) -> str:
    return f"{part.file}:{part.line}: the guard of this program ended before the program did. Run it again."


def _clean() -> dict[str, str]:
    """What a process that will run programs may know of the environment: no token, no secret."""
    return {k: os.environ[k] for k in ("PATH", "HOME", "TMPDIR") if k in os.environ} | PINNED


@contextlib.contextmanager
def _environment(whole: dict[str, str]):
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(whole)
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


# ── The guard: runs nothing of the program's. ─────────────────────────────────────────────────


def _guard(program: Program, limits: Limits, root: str, walls: tuple[str, ...], sender) -> None:
    os.setsid()
    confinement.die_with_parent()
    confinement.adopt_orphans()
    try:
        with tempfile.TemporaryDirectory(prefix="handbook-", ignore_cleanup_errors=True) as scratch:
            message = _watch(program, limits, root, walls, pathlib.Path(scratch))
    except OSError as error:
        part = program.parts[0]
        message = {"error": f"{part.file}:{part.line}: the program could not be started: {error}."}
    sender.send(message)
    sender.close()
    os._exit(0)


def _watch(program: Program, limits: Limits, root: str, walls: tuple[str, ...], scratch) -> dict:
    """Fork the worker, and watch it to its end or to a limit."""
    home = scratch / "home"
    home.mkdir()
    if "network" in walls:
        confinement.leave_network()
        _fork(signal.pause)  # Process 1 of the program's table; all of them end with it.
    reading, writing = os.pipe()
    token = secrets.token_hex()  # A program that writes a report of its own does not know it.
    with open(scratch / "stdout", "w+b") as out, open(scratch / "stderr", "w+b") as err:
        streams = (os.open(os.devnull, os.O_RDONLY), out.fileno(), err.fileno(), writing)
        worker = _fork(_work, program, limits, root, walls, home, streams, token)
        os.close(writing)
        os.set_blocking(reading, False)
        deadline = time.monotonic() + limits.seconds
        said, fault, status = b"", None, None
        while status is None and fault is None:
            if select.select([reading], [], [], 0.1)[0]:
                said += (piece := _read(reading))
                time.sleep(0 if piece else 0.001)  # It closed: it is about to end.
            ended, code = os.waitpid(worker, os.WNOHANG)
            status = os.waitstatus_to_exitcode(code) if ended else None
            fault = _over_limit(limits, deadline, out, said)
        said += _read(reading)
        _end_all()
        return _verdict(program, said.splitlines(), token, fault, status, err)


def _verdict(program: Program, said: list[bytes], token: str, fault, status, err) -> dict:
    """The worker's own result if it is whole, else what became of the program."""
    number, message = 0, {}
    for line in said:
        try:
            message = json.loads(line)
            if message.pop("token") != token:
                raise ValueError
            number = message.get("part", number)
        except (ValueError, KeyError, AttributeError):
            fault = fault or (
                "the program wrote to the descriptor by which the runner reports. Leave it alone."
            )
    if not fault and "outputs" in message:
        return message
    part = program.parts[number]
    return {
        "error": f"{part.file}:{part.line}: {fault or _died(status, err)}",
        "failed_part": number,
    }


def _fork(target, *arguments) -> int:
    if child := os.fork():
        return child
    try:
        confinement.die_with_parent()
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


def _over_limit(limits: Limits, deadline: float, out, said: bytes) -> str | None:
    if time.monotonic() > deadline:
        return (
            f"the program was stopped after {limits.seconds:g} seconds. Make it smaller; the limit "
            "stands in pyproject.toml under [tool.handbook.limits]."
        )
    if os.fstat(out.fileno()).st_size > limits.output_kib * 1024:
        return (
            f"the program printed more than {limits.output_kib} KiB. Print less; a reader will not "
            "read it."
        )
    if len(said) > REPORT_LIMIT:
        return "the program's figures and values are larger than 64 MiB. Draw fewer points."
    if len(psutil.Process().children(recursive=True)) > limits.processes:
        return f"the program started more than {limits.processes} processes. Start fewer."
    return None


def _died(code: int, err) -> str:
    err.seek(0)
    tail = err.read().decode("utf-8", "replace")[-2000:].strip()
    how = f"was ended by signal {-code}" if code < 0 else f"ended the process with exit code {code}"
    return f"the program {how} before its last line. Let it run to its end.\n{tail}".strip()


def _end_all() -> None:
    """End everything that this guard started, however fast it starts more."""
    while family := psutil.Process().children(recursive=True):
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


# ── The worker: runs the program. ─────────────────────────────────────────────────────────────


def _work(
    program: Program, limits: Limits, root: str, walls, home: pathlib.Path, streams, token: str
) -> None:
    if program.notebook:
        from verify import kernels
    os.setsid()
    _take_streams(streams)
    confinement.adopt_orphans()
    size = int(limits.files_gib * 2**30)
    if "network" in walls:
        confinement.mount_own(home, size)
        resource.setrlimit(resource.RLIMIT_NPROC, (limits.processes * 8,) * 2)  # counts threads
    _replace_environment(home)
    if "files" in walls:
        confinement.close_files(home)
    resource.setrlimit(resource.RLIMIT_AS, (int(limits.memory_gib * 2**30),) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _forget_runner(root)
    _prepare_figures()
    tell = functools.partial(_tell, token)
    execute = kernels.execute if program.notebook else _execute
    result = execute(program, limits, pathlib.Path(root), tell)
    result.walls = list(walls)
    tell(dataclasses.asdict(result))
    os._exit(0)


def _take_streams(streams: tuple[int, int, int, int]) -> None:
    """Keep standard input, output, error and, as 3, the way to report; close all others."""
    copies = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for descriptor in streams]
    for target, descriptor in enumerate(copies):
        os.dup2(descriptor, target, inheritable=target < REPORT)
    os.closerange(REPORT + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)
    tracker = multiprocessing.resource_tracker._resource_tracker
    tracker._fd = tracker._pid = None  # A program that needs one starts its own.


def _tell(token: str, message: dict) -> None:
    text = json.dumps(message | {"token": token}).encode() + b"\n"
    while text:
        text = text[os.write(REPORT, text) :]


def _forget_runner(root: str) -> None:
    """Let a program import what a reader of it could import."""
    ours = os.path.realpath(root)
    sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) != ours]
    for name in [name for name in sys.modules if name.split(".")[0] in ("verify", "conftest")]:
        del sys.modules[name]


def rss_unit() -> int:
    """How many of the system's units of resident memory are a MiB."""
    return 2**20 if sys.platform == "darwin" else 2**10


def _replace_environment(home: pathlib.Path) -> None:
    """Give the program a home, a temporary folder and a working folder, all empty, and no secret."""
    for name in ("work", "tmp"):
        (home / name).mkdir()
    os.chdir(home / "work")
    style = [f"{name}: {str(value).replace('#', '')}" for name, value in FIGURE_STYLE.items()]
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


def _prepare_figures() -> None:
    if "matplotlib" not in sys.modules:
        return  # It will find its style in the home folder.
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
        drawings.append(page_drawing(buffer.getvalue()))
    pyplot.close("all")
    return drawings


def page_drawing(svg: str) -> str:
    """Keep the drawing only: the page's ink and font, and nothing that nobody sees."""
    svg = re.sub(
        r"<metadata>.*?</metadata>|<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.S
    )
    svg = re.sub(r" *font-family: [^;\"]*;?", "", svg)
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = re.sub(r' (?:d|x|y|points)="[^"]*"', _to_a_tenth_of_a_point, svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    svg = re.sub(r"data:image/png;base64,([^\"]*)", _with_a_palette, svg)
    svg = re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", svg))
    innermost = re.compile(r"<g( [^>]*)?>((?:(?!</?g[ >]).)*)</g>")
    while innermost.search(svg):  # <G>, a group that was looked at, until none is left
        svg = innermost.sub(lambda m: f"<G{m[1]}>{m[2]}</G>" if m[1] else m[2], svg)
    svg = svg.replace("<G ", "<g ").replace("</G>", "</g>")
    return svg.replace(INK, "currentColor").strip()


def _to_a_tenth_of_a_point(coordinates: re.Match) -> str:
    return re.sub(
        r"-?\d+\.\d+", lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), coordinates[0]
    )


def _with_a_palette(address: re.Match) -> str:
    """A bitmap of at most 256 colours, which matplotlib writes with four bytes for each pixel."""
    import numpy as np
    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(address[1]))).convert("RGBA"))
    colours, index = np.unique(pixels.reshape(-1, 4), axis=0, return_inverse=True)
    if len(colours) > 256:
        return address[0]
    indexed = Image.fromarray(index.reshape(pixels.shape[:2]).astype("uint8"), "P")
    indexed.putpalette(colours.tobytes(), "RGBA")
    buffer = io.BytesIO()
    indexed.save(buffer, "png", optimize=True)
    lighter = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    return min(lighter, address[0], key=len)


class Stopped(Exception):
    """The program broke a rule of its own accord."""


def _execute(program: Program, limits: Limits, root: pathlib.Path, tell) -> Result:
    result = Result()
    thread_errors: list[BaseException] = []
    threading.excepthook = lambda info: thread_errors.append(info.exc_value or SystemExit())
    module = types.ModuleType("__main__")
    module.__file__ = str(root / program.parts[0].file)
    sys.modules["__main__"] = module
    sys.argv = [module.__file__]
    _remember_source(program)
    intact = _fingerprint()
    start = time.perf_counter()
    offset = 0
    for number, part in enumerate(program.parts):
        tell({"part": number})
        result.failed_part = number
        try:
            tree = ast.parse(part.code, part.file)
            ast.increment_lineno(tree, part.line - 1)
            exec(compile(tree, part.file, "exec", optimize=0, dont_inherit=True), module.__dict__)
            _check_intact(intact)
            if number == len(program.parts) - 1:
                _wait_for_threads()
            if thread_errors:
                raise thread_errors[0]
            drawings = _collect_figures()
            printed, offset = _printed(offset)
            check_figures(result, drawings, limits)
            if number == len(program.parts) - 1:
                _check_no_process_left()
        except BaseException as error:
            result.error = _explain(error, part, program)
            return result
        result.outputs.append(printed)
        result.figures.append(drawings)
    for expression in program.expressions:
        try:
            result.values[expression] = str(eval(expression, module.__dict__))
        except BaseException as error:
            result.value_errors[expression] = f"{type(error).__name__}: {error}"
    result.seconds = round(time.perf_counter() - start, 2)
    result.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // rss_unit()
    return result


def _remember_source(program: Program) -> None:
    """Let tracebacks and tf.function find the lines, which the program cannot read from disk."""
    for file in {part.file for part in program.parts}:
        lines: list[str] = []
        for part in (part for part in program.parts if part.file == file):
            code = part.code.splitlines(keepends=True)
            lines += ["\n"] * (part.line - 1 + len(code) - len(lines))
            lines[part.line - 1 : part.line - 1 + len(code)] = code
        linecache.cache[file] = (len(lines), None, lines, file)


def _fingerprint() -> dict[str, object]:
    """What a program must leave as it is: the built-in names, and the functions of this file."""
    ours = {name: value for name, value in globals().items() if isinstance(value, FUNCTION)}
    return (
        {f"builtins.{name}": value for name, value in BUILTINS.items()}
        | {f"verify.sessions.{name}": value for name, value in ours.items()}
        | {f"the code of {name}": value.__code__ for name, value in ours.items()}
    )


def _check_intact(before: dict[str, object]) -> None:
    now = {**builtins.__dict__}
    builtins.__dict__.update(BUILTINS)  # What follows uses them.
    after = _fingerprint() | {f"builtins.{name}": value for name, value in now.items()}
    names = sorted((before.keys() | after.keys()) - {"builtins._"})
    changed = [name for name in names if before.get(name) is not after.get(name)]
    if changed:
        raise Stopped(
            f"the program changed {', '.join(changed[:3])}. Leave Python's built-in names and the runner as they are"
        )


def _check_no_process_left() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass  # What has ended may have left children, which are this process's now.
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            command = " ".join(process.cmdline())
            # Python's own helper, which ends by itself when the program does.
            if "resource_tracker" not in command:
                raise Stopped(
                    f"the program left a process running: {command[:60]!r}. Wait for it, or end it"
                )


def _wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


def _printed(offset: int) -> tuple[str, int]:
    sys.stdout.flush()
    text = os.pread(1, 2**24, offset)
    return text.decode("utf-8", "replace"), offset + len(text)


def check_figures(result: Result, drawings: list[str], limits: Limits) -> None:
    """Raise `Stopped` if these drawings are more than a program may have in all."""
    if sum(map(len, result.figures)) + len(drawings) > limits.figures:
        raise Stopped(f"the program drew more than {limits.figures} figures. Draw fewer")


def _advice(error: BaseException) -> str:
    """What to do about an error that a wall or a limit caused."""
    reason = getattr(error, "reason", error)  # urllib wraps the error of the socket
    number = getattr(reason, "errno", None)
    if isinstance(error, MemoryError):
        return ". Use less memory; the limit stands in pyproject.toml under [tool.handbook.limits]."
    if isinstance(error, PermissionError):
        return (
            ". A program may write only below its home folder, read only the system and the packages, "
            "and signal only its own processes."
        )
    if isinstance(reason, socket.gaierror) or number in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return ". Programs run without a network; use data that a package brings along."
    if number in (errno.ENOSPC, errno.EFBIG):
        return ". Write less; the limit stands in pyproject.toml under [tool.handbook.limits]."
    if isinstance(error, EOFError):
        return ". Nobody types while a program runs; write the value in the program."
    return ""


def _explain(error: BaseException, part: Part, program: Program) -> str:
    ours = {p.file: p for p in program.parts}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in ours]
    file, line = (frames[-1].filename, frames[-1].lineno) if frames else (part.file, part.line)
    if isinstance(error, SyntaxError) and error.filename in ours:
        file, line = error.filename, (error.lineno or 1) + part.line - 1
    if isinstance(error, Stopped):
        return f"{file}:{line}: {error}."
    if isinstance(error, SystemExit):
        return (
            f"{file}:{line}: the program ended itself with exit code {error.code!r} before its last "
            "line. Let it run to its end."
        )
    first, _, rest = str(error).partition("\n")
    text = f"{file}:{line}: {type(error).__name__}{': ' if first else ''}{first}{_advice(error)}"
    source = next(
        (
            p.code.splitlines()[line - p.line]
            for p in program.parts
            if p.file == file and 0 <= line - p.line < len(p.code.splitlines())
        ),
        "",
    )
    notes = [source.strip() and f"    {source.strip()}", rest.strip()[:2000]]
    with contextlib.suppress(OSError, ValueError):
        printed = _printed(0)[0][-1500:].strip()
        notes.append(printed and f"It had printed:\n{printed}")
    return "\n".join([text, *[n for n in notes if n]])
