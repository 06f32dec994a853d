"""Serves the published site on this machine and shows a change to a page within a second.

MkDocs would read and write every page again. Here what it knows of a language stays in memory, and
only the pages that a change touches are read, run and written, into a copy of the site. What has
no record runs first, in the server of verify/sessions.py, which has imported TensorFlow by then.
The copy has no Content-Security-Policy, for MkDocs adds a script that reloads the page; links
between pages and the search index are as they were. `make site` checks and publishes all of it.
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

from verify import publishing  # first: it silences what MkDocs prints when it is imported

# isort: split
from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation

from verify import catalogue, labs, languages, policy, records, sessions, settings, showing, testing
from verify.pages import Page, PageError, Program

WATCHED = ("docs", "snippets", "mkdocs.yml", "mkdocs.en.yml")
POLL = 0.1  # seconds between two looks at the files


class Language:
    """What MkDocs knows of one language from one change to the next."""

    def __init__(self, root: pathlib.Path, language: str, site: pathlib.Path) -> None:
        config = load_config(
            str(root / settings.CONFIGURATIONS[language]),
            site_dir=str(settings.site_of(language, site)),
            strict=False,
        )
        config.plugins.on_startup(command="serve", dirty=True)
        self.config = config.plugins.on_config(config)
        self.config.plugins.on_pre_build(config=self.config)
        environment = config.theme.get_env()
        files = get_files(config)
        files.add_files_from_theme(environment, config)
        self.files = config.plugins.on_files(files, config=config)
        set_exclusions(self.files, config)
        self.navigation = get_navigation(self.files, config)
        self.navigation = config.plugins.on_nav(self.navigation, config=config, files=self.files)
        for file in self.files.documentation_pages():
            if file.page:
                file.page.read_source(config)  # The navigation shows its title.
        self.environment = config.plugins.on_env(environment, config=config, files=self.files)

    def write(self, page: Page) -> None:
        """Write the HTML of one page anew."""
        file = self.files.get_file_from_path(page.address)
        _populate_page(file.page, self.config, self.files)
        pages = self.files.documentation_pages()
        _build_page(file.page, self.config, pages, self.navigation, self.environment)


class Preview:
    """A copy of the published site, kept in step with the files it was made from."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.settings = settings.load(root)
        self.site = root / ".handbook" / "preview"
        # Importing TensorFlow takes seconds, and nobody waits for it before a program changes.
        self.server = concurrent.futures.ThreadPoolExecutor(1).submit(
            sessions.Server, self.settings
        )
        self.lock = threading.Lock()
        self.files = self._files()
        self.languages: dict[str, Language] = {}
        self._copy()

    def update(self) -> None:
        """Show what has changed since the last call."""
        start, before = time.monotonic(), self.files
        self.files = self._files()
        changed = {
            file for file in before.keys() | self.files.keys()
            if before.get(file) != self.files.get(file)
        }  # fmt: skip
        if not changed:
            return
        catalogue.questions.cache_clear()
        showing.runs.cache_clear()
        if any(
            self._concerns_all(file) or file not in before or file not in self.files
            for file in changed
        ):
            self._everything()
        else:
            self._some(changed)
        print(f"  {time.monotonic() - start:.1f} s", flush=True)

    def _files(self) -> dict[pathlib.Path, int]:
        """Every file that the site is made from, with when it was last written."""
        found = {}
        for name in WATCHED:
            path = self.root / name
            for file in path.rglob("*") if path.is_dir() else [path]:
                if file.is_file() and not file.name.startswith(".") and file.suffix != ".pyc":
                    found[file] = file.stat().st_mtime_ns
        return found

    def _concerns_all(self, file: pathlib.Path) -> bool:
        below = [self.root / "docs" / language for language in settings.LANGUAGES]
        page = file.suffix == ".md" and any(folder in file.parents for folder in below)
        return not page and self.root / "snippets" not in file.parents

    def _copy(self) -> None:
        """Start from the published site."""
        shutil.rmtree(self.site, ignore_errors=True)
        shutil.copytree(self.root / "site", self.site)
        for file in self.site.rglob("*.html"):
            file.write_text(policy.without(file.read_text("utf-8")), "utf-8")
        self.languages = {}

    def language(self, name: str) -> Language:
        """What MkDocs knows of a language; read when first asked for, or by `prepare`."""
        with self.lock:
            if name not in self.languages:
                self.languages[name] = Language(self.root, name, self.site)
            return self.languages[name]

    def prepare(self) -> None:
        """Read both languages before anyone waits for it."""
        for name in settings.LANGUAGES:
            self.language(name)
        print("ready: a change shows within a second", flush=True)

    def _everything(self) -> None:
        """Run and publish all of it: a setting, the theme or the set of pages has changed."""
        print("The whole site changes: it is built again.", flush=True)
        for command in (["pytest", "docs", "snippets/labs", "-q"], ["verify.publishing"]):
            if subprocess.run([sys.executable, "-m", *command], cwd=self.root).returncode:
                return
        self._copy()
        self.prepare()

    def _some(self, changed: set[pathlib.Path]) -> None:
        """Run and write the pages that the changed files are part of."""
        results: dict[str, sessions.Result] = {}
        for page in self._pages():
            if not self._sources(page) & changed:
                continue
            for program in page.programs:
                key = records.key_of(program, self.settings)
                if key not in results:
                    results[key] = self._result(key, program)
            for mistake in self._mistakes(page, results):
                print(mistake, flush=True)
            if self._failed(page, results):
                print(f"{page.path} stays as it was", flush=True)
                continue
            if not page.path.endswith(".md"):  # The hook makes notebooks when it finds the files.
                self.languages.pop(page.language, None)
            self.language(page.language).write(page)
            print(f"{page.path} is shown", flush=True)

    def _failed(self, page: Page, results: dict[str, sessions.Result]) -> bool:
        found = [results[records.key_of(program, self.settings)] for program in page.programs]
        return any(result.error or result.value_errors for result in found)

    def _pages(self) -> list[Page]:
        found = []
        for language in settings.LANGUAGES:
            for file in languages.pages_of(self.root, language):
                try:
                    found.append(languages.read(file, self.root, language))
                except PageError as error:
                    print(error, flush=True)
        return found

    def _sources(self, page: Page) -> set[pathlib.Path]:
        """The files that a page is made from."""
        names = {page.path, *(part.file for program in page.programs for part in program.parts)}
        return {self.root / name for name in names}

    def _result(self, key: str, program: Program) -> sessions.Result:
        if record := records.load(key, self.settings):
            return record.result
        print(f"running {program.name} …", flush=True)
        result = self.server.result().run(program)
        if not result.error and not result.value_errors:
            records.save(key, result, self.settings)
        return result

    def _mistakes(self, page: Page, results: dict[str, sessions.Result]) -> list[str]:
        found = []
        for block in page.blocks:
            key = records.key_of(page.programs[block.program], self.settings)
            found += testing.mistakes_of_block(page, block, results[key])
        if page.path.endswith(".md"):
            found += languages.check_page(page, self.root)
        else:
            found += languages.check_lab(labs.read(self.root / page.path, self.root), self.root)
        return found


def serve(root: pathlib.Path, port: int) -> None:
    """Serve a published handbook on this machine until Ctrl-C."""
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


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    serve(publishing.ROOT, int(sys.argv[1]))
