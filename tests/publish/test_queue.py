"""The programs of an open page run first, and each that waits knows its place."""

import os
import threading
import types

import pytest

from handbook.book.handbook import Handbook
from handbook.program import Part, Program
from handbook.publish import queue
from handbook.publish.preview import Preview
from handbook.sandbox.result import Failure, Result
from tests.support.handbooks import written

FAILS = Failure("exit", "x", 1, {"code": 1})


class FakeServer:
    """Runs nothing, and a program only when it is let go; those that are called bad fail."""

    order: list[str] = []
    go = threading.Semaphore(0)

    def __init__(self, _settings) -> None:
        pass

    def run(self, program: Program) -> Result:
        if program.name == "canary":
            return Result(failure=FAILS)
        type(self).order.append(program.name)
        assert self.go.acquire(timeout=600)
        return Result(failure=FAILS if "bad" in program.name else None, outputs=[""])


@pytest.fixture
def waiting(tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "Server", FakeServer)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(queue.records, "save", lambda *_: None)
    FakeServer.order, FakeServer.go = [], threading.Semaphore(0)
    done: list[str] = []
    handbook = Handbook(written(tmp_path / "handbook"))
    made = queue.Queue(handbook, lambda key, _result: done.append(key))
    made.done_keys = done
    return made


def program(name: str) -> Program:
    return Program(name, (Part(f"name = {name!r}", name, 1),))


def test_what_is_hurried_runs_before_the_rest(waiting):
    programs = {name: program(name) for name in "abcd"}
    keys = {name: waiting.handbook.key(p) for name, p in programs.items()}
    assert waiting.ask(programs.values()) == 4
    while not FakeServer.order:
        pass
    assert waiting.state(keys["a"]) == ("running", {})
    assert waiting.state(keys["d"]) == ("waiting", {"place": 3})
    waiting.hurry([keys["d"], keys["a"], "of no program"])
    assert waiting.state(keys["d"]) == ("waiting", {"place": 1})
    assert waiting.ask([programs["c"]]) == 0
    FakeServer.go.release(4)
    assert waiting.wait_until_empty()
    assert FakeServer.order == ["a", "d", "b", "c"]
    assert sorted(waiting.done_keys) == sorted(keys.values())


def test_what_failed_says_why_and_is_tried_again_when_asked_for(waiting):
    bad = program("bad")
    key = waiting.handbook.key(bad)
    FakeServer.go.release(2)
    waiting.ask([bad])
    assert not waiting.wait_until_empty()
    state, details = waiting.state(key)
    assert state == "failed" and "exit code 1" in details["why"]
    assert waiting.ask([bad]) == 1
    assert not waiting.wait_until_empty()
    assert FakeServer.order == ["bad", "bad"]


def test_a_page_says_why_a_program_failed_in_its_own_language(waiting):
    key = waiting.handbook.key(program("bad"))
    FakeServer.go.release()
    waiting.ask([program("bad")])
    assert not waiting.wait_until_empty()
    for language, why in (
        ("en", "the program ended itself"),
        ("zh", "程序没有运行到最后一行就自己退出"),
    ):
        said = Preview.states(types.SimpleNamespace(queue=waiting), [key], language)
        assert why in said[key]["text"]


def test_what_is_in_no_page_any_more_does_not_run(waiting):
    programs = {name: program(name) for name in "abc"}
    waiting.ask(programs.values())
    while not FakeServer.order:
        pass
    waiting.keep_only({waiting.handbook.key(programs["c"])})
    FakeServer.go.release(3)
    assert waiting.wait_until_empty()
    assert FakeServer.order == ["a", "c"]
