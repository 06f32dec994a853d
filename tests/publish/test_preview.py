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

from handbook.publish.preview import Preview as Look

SOON = 600  # seconds; the speed itself is measured in benchmarks/, never in a test


class Preview:
    """A running preview of a handbook, with what it has said."""

    def __init__(self, handbook, port: int, *options: str) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "handbook", "serve", str(port), *options],
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


@contextlib.contextmanager
def started(handbook, *options: str):
    """Start a preview and wait for its first page; it is ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Preview(handbook, port, *options)
    try:
        running.wait(lambda: running.html("lessons/waves/"))
        yield running
    finally:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def preview(handbook):
    with started(handbook) as running:
        yield running


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
    for html in (lambda: preview.html(""), lambda: preview.html("en/")):
        preview.wait(lambda html=html: '<span class="mi">4</span>' in html())
        preview.wait(lambda html=html: "data-program" not in html())
    assert len(handbook.records()) == 3


def test_a_program_that_fails_is_named_and_its_page_shows_no_output_of_it(handbook, preview):
    handbook.replace("docs/en/index.md", "assert sum(x) == 6", "assert sum(x) == 7")
    preview.wait(lambda: "AssertionError" in preview.said)
    assert "docs/en/index.md:" in preview.said
    assert "Traceback" not in preview.said
    assert "data-program" in preview.html("en/")
    assert "data-program" not in handbook.html("en/index.html")


def test_a_page_that_cannot_be_read_is_named_and_the_preview_goes_on(handbook, preview):
    handbook.replace("docs/en/index.md", "```python", "```Python")
    preview.wait(lambda: "is not a way to mark a block" in preview.said)
    handbook.replace("docs/en/index.md", "```Python", "```python")
    handbook.replace("docs/en/index.md", "There are", "We count")
    preview.wait(lambda: "We count" in preview.html("en/"))


def test_a_new_page_with_a_mistake_is_named_and_shown_when_it_is_mended(handbook, preview):
    text = (handbook.root / "docs" / "en" / "lessons" / "waves.md").read_text("utf-8")
    for language in ("en", "zh"):
        new = handbook.root / "docs" / language / "lessons" / "new.md"
        new.write_text(text.replace("```python", "```Python", 1), "utf-8")
    preview.wait(lambda: "docs/en/lessons/new.md:" in preview.said)
    assert "Traceback" not in preview.said
    for language in ("en", "zh"):
        handbook.replace(f"docs/{language}/lessons/new.md", "```Python", "```python")
    preview.wait(lambda: "Building" in preview.said and "output" in preview.html("en/lessons/new/"))


def test_a_configuration_that_cannot_be_read_is_named_and_mended(handbook, preview):
    handbook.replace("mkdocs.en.yml", "site_name:", "site_name: [")
    preview.wait(lambda: "The site stays as it was" in preview.said)
    assert "mkdocs.en.yml:" in preview.said and "Traceback" not in preview.said
    assert preview.html("en/")
    handbook.replace("mkdocs.en.yml", "site_name: [", "site_name:")
    handbook.replace("docs/en/index.md", "There are", "We count")
    preview.wait(lambda: "We count" in preview.html("en/"))


def test_a_configuration_that_breaks_while_it_is_read_is_left_to_the_next_look(handbook, capsys):
    look = Look(handbook.root, prose=True)
    handbook.replace("mkdocs.en.yml", "site_name:", "site_name: [")
    look.prepare()
    assert capsys.readouterr().out == ""  # not ready


def test_a_draft_in_one_language_is_shown(handbook, preview):
    text = (handbook.root / "docs" / "zh" / "lessons" / "waves.md").read_text("utf-8")
    (handbook.root / "docs" / "zh" / "lessons" / "draft.md").write_text(text, "utf-8")
    preview.wait(lambda: "output" in preview.html("lessons/draft/"))
    assert "there is no docs/en/lessons/draft.md" in preview.said
    assert "Traceback" not in preview.said


def test_a_page_that_falls_behind_says_so_until_both_are_in_line(handbook, preview):
    handbook.replace("docs/zh/index.md", "另一页", "别的一页")
    preview.wait(lambda: "admonition warning behind" in preview.html("en/"))
    assert handbook.command("handbook", "in-line", "docs/zh/index.md").returncode == 0
    preview.wait(lambda: "admonition warning behind" not in preview.html("en/"))
