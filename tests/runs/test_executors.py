"""Programs on a Dask cluster and in shares give the records that one machine gives."""

import json
import multiprocessing
import subprocess
import sys
import time

import pytest

from handbook import settings
from handbook.mistakes import Mistakes
from handbook.program import Part, Program
from handbook.runs import executors, records
from handbook.runs.failures import explain
from handbook.settings import ROOT
from tests.support.forked import TIMEOUT

PROGRAMS = 8


@pytest.fixture
def many(handbook):
    """A handbook with a page of eight programs that take a while."""
    blocks = "\n".join(
        f"```python\nimport time\n\ntime.sleep(0.5)\nprint({number})\n```\n\nNext.\n"
        for number in range(PROGRAMS)
    )
    for language in ("zh", "en"):
        front = "---\ntitle: Many\ndescription: Many programs.\n---\n\n# Many\n\n"
        (handbook.root / "docs" / language / "lessons" / "many.md").write_text(front + blocks)
    assert handbook.command("handbook", "in-line", "lessons/many.md").returncode == 0
    return handbook


@pytest.fixture
def cluster(many):
    """A scheduler and two workers on this machine, which work in the handbook's folder."""
    file = many.root / "scheduler.json"
    processes = [_start(many, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))]  # fmt: skip
    _wait(file.is_file)
    address = json.loads(file.read_text())["address"]
    for _ in range(2):
        processes.append(_start(many, "worker", address, "--no-nanny", "--nthreads", "1"))
    yield address, processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def _start(handbook, what: str, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *arguments]
    return subprocess.Popen(
        command, cwd=handbook.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _wait(condition) -> None:
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def _outputs(handbook) -> dict[str, list[str]]:
    """Key → what the program printed, of every record."""
    return {file.stem: json.loads(file.read_text())["result"]["outputs"] for file in handbook.records()}  # fmt: skip


def _forget(handbook) -> None:
    for file in handbook.records():
        file.unlink()


def test_a_cluster_gives_the_records_that_this_machine_gives(many, cluster):
    assert many.run().returncode == 0
    here = _outputs(many)
    _forget(many)

    done = many.run("docs", "--cluster", cluster[0])

    assert done.returncode == 0, done.stdout
    assert "2 run at a time" in done.stdout
    assert _outputs(many) == here and len(here) >= PROGRAMS


def test_a_worker_killed_half_way_loses_nothing(many, cluster):
    address, workers = cluster
    _forget(many)
    command = [sys.executable, "-m", "pytest", "docs", "-q", "-p", "no:cacheprovider", "--cluster", address]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=many.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    _wait(lambda: len(many.records()) >= 3)
    workers[0].kill()

    said = running.communicate(timeout=TIMEOUT)[0]

    assert running.returncode == 0, said
    assert {f"{number}\n" for number in range(PROGRAMS)} <= set(sum(_outputs(many).values(), []))


def test_a_worker_with_another_lock_file_is_named():
    program = Program("p.py", (Part("print(1)", "snippets/p.py", 1),))
    failure = executors.run_on_worker(program, "0" * 32).failure
    said = str(explain(failure, program))
    assert said.startswith("snippets/p.py:1: ") and "has another lock file" in said


def test_a_worker_below_a_nanny_runs_programs(monkeypatch):
    """Dask's nanny makes its worker a daemon, which may start no process by multiprocessing."""
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    program = Program("p.py", (Part("print(1)", "snippets/p.py", 1),))
    key = records.key_of(program, settings.load(ROOT))
    assert executors.run_on_worker(program, key).outputs == ["1\n"]


def test_a_cluster_that_does_not_answer_is_named(many):
    _forget(many)
    done = many.run("docs", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "tcp://127.0.0.1:9: no Dask scheduler answers here." in done.stdout
    assert "Traceback" not in done.stdout


def test_shares_add_up_to_the_whole(many):
    assert many.run().returncode == 0
    whole, sizes = _outputs(many), []
    _forget(many)
    for share in ("1/3", "2/3", "3/3"):
        before = len(many.records())
        done = many.run("docs", "--share", share)
        assert done.returncode == 0, done.stdout
        sizes.append(len(many.records()) - before)
    assert _outputs(many) == whole
    assert all(size < len(whole) for size in sizes)


def test_a_share_that_is_none_is_named(many):
    done = many.run("docs", "--share", "4/3")
    assert done.returncode != 0 and "'4/3' is no share" in done.stdout


def test_only_packages_that_a_program_imports_are_loaded_beforehand():
    programs = [
        Program("a.py", (Part("def f():\n    import keras.ops", "a.py", 1),)),
        Program("b.py", (Part("from matplotlib import pyplot", "b.py", 1),)),
    ]
    preload = ("tensorflow", "keras", "matplotlib.pyplot")
    assert executors.needed(programs, preload) == ("keras", "matplotlib.pyplot")


def test_missing_wall_is_said_and_is_an_error_where_changes_are_judged(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    assert executors._standing(("network", "files")) == "walls: network, files"
    assert executors._standing(("network",)) == "walls: network; missing: files"
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Mistakes, match="cannot build the wall 'files'"):
        executors._standing(("network",))
