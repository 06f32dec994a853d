"""Builds both languages aside, audits them, and puts them in place by one rename.

`site` is a symbolic link. It is replaced by one rename, so that whoever reads it sees the old
site or the new one, never a part of either.
"""

import contextlib
import fcntl
import importlib
import multiprocessing
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import warnings

os.environ["NO_MKDOCS_2_WARNING"] = "true"  # printed by the imports below
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

import material.plugins.search.plugin  # noqa: E402, F401 (imported for both builds at once)
import mkdocs.__main__  # noqa: E402
import mkdocs.commands.build  # noqa: E402, F401

from verify import audit, exports, languages, policy, records, settings  # noqa: E402

SHOWN = 40  # lines of a failed build that are printed
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
    # What MkDocs imports takes longer than a small site: it is imported once, for both.
    if "mkdocs-jupyter" in (root / "mkdocs.yml").read_text("utf-8"):
        importlib.import_module("mkdocs_jupyter.plugin")
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with tempfile.TemporaryDirectory(prefix="handbook-") as logs:
        running = {}
        for language, (config, folder) in builds.items():
            log = pathlib.Path(logs, language)
            running[language] = context.Process(target=_mkdocs, args=(root, config, folder, log))
            running[language].start()
        for language, process in running.items():
            process.join()
            if process.exitcode:
                text = pathlib.Path(logs, language).read_text("utf-8")
                found = _warnings(text, root, language)
                failures.append(found or _unreadable(builds[language][0], text))
    if failures:
        shutil.rmtree(aside, ignore_errors=True)
        raise BuildError("\n".join(failures))
    aside.rename(target / "en")
    policy.apply(target)
    exports.write(target, root)


def _mkdocs(root: pathlib.Path, config: str, target: pathlib.Path, log: pathlib.Path) -> None:
    """Build one language, in a process of its own; what it says goes to `log`."""
    with open(log, "w", encoding="utf-8") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    os.environ |= {"NO_COLOR": "1"}
    os.chdir(root)
    mkdocs.__main__.cli(["build", "--strict", "-f", config, "-d", str(target)])


def _unreadable(config: str, text: str) -> str:
    """A configuration that MkDocs could not read, with the line if it names one."""
    line = re.search(r"line (\d+)", text)
    reason = next((x for x in reversed(text.splitlines()) if x.strip()), "")
    if system := re.match(r"\w+Error: (\[Errno \d+\] .*)", reason):
        return settings.unwritable(OSError(system[1]))
    return f"{config}:{line[1] if line else 1}: the build failed: {reason.strip()} Correct it."


def _warnings(text: str, root: pathlib.Path, language: str) -> str:
    """The messages of a build, without MkDocs' own frame, with the line MkDocs does not name."""
    messages = []
    unlisted = False
    for line in text.splitlines():
        if line.startswith(("WARNING", "ERROR")):
            message = line.split("-", 1)[-1].strip()
            unlisted = message.startswith("The following pages exist in the docs directory")
            messages += [] if unlisted else [_with_line(message, root, language)]
        elif unlisted and line.startswith("  - "):
            messages.append(
                f"docs/{language}/{line[4:]}:1: the page is not in the navigation. Add it to nav: in "
                f"{'mkdocs.yml' if language == 'zh' else 'mkdocs.en.yml'}."
            )
    return "\n".join(messages)


def _with_line(message: str, root: pathlib.Path, language: str) -> str:
    named = re.match(r"Doc file '(?P<file>.+?)' contains (?P<what>.*)", message)
    if not named:
        return message
    path = f"docs/{language}/{named['file']}"
    if path.endswith(".ipynb"):
        path = f"snippets/{named['file'].removesuffix('.ipynb')}.py"
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
        for program in languages.read(file, root, language).programs
    }
    records.prune(keys, known)


def main() -> int:
    """Publish the handbook this file belongs to."""
    try:
        print(publish(ROOT), flush=True)
    except BuildError as error:
        lines = str(error).splitlines()
        print(*lines[:SHOWN], sep="\n", file=sys.stderr)
        if len(lines) > SHOWN:
            print(f"… and {len(lines) - SHOWN} lines more.", file=sys.stderr)
        print("Nothing was published.", file=sys.stderr)
        return 1
    except OSError as error:
        print(settings.unwritable(error), "Nothing was published.", sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
