"""Serves the published site on this machine and shows a change to a page within a second.

MkDocs would read and write every page again. Here what it knows of a language stays in memory, and
only the pages that a change touches are read, run and written, into a copy of the site. What has
no record runs first, in the server of the sandbox, which has imported TensorFlow by then. The copy
has no Content-Security-Policy, for MkDocs adds a script that reloads the page; links between pages
and the search index are as they were. `make site` checks and publishes all of it.
"""

import concurrent.futures
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

from mkdocs.livereload import LiveReloadServer

from handbook.book.handbook import Handbook
from handbook.checks.blocks import check_block
from handbook.checks.every import check_page
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.program import Program
from handbook.publish.incremental import LanguageSite
from handbook.runs import records
from handbook.sandbox.result import Result
from handbook.sandbox.server import Server
from handbook.site import policy

WATCHED = ("docs", "snippets", "mkdocs.yml", "mkdocs.en.yml")
POLL = 0.1  # seconds between two looks at the files


class Preview:
    """A copy of the published site, kept in step with the files it was made from."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.handbook = Handbook.at(root)
        self.site = root / ".handbook" / "preview"
        # Importing TensorFlow takes seconds, and nobody waits for it before a program changes.
        self.server = concurrent.futures.ThreadPoolExecutor(1).submit(
            Server, self.handbook.settings
        )
        self.lock = threading.Lock()
        self.files = self._files()
        self.languages: dict[str, LanguageSite] = {}
        self._copy()

    def update(self) -> None:
        """Show what has changed since the last call."""
        start, before = time.monotonic(), self.files
        self.files = self._files()
        changed = {
            path for path in before.keys() | self.files.keys()
            if before.get(path) != self.files.get(path)
        }  # fmt: skip
        if not changed:
            return
        self.handbook.forget(changed)
        if any(
            self._concerns_all(path) or path not in before or path not in self.files
            for path in changed
        ):
            self._everything()
        else:
            self._some(changed)
        print(f"  {time.monotonic() - start:.1f} s", flush=True)

    def _files(self) -> dict[str, int]:
        """Every file that the site is made from, with when it was last written."""
        found = {}
        for name in WATCHED:
            path = self.root / name
            for file in path.rglob("*") if path.is_dir() else [path]:
                if file.is_file() and not file.name.startswith(".") and file.suffix != ".pyc":
                    found[file.relative_to(self.root).as_posix()] = file.stat().st_mtime_ns
        return found

    def _concerns_all(self, path: str) -> bool:
        below = tuple(f"docs/{language}/" for language in LANGUAGES)
        page = path.endswith(".md") and path.startswith(below)
        return not page and not path.startswith("snippets/")

    def _copy(self) -> None:
        """Start from the published site."""
        shutil.rmtree(self.site, ignore_errors=True)
        shutil.copytree(self.root / "site", self.site)
        for file in self.site.rglob("*.html"):
            file.write_text(policy.without(file.read_text("utf-8")), "utf-8")
        self.languages = {}

    def language(self, name: str) -> LanguageSite:
        """What MkDocs knows of a language; read when first asked for, or by `prepare`."""
        with self.lock:
            if name not in self.languages:
                self.languages[name] = LanguageSite(self.root, name, self.site)
            return self.languages[name]

    def prepare(self) -> None:
        """Read both languages before anyone waits for it."""
        for name in LANGUAGES:
            self.language(name)
        print("ready: a change shows within a second", flush=True)

    def _everything(self) -> None:
        """Run and publish all of it: a setting, the theme or the set of pages has changed."""
        print("The whole site changes: it is built again.", flush=True)
        for command in ("run", "site"):
            arguments = [sys.executable, "-m", "handbook", command]
            if subprocess.run(arguments, cwd=self.root).returncode:
                return
        self._copy()
        self.prepare()

    def _some(self, changed: set[str]) -> None:
        """Run and write the pages that the changed files are part of."""
        results: dict[str, Result] = {}
        for language in LANGUAGES:
            for mistake in self.handbook.mistakes(language):
                print(mistake, flush=True)
            for page in self.handbook.pages(language):
                if page.files & changed:
                    self._one(page, results)

    def _one(self, page: Page, results: dict[str, Result]) -> None:
        """Run what a page needs, and write it unless something failed."""
        for program in page.programs:
            key = self.handbook.key(program)
            if key not in results:
                results[key] = self._result(key, program)
        for mistake in self._mistakes(page, results):
            print(mistake, flush=True)
        if not all(results[self.handbook.key(program)].ran for program in page.programs):
            print(f"{page.path} stays as it was", flush=True)
            return
        if page.is_lab:  # The hook makes notebooks when it finds the files.
            self.languages.pop(page.language, None)
        self.language(page.language).write(page)
        print(f"{page.path} is shown", flush=True)

    def _result(self, key: str, program: Program) -> Result:
        if record := self.handbook.record(program):
            return record.result
        print(f"running {program.name} …", flush=True)
        result = self.server.result().run(program)
        if result.ran:
            records.save(key, result, self.handbook.settings)
        return result

    def _mistakes(self, page: Page, results: dict[str, Result]) -> list[Mistake]:
        found = [
            mistake
            for block in page.blocks
            for mistake in check_block(page, block, results[self.handbook.key(block.program)])
        ]
        return [*found, *check_page(page, self.handbook)]


def serve(root: pathlib.Path, port: int) -> None:
    """Serve a published handbook on this machine until Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    os.chdir(root)
    preview = Preview(root)
    server = LiveReloadServer(
        preview.update, "127.0.0.1", port, str(preview.site), polling_interval=POLL
    )
    server.error_handler = lambda _: (preview.site / "404.html").read_bytes()
    for name in WATCHED:
        server.watch(str(preview.root / name))
    threading.Thread(target=preview.prepare, daemon=True).start()
    print(f"{server.url} and {server.url}en/ show what you write (Ctrl-C stops)", flush=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        server.shutdown()
