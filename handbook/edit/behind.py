"""Which pages the other language has left behind, and by what; told by git."""

import pathlib
import subprocess

from handbook.book import in_line
from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES, mate_path, other
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.front_matter import split_front_matter


def pages_behind(handbook: Handbook) -> list[str]:
    """The file of every page whose other language has moved on since they were in line."""
    pages = (page for language in LANGUAGES for page in handbook.pages(language))
    return [page.path for page in pages if in_line.is_behind(page, handbook)]


def difference(path: str, root: pathlib.Path) -> str:
    """What changed in the other language of a page since the two were in line.

    Args:
        path: the page that is behind.
        root: the handbook's folder.

    Returns:
        A difference as git writes it; "" if git does not know the text that was in line.
    """
    _, language, name = path.split("/", 2)
    noted = in_line.read(root)[name].hashes[other(language)]
    mate = mate_path(path)
    for commit in _git(root, "log", "--format=%H", "--", mate).split():
        if _fingerprint(root, commit, mate) == noted:
            return _git(root, "diff", "--unified=1", commit, "--", mate)
    return ""


def before_the_slip(name: str, root: pathlib.Path) -> dict[str, str]:
    """Language → the last text that was committed, of a page whose text is another one now.

    Raises:
        Mistakes: neither text has changed since the last commit.
    """
    found = {}
    for language in LANGUAGES:
        path = f"docs/{language}/{name}"
        committed = _git(root, "show", f"HEAD:./{path}")
        if committed and committed != (root / path).read_text("utf-8"):
            found[language] = committed
    if not found:
        what = "neither text has changed since the last commit"
        remedy = f"If all that changed before were slips: make in-line PAGE={name}"
        raise Mistakes([Mistake(f"docs/{LANGUAGES[0]}/{name}", 1, what, remedy)])
    return found


def _fingerprint(root: pathlib.Path, commit: str, path: str) -> str:
    try:
        return in_line.fingerprint(
            split_front_matter(_git(root, "show", f"{commit}:./{path}"), path)[1]
        )
    except Mistakes:
        return ""


def _git(root: pathlib.Path, *arguments: str) -> str:
    """What git says; "" if it says no.

    Raises:
        Mistakes: there is no git.
    """
    command = ["git", "-c", "core.quotepath=off", *arguments]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8")
    except FileNotFoundError:
        what = "git is not installed, and it knows what changed"
        raise Mistakes([Mistake("docs", 1, what, "Install it: sudo apt-get install git")]) from None
    return done.stdout if done.returncode == 0 else ""
