"""Builds both languages aside, audits them, and puts them in place by one rename.

`site` is a symbolic link. It is replaced by one rename, so that whoever reads it sees the old
site or the new one, never a part of either.
"""

import concurrent.futures
import contextlib
import fcntl
import hashlib
import importlib
import multiprocessing
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings

os.environ["NO_MKDOCS_2_WARNING"] = "true"  # printed by the imports below
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

import click  # noqa: E402
import material.plugins.search.plugin  # noqa: E402, F401 (imported for both builds at once)
import mkdocs.__main__  # noqa: E402
import mkdocs.commands.build  # noqa: E402, F401

from verify import audit, confinement, exports, languages, policy, records, settings  # noqa: E402

# What a site is made from: what is written, what was measured, and what the environment says.
WRITTEN = (
    "docs", "snippets", "verify", "tests/faults", "benchmarks/results.json", "mkdocs.yml",
    "mkdocs.en.yml", "pyproject.toml", "uv.lock",
)  # fmt: skip
MEASURED = (".handbook/records", ".handbook/faults")
SURROUNDINGS = ("SITE_URL", "SITE_URL_EN", "REPOSITORY_URL", "SITE_VERSION", "SOURCE_DATE_EPOCH")
SHOWN = 40  # lines of a failed build that are printed
ROOT = pathlib.Path(__file__).resolve().parent.parent


class BuildError(Exception):
    """The site was not published; the message says why."""


def build(root: pathlib.Path, target: pathlib.Path) -> None:
    """Build the Chinese site into `target` and the English one into `target/en`, and audit both.

    Raises:
        BuildError: with the warnings of the strict builds, or the faults that the audit found.
    """
    aside = target.with_name(target.name + "-en")
    builds = {"zh": target, "en": aside}
    # What MkDocs imports takes longer than a small site: it is imported once, for both.
    if "mkdocs-jupyter" in (root / "mkdocs.yml").read_text("utf-8"):
        importlib.import_module("mkdocs_jupyter.plugin")
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    # Each language keeps its process, which has then read its pages once for all that follows.
    with contextlib.ExitStack() as stack:
        processes = {
            language: stack.enter_context(
                concurrent.futures.ProcessPoolExecutor(1, context, confinement.die_with_parent)
            )
            for language in builds
        }
        _together(processes, lambda language: (_mkdocs, root, language, builds[language]))
        aside.rename(target / "en")
        _together(processes, lambda language: (_add, root, language, target))
        # Last, for each language links to what was added to the other.
        _together(processes, lambda language: (_audit, root, language, target))


def _together(processes: dict[str, concurrent.futures.Executor], task) -> None:
    """Do the same for every language at once; raise what any of them found wrong."""
    running = [process.submit(*task(language)) for language, process in processes.items()]
    try:
        faults = [future.result() for future in running]
    except concurrent.futures.process.BrokenProcessPool:
        raise BuildError(
            "verify/publishing.py:1: a build was ended from outside. Run it again."
        ) from None
    if any(faults):
        raise BuildError("\n".join(fault for fault in faults if fault))


def _mkdocs(root: pathlib.Path, language: str, target: pathlib.Path) -> str:
    """Build one language; returns what MkDocs found wrong."""
    os.chdir(root)
    os.environ |= {"NO_COLOR": "1"}
    with tempfile.TemporaryFile() as log:
        kept = [os.dup(descriptor) for descriptor in (1, 2)]
        for descriptor in (1, 2):
            os.dup2(log.fileno(), descriptor)
        try:
            command = [
                "build",
                "--strict",
                "-f",
                settings.CONFIGURATIONS[language],
                "-d",
                str(target),
            ]
            mkdocs.__main__.cli(command, standalone_mode=False)
            return ""
        except click.ClickException as error:
            error.show()
        except Exception:
            traceback.print_exc()
        except SystemExit:
            pass  # MkDocs has said why.
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, descriptor)
                os.close(copy)
        log.seek(0)
        text = log.read().decode("utf-8", "replace")
    return _warnings(text, root, language) or _unreadable(settings.CONFIGURATIONS[language], text)


def _add(root: pathlib.Path, language: str, site: pathlib.Path) -> str:
    """Add to one language what MkDocs does not make."""
    policy.apply(site, language)
    exports.write(site, root, language)
    return ""


def _audit(root: pathlib.Path, language: str, site: pathlib.Path) -> str:
    """The faults of one language, a line each."""
    return "\n".join(audit.audit(site, root, language))


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
        count = _swap(root / "site", target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        shutil.rmtree(target.with_name(target.name + "-en"), ignore_errors=True)
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


def made_from(root: pathlib.Path, names: tuple[str, ...] = WRITTEN + MEASURED) -> str:
    """Hash of what the site is made from: a site made from the same is the same site."""
    files = [path for name in names for path in [root / name, *(root / name).rglob("*")]]
    material = [sys.version, *(f"{name}={os.environ.get(name)}" for name in SURROUNDINGS)]
    if os.environ.get("SITE_URL"):  # A feed tells when each page was last committed.
        command = ["git", "rev-parse", "HEAD"]
        material.append(subprocess.run(command, cwd=root, capture_output=True, text=True).stdout)
    digest = hashlib.sha256("\n".join(material).encode())
    for file in sorted(file for file in files if file.is_file() and file.suffix != ".pyc"):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def is_published(root: pathlib.Path) -> bool:
    """Whether `site/` is what a build would publish now."""
    note = root / ".handbook" / "published"
    if not note.is_file() or not (root / "site" / "index.html").is_file():
        return False
    return note.read_text("utf-8") == f"{made_from(root)} {(root / 'site').resolve().name}"


def main() -> int:
    """Publish the handbook this file belongs to."""
    try:
        if is_published(ROOT):
            print("site/ is up to date: nothing that it is made from has changed", flush=True)
            return 0
        written = made_from(ROOT, WRITTEN)
        print(publish(ROOT), flush=True)
        if made_from(ROOT, WRITTEN) == written:  # Nobody saved a page in the meantime.
            name = (ROOT / "site").resolve().name
            (ROOT / ".handbook" / "published").write_text(f"{made_from(ROOT)} {name}", "utf-8")
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
