"""Where programs run: on the cores of this machine, or on the workers of a Dask cluster.

Both are executors of `concurrent.futures`; docs/*/about/speed.md says when the second is worth it.
"""

import ast
import concurrent.futures
import contextlib
import dataclasses
import functools
import multiprocessing
import os
import pathlib
import threading
from collections.abc import Iterable

from verify import records, settings
from verify.pages import Program
from verify.sessions import Result, Server
from verify.settings import Settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONNECT = 20  # seconds to wait for a cluster's scheduler
_starting = threading.Lock()


class Unreachable(Exception):
    """No cluster answers; the message says what to do."""


@contextlib.contextmanager
def open_executor(address: str, programs: Iterable[Program], known: Settings):
    """Open what runs programs, and close it afterwards.

    Args:
        address: of a Dask scheduler, such as `tcp://10.0.0.1:8786`; "" for this machine's cores.
        programs: what will run; only packages that one of them imports are loaded beforehand.
        known: the settings of the handbook.

    Yields:
        An executor, the function to give it (program, key → result), and how many run at once.

    Raises:
        Unreachable: there is no cluster at the address, or the group `cluster` is not installed.
    """
    if not address:
        server = Server(dataclasses.replace(known, preload=needed(programs, known.preload)))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            yield pool, functools.partial(_run, server), os.cpu_count()
        return
    with _client(address) as client:
        yield client.get_executor(), run_on_worker, sum(client.nthreads().values())


def needed(programs: Iterable[Program], preload: tuple[str, ...]) -> tuple[str, ...]:
    """Those packages of `preload` that a program imports, in their order."""
    roots = {root for program in programs for part in program.parts for root in _imports(part.code)}
    return tuple(name for name in preload if name.partition(".")[0] in roots)


def _imports(code: str) -> set[str]:
    """The top-level packages that some code imports, at any depth."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def _run(server: Server, program: Program, key: str) -> Result:
    return server.run(program)


def _client(address: str):
    try:
        import distributed
    except ImportError:
        raise Unreachable(
            "pyproject.toml:1: distributed is not installed. Run: uv sync --group cluster"
        ) from None
    try:
        return distributed.Client(address, timeout=CONNECT)
    except OSError:
        raise Unreachable(
            f"{address}: no Dask scheduler answers here. Start one (dask scheduler), or leave --cluster out."
        ) from None


def run_on_worker(program: Program, key: str) -> Result:
    """Run a program in this process, which is a worker of a cluster.

    Args:
        program: what to run, by the runner of this worker's own checkout.
        key: under which the result will be stored where it was asked for.

    Returns:
        Its result; an error if this worker's checkout or machine would store it under another key.
    """
    known, part = settings.load(ROOT), program.parts[0]
    if multiprocessing.current_process().daemon:
        return Result(
            error=f"{part.file}:{part.line}: the worker in {ROOT} may not start processes. Start it with "
            "dask worker --no-nanny."
        )
    if records.key_of(program, known) != key:
        return Result(
            error=f"{part.file}:{part.line}: the worker in {ROOT} has another lock file, Python, kind of "
            "machine or runner. Bring it to the same commit, and start it again."
        )
    return _server_of_worker().run(program)


def _server_of_worker() -> Server:
    with _starting:  # A worker has several threads, and one server.
        return _one_server()


@functools.cache
def _one_server() -> Server:
    return Server(settings.load(ROOT))
