"""What it costs to hand programs to other machines: two workers of a cluster on this one."""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import time

from benchmarks import handbooks
from benchmarks.measure import Row, module, must, say
from handbook.settings import ROOT

PROGRAMS = 200  # small ones: what is measured is the handing over
WAIT = 60  # seconds for the scheduler to start


def rows(folder: pathlib.Path) -> list[Row]:
    """All of it; `folder` is empty."""
    root = folder / "handbook"
    handbooks.synthetic(root, PROGRAMS, shared=False)
    # As on another machine: a checkout of its own, in which the worker finds its runner.
    (root / "handbook").unlink()
    shutil.copytree(ROOT / "handbook", root / "handbook")
    say(f"{PROGRAMS} small programs: here, then on two workers of a cluster")
    here = must(module("pytest", "docs", "-q", cwd=root)).seconds
    again = must(module("pytest", "docs", "-q", cwd=root)).seconds
    shutil.rmtree(root / ".handbook")
    with _cluster(root) as address:
        there = must(module("pytest", "docs", "-q", "--cluster", address, cwd=root)).seconds
    each = 1000 * (there - here) / PROGRAMS
    say(f"  {here:.1f} s here, {there:.1f} s there, {again:.1f} s when nothing runs")
    return [
        Row(
            {"zh": f"{PROGRAMS} 个小程序交给本机上两个 Dask 工作进程", "en": f"{PROGRAMS} small programs on two Dask workers on this machine"},
            {"zh": "直接在本机两个核上", "en": "on the two cores of this machine"},
            there,
            here,
            "s",
            {"zh": "量出开销", "en": "the overhead, measured"},
            True,
            {
                "zh": f"启动与连接都算在内，平均每个程序多 {each:.0f} 毫秒；两边各有 {again:.1f} 秒用于收集和报告",
                "en": f"start and connection included, {each:.0f} ms more for each program; {again:.1f} s of both go into collecting and reporting",
            },
        )
    ]  # fmt: skip


@contextlib.contextmanager
def _cluster(root: pathlib.Path):
    """A scheduler and two workers; yields its address."""
    file = root / "scheduler.json"

    def start(what: str, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *arguments],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    running = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))]  # fmt: skip
    end = time.monotonic() + WAIT
    while not file.is_file() and time.monotonic() < end:
        time.sleep(0.1)
    address = json.loads(file.read_text("utf-8"))["address"]
    running += [start("worker", address, "--no-nanny", "--nthreads", "1") for _ in range(2)]
    yield address
    for process in running:
        process.kill()
        process.wait()
