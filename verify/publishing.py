"""Builds both languages aside, audits them, and puts them in place by one rename.

`site` is a symbolic link. It is replaced by one rename, so that whoever reads it sees the old
site or the new one, never a part of either.
"""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from verify import audit, languages, pages, records, settings

ROOT = pathlib.Path(__file__).resolve().parent.parent


class BuildError(Exception):
    """The site was not published; the message says why."""


def build(root: pathlib.Path, target: pathlib.Path) -> None:
    """Build the Chinese site into `target` and the English one into `target/en`.

    Raises:
        BuildError: with the warnings of the strict builds.
    """
    aside = target.with_name(target.name + "-en")
    builds = {"zh": ("mkdocs.yml", target), "en": ("mkdocs.en.yml", aside)}
    failures = []
    running = {language: _mkdocs(root, *build) for language, build in builds.items()}
    for language, process in running.items():
        text, _ = process.communicate()
        if process.returncode:
            found = _warnings(text, root, language)
            failures.append(found or f"{builds[language][0]}:1: the build failed.\n{text}")
    if failures:
        shutil.rmtree(aside, ignore_errors=True)
        raise BuildError("\n".join(failures))
    aside.rename(target / "en")


def _mkdocs(root: pathlib.Path, config: str, target: pathlib.Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config, "-d", str(target)]
    quiet = {"DISABLE_MKDOCS_2_WARNING": "true", "PYTHONPATH": str(root), "NO_COLOR": "1"}
    return subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | quiet,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def _warnings(text: str, root: pathlib.Path, language: str) -> str:
    """The messages of a build, without MkDocs' own frame, with the line MkDocs does not name."""
    return "\n".join(
        _with_line(line.split("-", 1)[-1].strip(), root, language)
        for line in text.splitlines()
        if line.startswith(("WARNING", "ERROR"))
    )


def _with_line(message: str, root: pathlib.Path, language: str) -> str:
    named = re.match(r"Doc file '(?P<file>.+?)' contains (?P<what>.*)", message)
    if not named:
        return message
    path = f"docs/{language}/{named['file']}"
    quoted = re.search(r"'([^']+)'", named["what"])
    lines = (root / path).read_text("utf-8").splitlines()
    found = [n for n, line in enumerate(lines, 1) if quoted and f"({quoted[1]}" in line]
    return f"{path}:{found[0] if found else 1}: the page contains {named['what']} Correct the link."


def publish(root: pathlib.Path) -> str:
    """Build, audit and publish the handbook at `root`.

    Returns:
        One line that says what was published.

    Raises:
        BuildError: nothing was published, and `site` is as it was.
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
    start = time.monotonic()
    sites = root / ".handbook" / "sites"
    target = sites / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    sites.mkdir(parents=True, exist_ok=True)
    try:
        build(root, target)
        if faults := audit.audit(target, root):
            raise BuildError("\n".join(faults))
        count = _swap(root / "site", target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    _forget(root, keep=target)
    return f"site/ published: {count} pages in two languages, {time.monotonic() - start:.1f} s"


def _swap(link: pathlib.Path, target: pathlib.Path) -> int:
    if link.exists() and not link.is_symlink():
        raise BuildError(
            f"{link.name}/ is a folder that make site did not make. Move it away, then run make site."
        )
    new = link.with_name(f".{link.name}-{os.getpid()}")
    new.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    os.replace(new, link)
    return sum(1 for _ in target.rglob("index.html"))


def _forget(root: pathlib.Path, keep: pathlib.Path) -> None:
    """Delete sites older than the last two, and records that no page needs."""
    old = sorted(p for p in keep.parent.iterdir() if p.is_dir() and p != keep)
    for path in old[:-1]:
        shutil.rmtree(path, ignore_errors=True)
    known = settings.load(root)
    keys = {
        records.key_of(program, known)
        for language in settings.LANGUAGES
        for file in languages.pages_of(root, language)
        for program in pages.read_page(file, root).programs
    }
    records.prune(keys, known)


def main() -> int:
    """Publish the handbook this file belongs to."""
    try:
        print(publish(ROOT), flush=True)
    except BuildError as error:
        print(error, file=sys.stderr)
        print("Nothing was published.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
