"""A result ↔ disk, under a key that changes when anything that could change the result changes."""

import dataclasses
import datetime
import functools
import hashlib
import importlib.metadata
import json
import pathlib
import platform
import sys
from collections.abc import Callable

from handbook import sandbox
from handbook.files import write_whole
from handbook.program import Program, syntax_of
from handbook.sandbox.result import Result, result_of
from handbook.settings import Settings


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a program runs: under which interpreter, on which kind of processor."""

    python: str
    machine: str


def here() -> Place:
    """Where this process runs."""
    return Place(sys.version, platform.machine())


@dataclasses.dataclass(frozen=True)
class Record:
    """A program that ran to its end.

    Attributes:
        key: what it was stored under.
        python: under which interpreter it ran.
        machine: on which kind of processor.
        ran_at: when it ended, ISO 8601, UTC.
        versions: package → version, of those the settings name, and Python.
        result: what it printed, drew and defined.
    """

    key: str
    python: str
    machine: str
    ran_at: str
    versions: dict[str, str]
    result: Result


def key_of(program: Program, settings: Settings, place: Place | None = None) -> str:
    """Hash of all that could change what a program gives.

    The syntax tree of each part (comments and layout do not count), the inline expressions, the
    line of the assertion that has to stop it, and what `SURROUNDINGS` names.

    Args:
        program: what runs.
        settings: those of the handbook.
        place: where it runs, if not here.
    """
    material = [
        [syntax_of(part.code) for part in program.parts],
        list(program.expressions),
        program.notebook,
        program.stops,
        _surroundings(settings, place or here()),
    ]
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()[:32]


def lock_file(settings: Settings, _place: Place) -> str:
    """The packages, to the last byte."""
    return hashlib.sha256((settings.root / "uv.lock").read_bytes()).hexdigest()


def runner(_settings: Settings, _place: Place) -> str:
    """Everything in the folder that runs programs."""
    folder = pathlib.Path(sandbox.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix != ".pyc"):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def limits(settings: Settings, _place: Place) -> str:
    """What a program may use."""
    return repr(settings.limits)


def python(_settings: Settings, place: Place) -> str:
    """The interpreter."""
    return place.python


def machine(_settings: Settings, place: Place) -> str:
    """The kind of processor."""
    return place.machine


SURROUNDINGS = (
    lock_file,
    runner,
    limits,
    python,
    machine,
)


@functools.lru_cache(maxsize=8)
def _surroundings(settings: Settings, place: Place) -> list[str]:
    return [name(settings, place) for name in SURROUNDINGS]


def save(key: str, result: Result, settings: Settings) -> Record:
    """Write a result under its key, whole or not at all.

    Raises:
        ValueError: the result is of a program that failed.
        OSError: the records folder cannot be written.
    """
    if not result.ran:
        raise ValueError("only a program that ran to its end has a record")
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    versions = {"Python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in settings.versions
    }
    record = Record(key, **dataclasses.asdict(here()), ran_at=now, versions=versions, result=result)
    content = dataclasses.asdict(record)
    whole = {"digest": _digest(content), **content}
    write_whole(file_of(key, settings), json.dumps(whole, ensure_ascii=False, indent=1))
    return record


def load(key: str, settings: Settings) -> Record | None:
    """The record under a key, or None if there is none or it is not as it was written."""
    try:
        text = file_of(key, settings).read_bytes()
    except OSError:
        return None
    return parse(text, lambda _place: key)


def parse(text: bytes, key_at: Callable[[Place], str]) -> Record | None:
    """A record from what is kept of it, or None if it is not as it was written.

    Args:
        text: the content of its file.
        key_at: the key that it has to have, by the place where it says it was made.
    """
    try:
        content = json.loads(text)
        digest = content.pop("digest")
        key = key_at(Place(content["python"], content["machine"]))
        if not all(check(content, digest, key) for check in CHECKS):
            return None
        return Record(**content | {"result": result_of(content["result"])})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def is_as_written(content: dict, digest: str, _key: str) -> bool:
    """Nobody has changed the record since."""
    return digest == _digest(content)


def is_of_this_program(content: dict, _digest: str, key: str) -> bool:
    """The file has not been given the name of another."""
    return content["key"] == key


CHECKS = (
    is_as_written,
    is_of_this_program,
)


def prune(keys: set[str], settings: Settings, before: float) -> int:
    """Delete every record whose key is not given.

    Args:
        keys: of the records to keep.
        settings: those of the handbook.
        before: seconds since the epoch; what was written later is kept, for somebody needs it.

    Returns:
        How many went.
    """
    files = [file for file in settings.records.glob("*.json") if file.stem not in keys]
    stale = [file for file in files if file.stat().st_mtime < before]
    for file in stale:
        file.unlink(missing_ok=True)
    return len(stale)


def file_of(key: str, settings: Settings) -> pathlib.Path:
    """Where the record under a key is kept."""
    return settings.records / f"{key}.json"


def _digest(content: dict) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
