"""Puts a site in place by one rename.

`site` is a symbolic link. It is replaced by one rename, so that whoever reads it sees the old
site or the new one, never a part of either.
"""

import contextlib
import fcntl
import os
import pathlib
import shutil
import time

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.messages import told
from handbook.mistakes import Mistake, Mistakes
from handbook.publish.building import build
from handbook.runs import records


def publish(root: pathlib.Path) -> str:
    """Build, audit and publish the handbook at `root`.

    Returns:
        One line that says what was published.

    Raises:
        Mistakes: nothing was published, and `site` is as it was.
    """
    with _alone(root):
        return _publish(root)


@contextlib.contextmanager
def _alone(root: pathlib.Path):
    """Let a second build wait for the first; the kernel frees the lock of one that was killed."""
    (root / ".handbook").mkdir(exist_ok=True)
    with open(root / ".handbook" / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _publish(root: pathlib.Path) -> str:
    start = time.time()
    sites = root / ".handbook" / "sites"
    target = sites / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    sites.mkdir(parents=True, exist_ok=True)
    try:
        build(root, target)
        count = _swap(root / "site", target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        shutil.rmtree(target.with_name(target.name + "-en"), ignore_errors=True)
        raise
    _forget(root, target, start)
    took = time.time() - start
    return told(f"site/ published: {count} pages in two languages, {took:.1f} s")


def _swap(link: pathlib.Path, target: pathlib.Path) -> int:
    if link.exists() and not link.is_symlink():
        what = f"{link.name}/ is a folder that make site did not make"
        remedy = "Move it away, then run make site."
        raise Mistakes([Mistake(link.name, 1, what, remedy)])
    new = link.with_name(f".{link.name}-new")
    new.unlink(missing_ok=True)  # A build that was killed here left it.
    new.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    os.replace(new, link)
    return sum(1 for _ in target.rglob("index.html"))


def _forget(root: pathlib.Path, keep: pathlib.Path, start: float) -> None:
    """Delete sites older than the last two, and records that no page needs."""
    old = sorted(p for p in keep.parent.iterdir() if p.is_dir() and p != keep)
    for path in old[:-1]:
        shutil.rmtree(path, ignore_errors=True)
    handbook = Handbook.at(root)
    keys = {
        handbook.key(program)
        for language in LANGUAGES
        for page in handbook.pages(language)
        for program in page.programs
    }
    keys |= {handbook.key(mutation.program) for mutation in handbook.mutations()}
    records.prune(keys, handbook.settings, start)
