"""A page of the published site in a browser, and what a reader runs on it."""

import re

from playwright.sync_api import Page, expect

from handbook.languages import PREFIXES
from handbook.words import words

PATIENCE = 600_000  # ms until a busy machine has surely started Python


class Visit:
    """A page, and what a reader does with its first program."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page, self.base = page, address + PREFIXES[language]
        self.words = words("browser", language)
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.add_init_script(
            "window.refused = []; document.addEventListener('securitypolicyviolation', "
            "event => window.refused.push(event.violatedDirective + ' ' + event.blockedURI))"
        )
        self.openers = page.get_by_role("button", name=self.words["run here"], exact=True)
        self.panel = page.locator(".run-panel")
        self.code = self.panel.locator("textarea")
        self.status = self.panel.get_by_role("status")
        self.printed = self.panel.locator(".output samp")

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, name: str) -> None:
        self.panel.get_by_role("button", name=self.words[name], exact=True).click()

    def ended(self, name: str) -> None:
        """Wait until the program has ended in the way that these words name."""
        expect(self.status).to_have_text(self._pattern(name), timeout=PATIENCE)

    def ends(self) -> bool:
        """Wait until it has ended; whether it went well."""
        names = ("run done", "run failed", "run flooded", "run broken")
        pattern = re.compile("|".join(self._pattern(name).pattern for name in names))
        expect(self.status).to_have_text(pattern, timeout=PATIENCE)
        return bool(self._pattern("run done").search(self.status.inner_text()))

    def _pattern(self, name: str) -> re.Pattern:
        return re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(self.words[name])))

    def run(self, code: str) -> None:
        self.code.fill(code)
        self.press("run")

    def workers(self) -> list:
        """Those that run Python; the search has one, too."""
        return [worker for worker in self.page.workers if worker.url.endswith("/python.js")]

    def loaded(self) -> list[str]:
        """What was asked for to run Python."""
        return [url for url in self.asked if "/python" in url]
