"""The folder that the preview shows: a copy of the published site or a draft, page by page renewed."""

import pathlib
import shutil
import subprocess
import sys
import threading

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES, PREFIXES
from handbook.pages.page import Page
from handbook.publish.incremental import LanguageSite
from handbook.site import policy


class ShownSite:
    """Both languages, on disk and, as far as MkDocs needs to write one page, in memory.

    Attributes:
        folder: what is shown; another folder after the whole site has changed.
    """

    def __init__(self, handbook: Handbook) -> None:
        self.handbook = handbook
        self._lock = threading.RLock()
        self._languages: dict[str, LanguageSite] = {}
        self._old: set[tuple[str, str]] = set()  # language and path of pages to write anew
        self._number = 0
        self._below = handbook.settings.made / "preview"
        shutil.rmtree(self._below, ignore_errors=True)
        self.folder = self._below / "0"

    def copy(self, site: pathlib.Path) -> None:
        """Show a site that has been published."""
        folder = self._next_folder()
        shutil.copytree(site, folder)
        for file in folder.rglob("*.html"):
            file.write_text(policy.without(file.read_text("utf-8")), "utf-8")
        self._turn_to(folder)

    def draft(self) -> bool:
        """Build both languages as they are; whether that went well enough to be shown."""
        folder = self._next_folder()
        # In a process of its own, for the build forks and this one has threads.
        command = [sys.executable, "-m", "handbook", "draft", str(folder)]
        command += ["--prose"] if self.handbook.borrows else []
        if subprocess.run(command, cwd=self.handbook.root).returncode:
            return False
        self._turn_to(folder)
        return True

    def prepare(self) -> None:
        """Read both languages before anyone waits for it."""
        for name in LANGUAGES:
            self._language(name)

    def write(self, page: Page) -> None:
        """Write the HTML of a page anew."""
        with self._lock:
            self._old.discard((page.language, page.path))
            if page.is_lab:  # The hook makes notebooks when it finds the files.
                self._languages.pop(page.language, None)
            self._language(page.language).write(page)

    def expect(self, page: Page) -> None:
        """Let a page be written anew when somebody asks for it."""
        with self._lock:
            self._old.add((page.language, page.path))

    def write_if_old(self, address: str) -> None:
        """Write a page of which that was expected.

        Args:
            address: below the root of the site, as `en/problems/cnn/`.
        """
        with self._lock:
            for language, path in [*self._old]:
                page = self.handbook.page(path, language)
                if PREFIXES[language] + page.url == address:
                    self.write(page)

    def _next_folder(self) -> pathlib.Path:
        self._number += 1
        return self._below / str(self._number)

    def _turn_to(self, folder: pathlib.Path) -> None:
        with self._lock:
            before, self.folder = self.folder, folder
            self._languages, self._old = {}, set()
        shutil.rmtree(before, ignore_errors=True)

    def _language(self, name: str) -> LanguageSite:
        """What MkDocs knows of a language; read when first asked for."""
        with self._lock:
            if name not in self._languages:
                self._languages[name] = LanguageSite(self.handbook.root, name, self.folder)
            return self._languages[name]
