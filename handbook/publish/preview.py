"""The site while it is written: pages at once, what programs give when they have run.

MkDocs would read and write every page again. Here what it knows of a language stays in memory. A
page is written anew when a change touches it, and when it is asked for after one of its programs
has run. The pages have no Content-Security-Policy, for MkDocs adds a script that reloads them;
links between pages and the search index are as they were. `make site` checks and publishes it all.
"""

import pathlib
import subprocess
import sys
import threading
import time
import traceback

from handbook.book import in_line
from handbook.book.handbook import Handbook
from handbook.checks.blocks import check_block
from handbook.checks.every import check_page
from handbook.languages import LANGUAGES, mate_path
from handbook.messages import told
from handbook.mistakes import Mistakes, show
from handbook.program import Program
from handbook.publish import fresh
from handbook.publish.queue import ABSENT, Queue
from handbook.publish.shown import ShownSite
from handbook.sandbox.result import Result
from handbook.words import words

WATCHED = ("docs", "snippets", "mkdocs.yml", "mkdocs.en.yml")


class Preview:
    """A site that is kept in step with the files it is made from.

    Args:
        root: the handbook's folder.
        prose: whether nothing runs, and records of the published site fill in.
    """

    def __init__(self, root: pathlib.Path, prose: bool) -> None:
        self.root = root
        self.handbook = Handbook.at(root)
        self.handbook.drafts, self.handbook.borrows = True, prose
        self.shown = ShownSite(self.handbook)
        self.queue = None if prose else Queue(self.handbook, self._ran)
        self.files = self._files()
        self.noted = self._noted()
        self._failed = self._drafted = False

    def start(self) -> bool:
        """Show the published site if it is what would be published now, else a draft.

        Returns:
            Whether there is something to show.
        """
        if fresh.is_published(self.root):
            self.shown.copy(self.root / "site")
        elif not self._draft():
            return False
        self._ask_for_everything()
        return True

    def prepare(self) -> None:
        """Read both languages before anyone waits for it; publish a draft when all has run."""
        try:
            self.shown.prepare()
        except (Exception, SystemExit):  # Somebody broke a setting just now: `update` names it.
            return
        print(told("ready: a change shows within a second"), flush=True)
        self._publish_when_all_ran()

    def update(self) -> None:
        """Show what has changed since the last call; what cannot be shown is tried again then."""
        try:
            self._update()
        except Mistakes as error:
            self._failed = True
            show(error.found)
        except (Exception, SystemExit):  # The server would answer nobody any more.
            self._failed = True
            traceback.print_exc()

    def _update(self) -> None:
        start, before = time.monotonic(), self.files
        self.files = self._files()
        changed = {
            path for path in before.keys() | self.files.keys()
            if before.get(path) != self.files.get(path)
        }  # fmt: skip
        if not changed:
            return
        self.handbook.forget(changed)
        if self._failed or any(
            self._concerns_all(path) or path not in before or path not in self.files
            for path in changed
        ):
            self._everything()
        else:
            self._some(changed)
        print(f"  {time.monotonic() - start:.1f} s", flush=True)

    def states(self, keys: list[str], language: str) -> dict[str, dict[str, str]]:
        """Where programs stand, in words; those asked for run before the others."""
        said, states = words("preview", language), {}
        if self.queue:
            self.queue.hurry(keys)
        for key in keys:
            state, details = self.queue.state(key) if self.queue else (ABSENT, {})
            if "why" in details:
                details = {"why": told(details["why"], language)}
            states[key] = {"state": state, "text": said[state].format(**details)}
        return states

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
        return not page and not path.startswith("snippets/") and path != in_line.FILE

    def _everything(self) -> None:
        """Build all of it: a setting, the theme or the set of pages has changed."""
        if self._draft():
            self._ask_for_everything()
            threading.Thread(target=self.prepare, daemon=True).start()

    def _draft(self) -> bool:
        print(told("Building both languages …"), flush=True)
        self._failed = not self.shown.draft()
        if self._failed:
            what = "The site stays as it was; any change lets it be built again."
            print(told(what), flush=True)
        self._drafted = not self._failed
        return self._drafted

    def _some(self, changed: set[str]) -> None:
        """Write the pages that the changed files are part of, and let their programs run.

        The other language of a page says whether it is behind, so it is written too.
        """
        pages = [path for path in changed if path.endswith(".md")]
        changed = changed | {*map(mate_path, pages), *self._noted_anew(changed)}
        if self.queue:
            self.queue.keep_only(self._programs().keys())
        for language in LANGUAGES:
            show(self.handbook.mistakes(language))
            for page in self.handbook.pages(language):
                if (page.files | {page.calculator}) & changed:
                    show(check_page(page, self.handbook))
                    self.shown.write(page)
                    if self.queue:
                        self.queue.ask(page.programs, first=True)
                    print(told(f"{page.path} is shown"), flush=True)
        threading.Thread(target=self._publish_when_all_ran, daemon=True).start()

    def _noted_anew(self, changed: set[str]) -> set[str]:
        """The pages of which something else is noted in docs/in-line.txt than before."""
        if in_line.FILE not in changed:
            return set()
        before, self.noted = self.noted, self._noted()
        names = {name for name, _ in before.items() ^ self.noted.items()}
        return {f"docs/{language}/{name}" for language in LANGUAGES for name in names}

    def _noted(self) -> dict[str, str]:
        """Page → the line that is noted of it, whatever else the file holds."""
        file = self.root / in_line.FILE
        lines = file.read_text("utf-8").splitlines() if file.is_file() else ()
        return {line.split(" ")[0]: line for line in lines}

    def _programs(self) -> dict[str, Program]:
        """Every program of a page, by its key."""
        return {
            self.handbook.key(program): program
            for language in LANGUAGES
            for page in self.handbook.pages(language)
            for program in page.programs
        }

    def _ask_for_everything(self) -> None:
        """Let all programs run that have no record; where nothing runs, say how many have none."""
        every = self._programs()
        if self.queue:
            self.queue.keep_only(every.keys())
            if count := self.queue.ask(every.values()):
                what = f"{count} programs have no record and run now, those of an open page first"
                print(told(what), flush=True)
            return
        missing = sum(self.handbook.record(program) is None for program in every.values())
        if missing:
            what = (
                f"{missing} of {len(every)} programs have no record here. "
                "Fetch those of a published site: make records FROM=<address or folder>"
            )
            print(told(what), flush=True)

    def _ran(self, key: str, result: Result) -> None:
        """Say what is wrong with the blocks of a program; its pages are written when asked for."""
        wrong = []
        for language in LANGUAGES:
            for page in self.handbook.pages(language):
                blocks = [b for b in page.blocks if self.handbook.key(b.program) == key]
                wrong += [m for block in blocks for m in check_block(page, block, result)]
                if blocks and result.ran:
                    self.shown.expect(page)
        show(wrong)

    def _publish_when_all_ran(self) -> None:
        """Check and publish a draft; where a program has failed, its change is waited for."""
        if not (self.queue and self._drafted and self.queue.wait_until_empty() and self._drafted):
            return
        print(told("All programs have run: the site is checked and published."), flush=True)
        self._drafted = False
        command = [sys.executable, "-m", "handbook", "site"]
        if subprocess.run(command, cwd=self.root).returncode == 0:
            self.shown.copy(self.root / "site")
