"""Programs that wait for their run, those of the page that is open before the others."""

import os
import threading
import traceback
from collections.abc import Callable, Iterable, Set

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistakes, unwritable
from handbook.program import Program
from handbook.runs import records, running
from handbook.runs.failures import explain
from handbook.sandbox.result import Result
from handbook.sandbox.server import Server

WAITING, RUNNING, RAN, FAILED, ABSENT = "waiting", "running", "ran", "failed", "absent"


class Queue:
    """Runs what has no record, as many at a time as there are processors.

    Args:
        handbook: whose programs they are.
        done: called with key and result after each run, in the thread that ran it.
    """

    def __init__(self, handbook: Handbook, done: Callable[[str, Result], None]) -> None:
        self.handbook, self.done = handbook, done
        self._changed = threading.Condition()
        self._waiting: dict[str, Program] = {}  # in the order in which they will run
        self._running: dict[str, Program] = {}
        self._failed: dict[str, str] = {}
        self._asked = self._ended = 0
        self._server: Server | None = None
        for _ in range(os.cpu_count()):
            threading.Thread(target=self._work, daemon=True).start()

    def ask(self, programs: Iterable[Program], first: bool = False) -> int:
        """Let programs run that have no record; those that failed are tried again.

        Args:
            programs: any of the handbook; the others are left out.
            first: whether they run before all that waits.

        Returns:
            How many were not waiting or running before.
        """
        asked = {self.handbook.key(program): program for program in programs}
        asked = {k: p for k, p in asked.items() if self.handbook.record(p) is None}
        with self._changed:
            new = {k: p for k, p in asked.items() if k not in self._waiting | self._running}
            self._asked += len(new)
            for key in new:
                self._failed.pop(key, None)
            self._waiting = new | self._waiting if first else self._waiting | new
            self._changed.notify_all()
        return len(new)

    def hurry(self, keys: Iterable[str]) -> None:
        """Let programs run before all others that wait."""
        with self._changed:
            first = {key: self._waiting[key] for key in keys if key in self._waiting}
            self._waiting = first | self._waiting

    def keep_only(self, keys: Set[str]) -> None:
        """Forget what waits or has failed and is in no page any more."""
        with self._changed:
            self._failed = {key: why for key, why in self._failed.items() if key in keys}
            gone = self._waiting.keys() - keys
            self._asked -= len(gone)
            for key in gone:
                del self._waiting[key]
            self._changed.notify_all()

    def state(self, key: str) -> tuple[str, dict[str, str | int]]:
        """Where a program stands, with what the words for it need: a place, or why it failed."""
        with self._changed:
            if key in self._running:
                return RUNNING, {}
            if key in self._waiting:
                return WAITING, {"place": list(self._waiting).index(key) + 1}
            if key in self._failed:
                return FAILED, {"why": self._failed[key]}
        ran = records.load(key, self.handbook.settings) is not None
        return (RAN if ran else ABSENT), {}

    def wait_until_empty(self) -> bool:
        """Return when nothing waits or runs: whether all that was asked for ran to its end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._running)
            return not self._failed

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                key = next(iter(self._waiting))
                program = self._running[key] = self._waiting.pop(key)
            try:
                why = self._run(key, program)
            except Exception as error:  # A fault of ours: the other programs go on.
                traceback.print_exc()
                why = repr(error)
            with self._changed:
                del self._running[key]
                if why:
                    self._failed[key] = why
                self._changed.notify_all()

    def _run(self, key: str, program: Program) -> str:
        """Run one program, and keep what it gave; why it failed, or ""."""
        try:
            result = self._started().run(program)
            if result.ran:
                records.save(key, result, self.handbook.settings)
        except Mistakes as error:
            return _say(str(error))
        except OSError as error:
            return _say(str(unwritable(error)))
        with self._changed:
            self._ended += 1
            _say(running.progress(self._ended, self._asked, program, result))
        self.done(key, result)
        failure = result.failure and explain(result.failure, program)
        errors = [f"`{name}`: {error}" for name, error in result.value_errors.items()]
        return failure.what if failure else "; ".join(errors)

    def _started(self) -> Server:
        """The server, started when the first program runs: importing TensorFlow takes seconds."""
        with _starting:
            if self._server is None:
                server = Server(self.handbook.settings)
                tried = running.canaries(labs=True)
                running.expect_failures({name: server.run(tried[name]) for name in tried})
                self._server = server
            return self._server


_starting = threading.Lock()


def _say(line: str) -> str:
    print(line, flush=True)
    return line
