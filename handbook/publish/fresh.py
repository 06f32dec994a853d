"""Whether the published site is what a build would publish now."""

import contextlib
import hashlib
import os
import pathlib
import subprocess
import sys

# What a site is made from: what is written, what was measured, and what the environment says.
WRITTEN = (
    "docs", "snippets", "handbook", "tests/faults", "tests/support", "benchmarks/results.json",
    "mkdocs.yml", "mkdocs.en.yml", "pyproject.toml", "uv.lock",
)  # fmt: skip
MEASURED = (".handbook/records", ".handbook/faults")
SURROUNDINGS = ("SITE_URL", "SITE_URL_EN", "REPOSITORY_URL", "SITE_VERSION", "SOURCE_DATE_EPOCH")


def made_from(root: pathlib.Path, names: tuple[str, ...] = WRITTEN + MEASURED) -> str:
    """Hash of what the site is made from: a site made from the same is the same site."""
    files = [path for name in names for path in [root / name, *(root / name).rglob("*")]]
    material = [sys.version, *(f"{name}={os.environ.get(name)}" for name in SURROUNDINGS)]
    if os.environ.get("SITE_URL"):  # A feed tells when each page was last committed.
        command = ["git", "rev-parse", "HEAD"]
        with contextlib.suppress(FileNotFoundError):  # Without git the feed says what is missing.
            told = subprocess.run(command, cwd=root, capture_output=True, text=True)
            material.append(told.stdout)
    digest = hashlib.sha256("\n".join(material).encode())
    for file in sorted(file for file in files if file.is_file() and file.suffix != ".pyc"):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def is_published(root: pathlib.Path) -> bool:
    """Whether `site/` is what a build would publish now."""
    note = _note(root)
    if not note.is_file() or not (root / "site" / "index.html").is_file():
        return False
    return note.read_text("utf-8") == _what_stands(root)


def remember(root: pathlib.Path) -> None:
    """Note what the site that has just been published was made from."""
    _note(root).write_text(_what_stands(root), "utf-8")


def _what_stands(root: pathlib.Path) -> str:
    return f"{made_from(root)} {(root / 'site').resolve().name}"


def _note(root: pathlib.Path) -> pathlib.Path:
    return root / ".handbook" / "published"
