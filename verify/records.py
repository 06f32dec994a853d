"""A result ↔ disk, under a key that changes when anything that could change the result changes."""

import dataclasses
import datetime
import functools
import hashlib
import importlib.metadata
import json
import os
import pathlib
import platform
import sys

from verify import sessions
from verify.pages import Program, syntax_of
from verify.settings import Settings

# The modules of this package that decide what a program gives.
RUNNER = ("sessions", "kernels", "confinement")


@dataclasses.dataclass(frozen=True)
class Record:
    """A program that ran to its end.

    Attributes:
        key: what it was stored under.
        ran_at: when it ended, ISO 8601, UTC.
        versions: package → version, of those the settings name, and Python.
        result: what it printed, drew and defined.
    """

    key: str
    ran_at: str
    versions: dict[str, str]
    result: sessions.Result


def key_of(program: Program, settings: Settings) -> str:
    """Hash of all that could change what a program gives.

    The syntax tree of each part (comments and layout do not count), the inline expressions, the
    lock file, the Python version and machine, the runner and its limits.
    """
    material = [
        [syntax_of(part.code) for part in program.parts],
        list(program.expressions),
        [program.notebook],
        _surroundings(settings),
    ]
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()[:32]


@functools.lru_cache(maxsize=8)
def _surroundings(settings: Settings) -> list[str]:
    folder = pathlib.Path(sessions.__file__).parent
    runner = b"".join((folder / f"{m}.py").read_bytes() for m in RUNNER)
    lock = (settings.root / "uv.lock").read_bytes()
    return [
        hashlib.sha256(lock).hexdigest(),
        hashlib.sha256(runner).hexdigest(),
        repr(settings.limits),
        sys.version,
        platform.machine(),
    ]


def save(key: str, result: sessions.Result, settings: Settings) -> Record:
    """Write a result under its key, whole or not at all.

    Raises:
        ValueError: the result is of a program that failed.
        OSError: the records folder cannot be written.
    """
    if result.error or result.value_errors:
        raise ValueError("only a program that ran to its end has a record")
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    versions = {"Python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in settings.versions
    }
    record = Record(key, now, versions, result)
    settings.records.mkdir(parents=True, exist_ok=True)
    content = dataclasses.asdict(record)
    text = json.dumps({"digest": _digest(content), **content}, ensure_ascii=False, indent=1)
    aside = settings.records / f".{key}.{os.getpid()}"
    aside.write_text(text, "utf-8")
    os.replace(aside, _file(key, settings))
    return record


def load(key: str, settings: Settings) -> Record | None:
    """The record under a key, or None if there is none or it is not as it was written."""
    file = _file(key, settings)
    try:
        stat = file.stat()
        return _read(file, key, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@functools.lru_cache(maxsize=4096)
def _read(file: pathlib.Path, key: str, state: tuple[int, ...]) -> Record | None:
    """Read a record once in each state of its file."""
    content = json.loads(file.read_text("utf-8"))
    digest = content.pop("digest")
    if digest != _digest(content) or content["key"] != key:
        return None
    return Record(**content | {"result": sessions.Result(**content["result"])})


def prune(keys: set[str], settings: Settings) -> int:
    """Delete every record whose key is not given; returns how many went."""
    stale = [file for file in settings.records.glob("*.json") if file.stem not in keys]
    for file in stale:
        file.unlink(missing_ok=True)
    return len(stale)


def _file(key: str, settings: Settings) -> pathlib.Path:
    return settings.records / f"{key}.json"


def _digest(content: dict) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
