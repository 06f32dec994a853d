"""A program runs in a process of its own, under limits that hold from outside."""

import dataclasses
import pathlib
import time

import psutil
import pytest

from verify import settings
from verify.pages import Part, Program
from verify.sessions import Result, Server

ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def server() -> Server:
    known = settings.load(ROOT)
    limits = dataclasses.replace(known.limits, seconds=6)
    # verify.testing may have started the server of this process with TensorFlow in it already.
    return Server(dataclasses.replace(known, limits=limits, preload=("matplotlib.pyplot",)))


@pytest.fixture
def run(server):
    def run(*codes: str, values: tuple[str, ...] = ()) -> Result:
        lines, parts = 1, []
        for code in codes:
            parts.append(Part(code, "snippets/p.py", lines))
            lines += code.count("\n") + 1
        return server.run(Program("p.py", tuple(parts), values))

    return run


def test_parts_share_a_namespace_and_keep_their_outputs_apart(run):
    result = run("x = 1\nprint('a')", "print(x + 1)", values=("x", "f'{x:.2f}'"))
    assert result.error is None
    assert result.outputs == ["a\n", "2\n"]
    assert result.values == {"x": "1", "f'{x:.2f}'": "1.00"}


def test_output_written_below_python_is_captured(run):
    assert run("import os\nos.write(1, b'low\\n')").outputs == ["low\n"]


def test_main_block_runs_and_module_can_be_pickled(run):
    code = (
        "import dataclasses, pickle\n@dataclasses.dataclass\nclass A:\n    x: int\n"
        "if __name__ == '__main__':\n    print(pickle.loads(pickle.dumps(A(1))))"
    )
    assert run(code).outputs == ["A(x=1)\n"]


def test_error_names_file_and_line(run):
    result = run("x = 1", "y = 2\nassert x == y, 'x is 1'")
    assert result.error.startswith("snippets/p.py:3: AssertionError: x is 1")
    assert result.failed_part == 1 and len(result.outputs) == 1


@pytest.mark.parametrize(
    "code, message",
    [
        ("import os\nos._exit(0)", "ended the process with exit code 0 before its last line"),
        ("import sys\nsys.exit(0)", "ended itself with exit code 0"),
        ("import pytest\npytest.skip('no')", "Skipped"),
        ("import pytest\npytest.exit('no', returncode=0)", "Exit"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "ended by signal 11"),
        ("raise TypeError('twice')", "TypeError: twice"),
        (
            "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()",
            "ZeroDivisionError",
        ),
        ("import threading\nthreading.Thread(target=lambda: 1 / 0).start()", "ZeroDivisionError"),
        ("input()", "EOFError"),
        ("x = bytearray(64 << 30)", "MemoryError"),
        ("print('x' * 10**7)", "printed more than"),
        (
            "import matplotlib.pyplot as plt\nfor _ in range(13):\n    plt.figure()",
            "more than 12 figures",
        ),
    ],
)
def test_program_that_does_not_reach_its_end_fails(run, code, message):
    assert message in (run(code).error or "it passed")


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    pass",
        "while True:\n    try:\n        import time\n        time.sleep(1)\n    except BaseException:\n        pass",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
    ],
)
def test_program_that_never_ends_is_stopped(run, code):
    assert "was stopped after 6 seconds" in run(code).error


def test_network_is_off_but_loopback_works(run):
    result = run(
        "import socket\n"
        "try:\n    socket.create_connection(('192.0.2.1', 9), timeout=3)\n"
        "except OSError as error:\n    print(type(error).__name__, error.errno)\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(bool(socket.create_connection(server.getsockname(), timeout=3)))"
    )
    if result.network == "on":
        pytest.skip("this machine does not permit network namespaces; README and report say so")
    assert result.outputs == ["OSError 101\nTrue\n"]


def test_environment_and_folder_are_fresh_every_time(run, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    first = run("import os\nos.environ['A'] = '1'\nopen('left', 'w').close()\nprint(os.listdir())")
    second = run(
        "import os\nprint(os.environ.get('A'), os.environ.get('SECRET_TOKEN'), os.listdir())"
    )
    assert (first.outputs, second.outputs) == (["['left']\n"], ["None None []\n"])


def test_patched_runner_does_not_reach_the_next_program(run):
    run("import verify.sessions\nverify.sessions._execute = None")
    assert run("print(1)").outputs == ["1\n"]


def test_child_process_left_behind_is_ended(run):
    code = "import subprocess\np = subprocess.Popen(['sleep', '300'])\nprint(p.pid)"
    pid = int(run(code).outputs[0])
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie":
        assert time.monotonic() < deadline, "the child is still running"
        time.sleep(0.05)


def test_figures_take_the_pages_colour_and_have_no_background(run):
    result = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.xlabel('step')\nplt.show()", "x = 1"
    )
    assert [len(drawings) for drawings in result.figures] == [1, 0]
    svg = result.figures[0][0]
    assert "currentColor" in svg and ">step<" in svg
    assert "#ffffff" not in svg and "font-family" not in svg and "<style" not in svg


def test_same_program_draws_the_same_bytes(run):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    assert run(code).figures == run(code).figures


def test_inline_value_that_fails_is_kept_with_its_reason(run):
    result = run("x = 1", values=("y",))
    assert result.error is None
    assert result.value_errors == {"y": "NameError: name 'y' is not defined"}
