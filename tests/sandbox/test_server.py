"""A program runs in a process of its own, under limits that hold from outside."""

import base64
import contextlib
import io
import os
import re
import subprocess
import sys
import threading

import numpy as np
import psutil
import pytest
from PIL import Image

from handbook.sandbox import walls
from handbook.sandbox.server import Server
from handbook.settings import ROOT
from tests.support.sandbox import program, said, settings_with


def test_parts_share_a_namespace_and_keep_their_outputs_apart(run):
    result = run("x = 1\nprint('a')", "print(x + 1)", values=("x", "f'{x:.2f}'"))
    assert result.failure is None
    assert result.outputs == ["a\n", "2\n"]
    assert result.values == {"x": ["1", "1"], "f'{x:.2f}'": ["1.00", "1.00"]}


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
    assert said(result).startswith("snippets/p.py:3: AssertionError: x is 1")
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
    assert message in said(run(code))


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    pass",
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        "import os\nif not os.fork():\n    while True:\n        pass\nos.wait()",
    ],
)
def test_program_that_computes_without_end_is_stopped(run, code):
    assert "was stopped after 3 seconds of processor time" in said(run(code))


@pytest.mark.parametrize(
    "code",
    [
        "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass",
        "import threading\nthreading.Lock().acquire()\nthreading.Event().wait()",
    ],
)
def test_program_that_waits_without_end_is_stopped(code):
    with contextlib.closing(Server(settings_with(wall_seconds=3))) as server:
        assert "had not ended after 3 seconds" in said(server.run(program(code)))


COMPUTE = "import time\nwhile time.process_time() < 1:\n    pass"
CHILD = f"import os\nchild = os.fork()\n{COMPUTE}\nif not child:\n    os._exit(0)\nos.wait()"


@pytest.mark.parametrize("code, seconds", [(COMPUTE, 1), (CHILD, 2)], ids=["alone", "child"])
def test_processor_time_is_that_of_a_program_and_its_children(run, code, seconds):
    assert seconds <= run(code).cpu_seconds <= 1.3 * seconds


def test_program_that_sleeps_takes_hardly_any_processor_time(run):
    result = run("import time\ntime.sleep(2)")
    assert result.seconds >= 2 and result.cpu_seconds < 0.3


def test_busy_machine_takes_no_processor_time_from_a_program(run):
    loop = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(loop) for _ in range(2 * os.cpu_count())]
    try:
        result = run(COMPUTE.replace("1", "2"))
    finally:
        for process in loops:
            process.kill()
            process.wait()
    assert result.failure is None and result.seconds > result.cpu_seconds >= 2


def test_network_is_off_but_loopback_works(run):
    result = run(
        "import socket\n"
        "try:\n    socket.create_connection(('192.0.2.1', 9), timeout=3)\n"
        "except OSError as error:\n    print(type(error).__name__, error.errno)\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(bool(socket.create_connection(server.getsockname(), timeout=3)))"
    )
    if "network" not in result.walls:
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
    run("import builtins\nbuiltins.exec = None")
    assert run("print(1)").outputs == ["1\n"]


def test_a_server_that_was_ended_is_started_again():
    with contextlib.closing(Server(settings_with())) as server:
        server._process.kill()
        server._process.wait()
        assert server.run(program("print(1)")).outputs == ["1\n"]


def test_a_guard_that_does_not_answer_is_not_waited_for(monkeypatch):
    """Without walls a program can stop its guard, which then neither ends nor answers."""
    monkeypatch.setattr("handbook.sandbox.server.PATIENCE", 1)
    with contextlib.closing(Server(settings_with(wall_seconds=2))) as server:
        server.walls = ()
        stops = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nwhile True: pass"
        result = server.run(program(stops))
    assert result.failure.kind == "guard lost"


def test_processes_that_come_and_go_are_named_at_once(run):
    result = run(
        "import subprocess\n"
        "subprocess.Popen('while :; do sleep 0.003 & sleep 0.003 & wait; done', shell=True)"
    )
    assert result.failure.kind == "process left"


@pytest.mark.parametrize("start", ["exec sleep 300", "setsid sleep 300 &", "(setsid sleep 300 &)"])
def test_process_left_behind_is_named_and_ended(run, start):
    before = set(psutil.pids())
    result = run(f"import subprocess\np = subprocess.Popen({start!r}, shell=True)\nprint(p.pid)")
    assert re.search("the program left a process running: '.*sleep 300", said(result))
    for pid in set(psutil.pids()) - before:
        with contextlib.suppress(psutil.NoSuchProcess):
            assert "sleep 300" not in " ".join(psutil.Process(pid).cmdline())


@pytest.mark.parametrize("start", ["exec sleep 300", "setsid sleep 300 &", "(setsid sleep 300 &)"])
def test_process_that_a_lab_leaves_behind_is_named_too(server_of_labs, start):
    code = f"import subprocess\nsubprocess.Popen({start!r}, shell=True)\nprint('started')"
    result = server_of_labs.run(program(code, notebook=True))
    assert re.search("the lab left a process running: '.*sleep 300", said(result, notebook=True))


def test_server_starts_without_a_change_to_the_process_that_asks_for_it(monkeypatch):
    """Neither its environment nor its standard error, and not for a moment either."""
    monkeypatch.setenv("SECRET_TOKEN", "x")
    seen, over = [], threading.Event()

    def watch():
        while not over.is_set():
            stream = os.fstat(2)
            seen.append((tuple(sorted(os.environ.items())), stream.st_dev, stream.st_ino))

    watching = threading.Thread(target=watch)
    watching.start()
    Server(settings_with()).close()
    over.set()
    watching.join()
    assert len(seen) > 100 and len(set(seen)) == 1
    assert os.environ["SECRET_TOKEN"] == "x"


def test_program_starts_processes_as_python_does_elsewhere(run):
    code = "import multiprocessing\nprint(multiprocessing.get_start_method())"
    alone = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert run(code).outputs == [alone.stdout]
    if sys.platform == "linux" and sys.version_info < (3, 14):
        assert alone.stdout == "fork\n"


def test_program_can_catch_a_warning(run):
    result = run(
        "import warnings\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.warn('once')\n"
        "print([str(warning.message) for warning in caught])"
    )
    assert result.outputs == ["['once']\n"]


needs_walls = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has these walls; README and report say so"
)


@needs_walls
def test_both_walls_stand_here(server):
    assert server.walls == walls.WALLS


@needs_walls
@pytest.mark.parametrize(
    "code, message",
    [
        ("open('/tmp/outside', 'w')", "PermissionError"),
        ("import os\nos.remove('{root}/README.md')", "PermissionError"),
        ("open('{root}/README.md').read()", "PermissionError"),
        ("import os\nos.listdir(os.path.expanduser('~root'))", "PermissionError"),
        ("import os\nos.kill(1, 9)", "PermissionError"),
        ("import os\nprint([p for p in os.listdir('/proc') if p.isdigit()])", None),
        ("import os\nos.write(3, b'{\"outputs\": []}\\n')", "wrote to the descriptor"),
        ("import handbook.sandbox", "No module named 'handbook'"),
        ("with open('big', 'wb') as f:\n    f.truncate(2**31)", "File too large"),
        (
            "for n in range(30):\n    open(str(n), 'wb').write(bytes(2**22))",
            "No space left on device",
        ),
        ("import resource as r\nr.setrlimit(r.RLIMIT_AS, (2**40, 2**40))", "ValueError"),
        ("import os\nwhile True:\n    os.fork()", "started more than 32 processes"),
        (
            "import ctypes\nassert ctypes.CDLL(None).mount(b'', b'/proc', b'tmpfs', 0, None) == 0",
            "AssertionError",
        ),
    ],
)
def test_wall_holds(run, code, message):
    error = said(run(code.replace("{root}", str(ROOT))))
    assert message in error if message else error == ""


def test_environment_cannot_be_read_from_the_process_table(run):
    """The first process of a server keeps, in /proc, the environment that it started with."""
    result = run(
        "print('SECRET_TOKEN' in open('/proc/self/environ').read())\n"
        "try:\n    open('/proc/1/environ').read()\nexcept PermissionError:\n    print('closed')"
    )
    assert result.outputs == ["False\nclosed\n"]


def test_figures_take_the_pages_colour_and_have_no_background(run):
    result = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.xlabel('step')\nplt.show()", "x = 1"
    )
    assert [len(drawings) for drawings in result.figures] == [1, 0]
    svg = result.figures[0][0]
    assert "currentColor" in svg and ">step<" in svg
    assert "#ffffff" not in svg and "font-family" not in svg and "<style" not in svg


def test_figures_keep_their_words_and_pixels_and_lose_what_nobody_sees(run):
    drawing = run(
        "import matplotlib.pyplot as plt, numpy as np\n"
        "fig, (left, right) = plt.subplots(1, 2)\n"
        "left.plot([1, 2], alpha=0.125); left.set_xticks([0.5], ['0.00125'])\n"
        "right.imshow(np.random.default_rng(0).normal(size=(90, 90)), cmap='gray')\n"
        "plt.show()"
    ).figures[0][0]
    assert ">0.00125<" in drawing and "opacity: 0.125" in drawing
    assert "<g>" not in drawing and not re.search(r' (?:d|x|y)="[^"]*\d\.\d\d', drawing)
    bitmap = re.search(r'data:image/png;base64,([^"]+)', drawing)[1]
    picture = Image.open(io.BytesIO(base64.b64decode(bitmap)))
    assert picture.mode == "P"  # one byte for each pixel
    values = np.random.default_rng(0).normal(size=(90, 90))
    shades = np.asarray(picture.convert("RGBA"))[..., 0].astype(float)
    # matplotlib may turn a bitmap upside down and the drawing turn it back.
    fits = [np.corrcoef(values.ravel(), way.ravel())[0, 1] for way in (shades, shades[::-1])]
    assert max(fits) > 0.999


def test_same_program_draws_the_same_bytes(run):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    assert run(code).figures == run(code).figures


def test_inline_value_that_fails_is_kept_with_its_reason(run):
    result = run("x = 1", values=("y",))
    assert result.failure is None
    assert result.value_errors == {"y": "NameError: name 'y' is not defined"}
