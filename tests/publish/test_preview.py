"""`make serve` shows what is written: a sentence, a program's new output, and a mistake by name."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

SOON = 60  # seconds; the speed itself is measured in benchmarks/, never in a test


class Preview:
    """A running preview of a handbook, with what it has said."""

    def __init__(self, handbook, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "handbook", "serve", str(port)],
            cwd=handbook.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said += line

    def html(self, path: str) -> str:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(self.address + path, timeout=SOON) as answer:
                return answer.read().decode()
        return ""

    def wait(self, condition) -> None:
        end = time.monotonic() + SOON
        while not condition():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.1)


@pytest.fixture
def preview(handbook):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Preview(handbook, port)
    running.wait(lambda: running.html("lessons/waves/"))
    yield running
    running.process.kill()
    running.process.wait()


def test_a_changed_sentence_is_shown_and_the_published_site_stays(handbook, preview):
    before = handbook.html("en/index.html")
    handbook.replace("docs/en/index.md", "There are", "We count")
    preview.wait(lambda: "We count" in preview.html("en/"))
    assert "docs/en/index.md is shown" in preview.said
    assert handbook.html("en/index.html") == before
    assert "livereload" in preview.html("en/")  # The browser reloads by itself.


def test_a_changed_program_runs_and_both_languages_show_what_it_gives(handbook, preview):
    handbook.replace("docs/en/index.md", "x = [1, 2, 3]", "x = [4, 0, 2]")
    handbook.replace("docs/zh/index.md", "x = [1, 2, 3]", "x = [4, 0, 2]")
    preview.wait(lambda: preview.said.count("is shown") >= 2)
    for address in ("", "en/"):
        assert '<span class="mi">4</span>' in preview.html(address)
    assert len(handbook.records()) == 3


def test_a_program_that_fails_is_named_and_its_page_stays_as_it_was(handbook, preview):
    shown = preview.html("en/")
    handbook.replace("docs/en/index.md", "assert sum(x) == 6", "assert sum(x) == 7")
    preview.wait(lambda: "stays as it was" in preview.said)
    assert "docs/en/index.md:" in preview.said and "AssertionError" in preview.said
    assert "Traceback" not in preview.said
    assert 'class="mi">7<' not in preview.html("en/")
    assert 'class="mi">6<' in shown


def test_a_page_that_cannot_be_read_is_named_and_the_preview_goes_on(handbook, preview):
    handbook.replace("docs/en/index.md", "```python", "```Python")
    preview.wait(lambda: "is not a way to mark a block" in preview.said)
    handbook.replace("docs/en/index.md", "```Python", "```python")
    handbook.replace("docs/en/index.md", "There are", "We count")
    preview.wait(lambda: "We count" in preview.html("en/"))
