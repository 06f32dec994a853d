"""A command that is forked does what one that is really started does."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.support.forked import Forked
from tests.support.handbooks import ROOT, copy_of, started, surroundings

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere every command is really started"
)


@pytest.fixture(scope="module")
def server():
    with contextlib.closing(Forked(surroundings())) as running:
        yield running


@pytest.fixture
def both(server, tmp_path):
    """Runs a module that is written for it, started and forked."""

    def both(code: str, *arguments: str, **variables: str) -> list[subprocess.CompletedProcess]:
        (tmp_path / "probe.py").write_text(code, "utf-8")
        told = ("probe", *arguments), tmp_path, surroundings() | variables
        return [start(*told) for start in (started, server.run)]

    return both


def broken(handbook) -> None:
    handbook.replace("docs/zh/index.md", "x = [1, 2, 3]", "x = [1, 2, 1 / 0]")
    handbook.replace("docs/en/index.md", "x = [1, 2, 3]", "x = [1, 2, 1 / 0]")


def without_a_record(handbook) -> None:
    handbook.records()[0].unlink()


@pytest.mark.parametrize(
    "change, command, code",
    [
        (without_a_record, "run", 0),
        (without_a_record, "site", 0),
        (without_a_record, "publish", 1),
        (broken, "run", 1),
        (lambda handbook: None, "workflows", 0),
    ],
)
def test_command_says_the_same(server, published, tmp_path, change, command, code):
    said = []
    for start in (started, server.run):
        handbook = copy_of(published, tmp_path, start)
        change(handbook)
        result = getattr(handbook, command)()
        said.append(re.sub(r" *\d+\.\d+ ?s", "", result.stdout))
        assert result.returncode == code, result.stdout
        handbook.root.rename(tmp_path / f"{len(said)}")
    assert said[0] == said[1] and said[0]


SURROUNDINGS = """
import __main__, os, signal, sys, threading
print(__name__, __file__, __main__.__spec__.name, sys.argv, os.getcwd(), sys.path)
print(sorted(os.environ.items()), sys.flags, sys.dont_write_bytecode, sys.stdin.read())
print(sorted(os.listdir("/proc/self/fd")), os.readlink("/proc/self/fd/0"), threading.active_count())
print([(s, signal.getsignal(s)) for s in signal.valid_signals()], signal.pthread_sigmask(0, []))
print(*(stream.encoding for stream in (sys.stdin, sys.stdout, sys.stderr)))
print(*(name for name in sys.modules if name.partition(".")[0] in ("handbook", "tests")))
os.system("env | sort")
"""


def test_command_finds_the_same_around_it(both):
    one, other = both(SURROUNDINGS, "a b", "", A="1", PYTHONPATH="/tmp/one:two")
    assert one.returncode == 0, one.stdout
    assert one.stdout == other.stdout


@pytest.mark.parametrize(
    "code, returned, last",
    [
        ("pass", 0, ""),
        ("import sys; print('out'); sys.exit()", 0, "out"),
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit(-1)", 255, ""),
        ("import sys; sys.exit('gave up')", 1, "gave up"),
        ("{}['no']", 1, "KeyError: 'no'"),
        ("raise KeyboardInterrupt", -signal.SIGINT, "KeyboardInterrupt"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM, ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, ""),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV, ""),
        ("import os; os.write(2, b'last words'); os._exit(7)", 7, "last words"),
        ("import atexit; atexit.register(print, 'at its end')", 0, "at its end"),
        ("import threading as t; t.Timer(0.2, print, ['late']).start()", 0, "late"),
        (
            "import multiprocessing as m\nif __name__ == '__main__':\n"
            "    for way in ('fork', 'spawn'):\n        with m.get_context(way).Pool(1) as pool:\n"
            "            print(pool.map(abs, [-1]))",
            0,
            "[1]",
        ),
        ("import subprocess as s; s.Popen('sleep 0.3; echo child', shell=True)", 0, "child"),
    ],
)
def test_command_ends_in_the_same_way(both, code, returned, last):
    for done in both(code):
        assert done.returncode == returned, done.stdout
        assert (done.stdout.splitlines() or [""])[-1] == last


def test_environment_that_only_a_new_process_reads_is_refused(server, tmp_path):
    with pytest.raises(ValueError, match="PYTHONOPTIMIZE"):
        server.run(("this",), tmp_path, surroundings() | {"PYTHONOPTIMIZE": "1"})


WAITS = """
import os, subprocess, time
child = subprocess.Popen(["sleep", "300"])
with open("new", "w") as file:
    print(os.getpid(), child.pid, file=file)
os.rename("new", "processes")
time.sleep(300)
"""


def wait_for_the_end_of(*pids: int) -> None:
    """A process that nobody waits for any more may stay a zombie."""
    for pid in pids:
        for _ in range(300):
            with contextlib.suppress(psutil.NoSuchProcess):
                if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                    time.sleep(0.1)
                    continue
            break
        else:
            pytest.fail(f"process {pid} is still running")


def test_command_that_takes_too_long_is_ended_with_its_children(server, tmp_path, monkeypatch):
    (tmp_path / "waits.py").write_text(WAITS, "utf-8")
    (tmp_path / "ends.py").write_text("print('served')", "utf-8")
    monkeypatch.setattr("tests.support.forked.TIMEOUT", 2)
    with pytest.raises(subprocess.TimeoutExpired):
        server.run(("waits",), tmp_path, surroundings())
    wait_for_the_end_of(*map(int, (tmp_path / "processes").read_text("utf-8").split()))
    monkeypatch.undo()
    assert server.run(("ends",), tmp_path, surroundings()).stdout == "served\n"


def test_server_keeps_nothing_of_its_commands(server, tmp_path):
    process = psutil.Process(server.process.pid)
    (tmp_path / "fails.py").write_text("import os; os.abort()", "utf-8")
    counts = []
    for _ in range(3):
        assert server.run(("fails",), tmp_path, surroundings()).returncode == -signal.SIGABRT
        counts.append((process.num_fds(), psutil.Process().num_fds(), process.num_threads()))
    assert len(set(counts)) == 1 and not process.children()


ASKS = """
import pathlib
from tests.support.forked import Forked
from tests.support.handbooks import surroundings
server = Forked(surroundings())
pathlib.Path("{folder}/server").write_text(str(server.process.pid))
server.run(("waits",), "{folder}", surroundings())
"""


def test_server_ends_with_the_process_that_started_it(tmp_path):
    (tmp_path / "waits.py").write_text(WAITS, "utf-8")
    asking = subprocess.Popen([sys.executable, "-c", ASKS.format(folder=tmp_path)], cwd=ROOT)
    noted = tmp_path / "processes"
    for _ in range(600):
        if noted.exists():
            break
        time.sleep(0.1)
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    pids = noted.read_text("utf-8").split() + [(tmp_path / "server").read_text("utf-8")]
    wait_for_the_end_of(*map(int, pids))
