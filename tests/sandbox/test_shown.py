"""What a page shows of a program is what a reader sees who runs it."""

import pytest

from handbook.sandbox import terminal
from handbook.sandbox.result import Stopped
from tests.support.sandbox import program, said


@pytest.mark.parametrize(
    "written, shown",
    [
        ("\rstep 1\rstep 2\n", "step 2\n"),
        ("loading\rok\n", "okading\n"),
        ("loading\r\x1b[Kok\n", "ok\n"),
        ("1/8\b\b\b8/8 done", "8/8 done"),
        ("\b\bab", "ab"),
        ("\x1b[1m\x1b[32mgreen\x1b[0m\tplain", "green\tplain"),
        ("一二\b三", "一三"),
    ],
)
def test_text_is_as_a_terminal_leaves_it(written, shown):
    assert terminal.shown(written) == shown


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b[2J", "\x0c", "\x9b1m", "\x7f"])
def test_other_control_characters_are_refused(character):
    with pytest.raises(Stopped, match="control character"):
        terminal.shown(f"a{character}b")


@pytest.mark.parametrize(
    "code, printed",
    [
        (
            "import os, subprocess\nprint('a')\nsubprocess.run(['echo', 'b'])\n"
            "print('c', end='')\nos.system('echo d')\nprint('e')",
            "a\nb\nd\nce\n",
        ),
        (
            "import os\nprint('once')\nif not os.fork():\n    print('child')\n    os._exit(0)\n"
            "os.wait()\nprint('after')",
            "once\nchild\nafter\n",
        ),
        ("import atexit\natexit.register(print, 'last')\nprint('first')", "first\nlast\n"),
        ("import sys\nprint('a', file=sys.__stdout__)\nprint('b')", "a\nb\n"),
        (
            "import multiprocessing\nif __name__ == '__main__':\n"
            "    with multiprocessing.get_context('spawn').Pool(2) as pool:\n"
            "        print(pool.map(abs, [-1, -2]))",
            "[1, 2]\n",
        ),
        (
            "print(open(__file__).read().strip() == 'print(open(__file__).read().strip())')",
            "False\n",
        ),
    ],
    ids=["beside children", "fork", "atexit", "__stdout__", "spawn", "__file__"],
)
def test_output_is_that_of_a_plain_python(run, code, printed):
    result = run(code)
    assert (said(result), result.outputs) == ("", [printed])


def test_child_that_goes_on_ends_with_its_part(run):
    result = run(
        "import os\nchild = os.fork()\nif child:\n    os.wait()\nprint(bool(child))", "print('b')"
    )
    assert result.outputs == ["False\nTrue\n", "b\n"]


@pytest.mark.parametrize(
    "code, text",
    [
        ("import warnings\nwarnings.warn('careful')", "UserWarning: careful"),
        ("import logging\nlogging.warning('careful')", "WARNING:root:careful"),
        ("import os\nos.system('echo careful >&2')", "careful"),
        ("import numpy as np\nnp.float32(1) / np.float32(0)", "RuntimeWarning: divide by zero"),
        (
            "import threading, sys\nthreading.Thread(target=print, args=('x',), kwargs={'file': sys.stderr}).start()",
            "x",
        ),
    ],
)
def test_standard_error_is_not_lost(run, code, text):
    failure = said(run(code))
    assert "wrote to standard error, which the page does not show" in failure and text in failure


def test_standard_error_of_a_lab_is_not_lost(server_of_labs):
    result = server_of_labs.run(program("import warnings\nwarnings.warn('careful')", notebook=True))
    assert "the lab wrote to standard error" in said(result, notebook=True)


def test_value_that_only_jupyter_would_show_is_refused(server_of_labs):
    result = server_of_labs.run(program("x = 1", "x + 1", notebook=True))
    assert "snippets/p.py:2: this cell ends in a value" in said(result, notebook=True)
    assert server_of_labs.run(program("x = 1\nNone", notebook=True)).ran


def test_text_of_a_lab_is_as_a_terminal_leaves_it(server_of_labs):
    result = server_of_labs.run(program("print('1/2', end='\\r')\nprint('2/2')", notebook=True))
    assert result.outputs == ["2/2\n"]


def test_notices_of_tensorflow_are_not_the_programs():
    notices = (
        "2026-11-29 01:02:03.456789: I tensorflow/core/platform/cpu_feature_guard.cc:210] This\n"
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
        "I0000 00:00:1700000000.123456     11 service.cc:148] XLA service\n"
    )
    assert terminal.without_notices(notices) == ""
    assert terminal.without_notices(f"{notices}I wrote this\n") == "I wrote this"


def test_show_closes_what_it_shows_as_in_a_notebook(run):
    code = "import matplotlib.pyplot as plt\n{}plt.plot([1, 2]){}"
    once = run(code.format("", ""))
    twice = run(code.format("plt.plot([1, 2]); plt.show(); ", "; plt.show()"))
    assert twice.figures == [once.figures[0] * 2]


def test_future_statements_reach_the_later_parts(run):
    first = "from __future__ import annotations"
    result = run(first, "def f(x: Unknown): ...\nprint(f.__annotations__)")
    assert result.outputs[1] == "{'x': 'Unknown'}\n"


def test_value_is_kept_after_each_part(run):
    result = run("x = 1", "x = 2\ny = 3", values=("x", "y"))
    assert result.values == {"x": ["1", "2"], "y": [None, "3"]}
    assert [result.value_after(part, "x") for part in (0, 1)] == ["1", "2"]
    assert [result.value_after(part, "y") for part in (0, 1)] == ["3", "3"]


@pytest.mark.parametrize(
    "code", ["x = 1\nwhile True:\n    pass", "import re\n\nre.match(r'(a+)+$', 'a' * 40 + 'b')"]
)
def test_line_at_which_a_program_hangs_is_named(run, code):
    assert run(code).failure.line in (2, 3)


@pytest.mark.parametrize(
    "code, advice",
    [
        ("print(undefined)", "A block knows its own names only"),
        ("import unknown_package", "Use the packages that pyproject.toml lists"),
        ("open('nowhere')", "A program begins in an empty folder"),
        ("assert 1 == 2", "Mend the program, or what it claims"),
        ("raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])", "KeyError: 'b'"),
        ("import sys\nsys.exit()", "exit code 0"),
        ("import socket\nsocket.getaddrinfo('example.org', 80)", "Programs run without a network"),
    ],
)
def test_failure_comes_with_advice(run, code, advice):
    assert advice in said(run(code))


@pytest.mark.parametrize(
    "code, advice",
    [
        ("print(undefined)", "Define it in a cell above"),
        ("input()", "Nobody types while a program runs"),
        ("open('/etc/hostname', 'w')", "A program may write only below its home folder"),
    ],
)
def test_failure_of_a_lab_comes_with_advice(server_of_labs, code, advice):
    assert advice in said(server_of_labs.run(program(code, notebook=True)), notebook=True)


def test_both_walls_stand_around_a_home_below_shm(monkeypatch):
    from handbook.sandbox.server import Server
    from tests.support.sandbox import settings_with

    monkeypatch.setenv("TMPDIR", "/dev/shm")
    server = Server(settings_with())
    try:
        assert server.walls == ("network", "files")
    finally:
        server.close()
