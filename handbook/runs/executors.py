"""Where programs run: on the cores of this machine, or on the workers of a Dask cluster.

Both are executors of `concurrent.futures`; docs/*/about/speed.md says when the second is worth it.
"""

import concurrent.futures
import contextlib
import dataclasses
import functools
import os
import threading
from collections.abc import Iterable

from handbook import settings
from handbook.messages import told
from handbook.mistakes import Mistake, Mistakes
from handbook.program import Program, imports_of
from handbook.runs import records
from handbook.sandbox import walls
from handbook.sandbox.result import Failure, Result
from handbook.sandbox.server import Server
from handbook.settings import ROOT, Settings

CONNECT = 20  # seconds to wait for a cluster's scheduler
_starting = threading.Lock()


@contextlib.contextmanager
def open_executor(address: str, programs: Iterable[Program], known: Settings):
    """Open what runs programs, and close it afterwards.

    Args:
        address: of a Dask scheduler, such as `tcp://10.0.0.1:8786`; "" for this machine's cores.
        programs: what will run; only packages that one of them imports are loaded beforehand.
        known: the settings of the handbook.

    Yields:
        An executor, the function to give it (program, key → result), and how it runs, in words.

    Raises:
        Mistakes: there is no cluster at the address, the group `cluster` is not installed, or a
            wall is missing where a change is judged.
    """
    if not address:
        server = Server(dataclasses.replace(known, preload=needed(programs, known.preload)))
        with contextlib.closing(server):
            how = told(f"{os.cpu_count()} run at a time; {_standing(server.walls)}")
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                yield pool, functools.partial(_run, server), how
        return
    with _client(address) as client:
        how = told(f"{sum(client.nthreads().values())} run at a time")
        yield client.get_executor(), run_on_worker, how


def _standing(built: tuple[str, ...]) -> str:
    """Which walls stand, in words.

    Raises:
        Mistakes: one is missing, and the environment says that this is CI.
    """
    missing = [wall for wall in walls.WALLS if wall not in built]
    if missing and os.environ.get("CI"):
        what = f"this machine cannot build the wall {missing[0]!r}"
        remedy = "Permit user namespaces and Landlock: see SECURITY.md."
        raise Mistakes([Mistake("handbook/sandbox/walls.py", 1, what, remedy)])
    standing = f"walls: {', '.join(built) or 'none'}"
    return f"{standing}; missing: {', '.join(missing)}" if missing else standing


def needed(programs: Iterable[Program], preload: tuple[str, ...]) -> tuple[str, ...]:
    """Those packages of `preload` that a program imports, in their order."""
    roots = {
        root for program in programs for part in program.parts for root in imports_of(part.code)
    }
    return tuple(name for name in preload if name.partition(".")[0] in roots)


def _run(server: Server, program: Program, _key: str) -> Result:
    return server.run(program)


def _client(address: str):
    try:
        import distributed
    except ImportError:
        what = "distributed is not installed"
        remedy = "Run: uv sync --group cluster"
        raise Mistakes([Mistake("pyproject.toml", 1, what, remedy)]) from None
    try:
        return distributed.Client(address, timeout=CONNECT)
    except OSError:
        host, _, port = address.rpartition(":")
        what = "no Dask scheduler answers here"
        remedy = "Start one (dask scheduler), or leave --cluster out."
        line = int(port) if port.isdigit() else 1
        raise Mistakes([Mistake(host or address, line, what, remedy)]) from None


def run_on_worker(program: Program, key: str) -> Result:
    """Run a program in this process, which is a worker of a cluster.

    Args:
        program: what to run, by the sandbox of this worker's own checkout.
        key: under which the result will be stored where it was asked for.

    Returns:
        Its result; a failure if this worker's checkout or machine would store it under another key.
    """
    first = program.parts[0]
    if records.key_of(program, settings.load(ROOT)) != key:
        return Result(
            failure=Failure("worker differs", first.file, first.line, {"root": str(ROOT)})
        )
    with _starting:  # A worker has several threads, and one server.
        server = _server_of_worker()
    return server.run(program)


@functools.cache
def _server_of_worker() -> Server:
    return Server(settings.load(ROOT))
