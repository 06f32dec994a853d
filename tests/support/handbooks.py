"""A tiny handbook to break: the project's own pipeline on two small pages."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

from handbook.pages.mutations import mutation_files
from handbook.settings import ROOT
from tests.support.forked import TIMEOUT

HERE = ROOT / "tests" / "support"
# What runs a command: its arguments, the folder and the environment.
Start = Callable[[tuple[str, ...], pathlib.Path, dict[str, str]], subprocess.CompletedProcess]


def surroundings() -> dict[str, str]:
    """What a command may know of the environment of the tests; it keeps its compiled modules."""
    others = ("PYTEST", "COV", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)}


def started(
    arguments: tuple[str, ...], folder: pathlib.Path, environment: dict[str, str]
) -> subprocess.CompletedProcess:
    """Run a Python module in a folder and an environment; the output has both streams."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=TIMEOUT,
    )


class TinyHandbook:
    """A copy of the tiny handbook, driven as a contributor drives it: by commands."""

    def __init__(self, root: pathlib.Path, start: Start = started) -> None:
        self.root = root
        self.start = start
        self.environment: dict[str, str] = {}
        self.address = ""  # where its site is served, if it is

    def command(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a Python module in the handbook's folder; its output has both streams."""
        return self.start(arguments, self.root, surroundings() | self.environment)

    def run(self, *pages: str) -> subprocess.CompletedProcess:
        """Run the programs of the pages, or of all of them."""
        everything = [x for x in ("docs", "snippets/labs") if (self.root / x).is_dir()]
        everything += map(str, mutation_files(self.root))
        return self.command("pytest", "-q", "-p", "no:cacheprovider", *(pages or everything))

    def publish(self) -> subprocess.CompletedProcess:
        """Build, audit and publish, whether anything has changed or not."""
        with contextlib.suppress(OSError):
            (self.root / ".handbook" / "published").unlink(missing_ok=True)
        return self.command("handbook", "site")

    def workflows(self) -> subprocess.CompletedProcess:
        """Check the workflows."""
        return self.command("handbook", "workflows")

    def site(self) -> subprocess.CompletedProcess:
        """What `make site` does: run, then publish if that went well."""
        ran = self.run()
        return ran if ran.returncode else self.publish()

    def replace(self, path: str, old: str, new: str) -> None:
        """Change the text of a file; the old text must stand in it."""
        file = self.root / path
        text = file.read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), "utf-8")

    def html(self, path: str) -> str:
        """A file of the published site."""
        return (self.root / "site" / path).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        """Path and content of every file of the published site."""
        site = (self.root / "site").resolve()
        return {
            path.relative_to(site).as_posix(): path.read_bytes()
            for path in site.rglob("*")
            if path.is_file()
        }

    def records(self) -> list[pathlib.Path]:
        """The records on disk."""
        return sorted((self.root / ".handbook" / "records").glob("*.json"))


def written(root: pathlib.Path) -> pathlib.Path:
    """Write what an author writes, with a lab and questions, for tests that read it themselves."""
    shutil.copytree(HERE / "tiny", root)
    shutil.copytree(HERE / "whole", root, dirs_exist_ok=True)
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, root / name)
    return root


def assemble(root: pathlib.Path, whole: bool = False) -> TinyHandbook:
    """Put the tiny handbook together at `root`, with a lab and questions or, faster, without."""
    shutil.copytree(HERE / "tiny", root)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "handbook", root / "handbook", ignore=ignore)
    shutil.copytree(ROOT / "docs" / "overrides", root / "docs" / "overrides")
    shutil.copytree(ROOT / ".github", root / ".github")
    for name in ("conftest.py", "uv.lock"):
        shutil.copy(ROOT / name, root / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (ROOT / name).read_text("utf-8")
        (root / name).write_text(_configuration(text, whole), "utf-8")
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    (root / "pyproject.toml").write_text(_settings(settings), "utf-8")
    if whole:
        shutil.copytree(HERE / "whole", root, dirs_exist_ok=True)
    handbook = TinyHandbook(root)
    done = handbook.command("handbook", "in-line", "all")
    assert done.returncode == 0, done.stdout
    if whole:  # It is published for an address, so its feed needs dates.
        (root / ".gitignore").write_text("__pycache__/\n/.handbook/\n/site\n", "utf-8")
        git(root, "init", "--quiet")
        commit(root, FIRST_COMMIT)
    return handbook


FIRST_COMMIT = 1_700_000_000


def git(root: pathlib.Path, *arguments: str, **environment: str) -> str:
    """Run git in a handbook's folder, as nobody."""
    who = {
        f"GIT_{x}_{y}": "x@example.org" for x in ("AUTHOR", "COMMITTER") for y in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["git", *arguments],
        cwd=root,
        env=os.environ | who | environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stdout


def commit(root: pathlib.Path, moment: int) -> None:
    """Commit all that has changed in a handbook, at a moment in seconds."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=x", GIT_COMMITTER_DATE=f"@{moment} +0000")


def _configuration(text: str, whole: bool) -> str:
    """mkdocs.yml without the navigation and without what takes long to load."""
    text = text[: text.index("\nnav:")] + "\n"
    # A dictionary of a few words: the whole one takes a second to load.
    text = text.replace("    lang: [zh, en]\n", "    lang: [zh, en]\n    jieba_dict: words.txt\n")
    if not whole:  # What labs need takes a second to load.
        text = re.sub(r"\n  mkdocs-jupyter:.*?(?=\n\n|\n  \w|\n\w)", "", text, flags=re.DOTALL)
    return text


def _settings(text: str) -> str:
    """pyproject.toml with one package to load, little room, and little time to compute.

    A case that waits changes how long it may; the others run on busy machines.
    """
    text = re.sub(r"preload = \[.*?\]", 'preload = ["matplotlib.pyplot"]', text, flags=re.DOTALL)
    changed = {
        "page_cpu_seconds": "0.7",
        "cpu_seconds": "3",
        "lab_cpu_seconds": "8",
        "wall_seconds": "60",
        "files_gib": "0.05",
    }
    for name, value in changed.items():
        text, found = re.subn(rf"^{name} = \d+", f"{name} = {value}", text, flags=re.MULTILINE)
        assert found == 1, f"{name} is not in pyproject.toml"
    return text


def copy_of(good: TinyHandbook, folder: pathlib.Path, start: Start = started) -> TinyHandbook:
    """A copy of a handbook below `folder`, in a path with a space and Chinese."""
    root = folder / "my 手册"
    shutil.copytree(good.root, root, symlinks=True, copy_function=_copy)
    return TinyHandbook(root, start)


def _copy(source: str, target: str) -> None:
    """Copy a file; one that is never written again, only replaced, may be the same on disk."""
    replaced = source.endswith(".pyc") or "/.handbook/sites/" in source
    (os.link if replaced else shutil.copy2)(source, target)
