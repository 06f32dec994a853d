"""The browser of this machine."""

import contextlib
import pathlib
import shutil
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def executable() -> str:
    """Where it is; a missing one fails, for a skipped check checks nothing."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [MAC] if sys.platform == "darwin" and pathlib.Path(MAC).exists() else []
    assert found, "no Chromium or Chrome was found. Install one: sudo apt-get install chromium"
    return found[0]


@contextlib.contextmanager
def launched():
    """Start it, and close it afterwards; yields Playwright's `Browser`."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield started
        started.close()
