"""The cases of tests/faults/cases/ and what became of them, for the verification report.

A test that passed leaves the message it saw under .handbook/faults/, stored with a hash of the
case and of the pipeline: the report shows no message that the present code did not produce.
"""

import dataclasses
import functools
import hashlib
import json
import pathlib
import re

from handbook.files import write_whole
from handbook.mistakes import Mistake, Mistakes
from handbook.words import words


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """The head of a case.

    Attributes:
        group: its folder, one of the group `faults` in words.yml.
        name: its file name without the suffix.
        title: what is wrong, per language.
        expected: regular expressions that the output must match.
        step: the command that must report it, or "" for the first that fails.
        environment: variables that are set for the command.
        needs: the system without which it cannot be caught, or "".
        digest: hash of the whole case.
    """

    group: str
    name: str
    title: dict[str, str]
    expected: tuple[str, ...]
    step: str
    environment: dict[str, str]
    needs: str
    digest: str


def files(root: pathlib.Path) -> list[pathlib.Path]:
    """Every case of the handbook at `root`, sorted."""
    return sorted((root / "tests" / "faults" / "cases").glob("*/*.case"))


def read(file: pathlib.Path) -> Case:
    """Read the head of a case.

    Raises:
        Mistakes: it has no title in one of the languages, or its folder is no group.
    """
    text = file.read_text("utf-8")
    head = text.partition("\n=== ")[0]
    lines = [line.partition(": ")[::2] for line in head.splitlines()]
    fields = dict(lines)
    group, groups = file.parent.name, words("faults", "en")
    if not {"zh", "en"} <= fields.keys() or group not in groups:
        what = "this is not how a case begins"
        remedy = f"Write 'zh: …' and 'en: …', in a folder that is one of {', '.join(groups)}."
        raise Mistakes([Mistake(f"tests/faults/cases/{group}/{file.name}", 1, what, remedy)])
    return Case(
        group=group,
        name=file.stem,
        title={language: fields[language] for language in ("zh", "en")},
        expected=tuple(value for name, value in lines if name == "expect"),
        step=fields.get("step", ""),
        environment=dict([fields["environment"].split("=", 1)]) if "environment" in fields else {},
        needs=fields.get("needs", ""),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def message(case: Case, output: str) -> str:
    """The line of a command's output in which the fault was named."""
    pattern = re.compile(case.expected[0])
    return next((line.strip() for line in output.splitlines() if pattern.search(line)), "")


def save(case: Case, seen: str, root: pathlib.Path) -> None:
    """Keep the message of a case that was caught."""
    content = {"digest": case.digest, "pipeline": _pipeline(root), "message": seen}
    write_whole(_file(case, root), json.dumps(content, ensure_ascii=False))


def load(case: Case, root: pathlib.Path) -> str | None:
    """The message of a case, or None if the present code has not been seen to catch it."""
    try:
        content = json.loads(_file(case, root).read_text("utf-8"))
        if (content["digest"], content["pipeline"]) == (case.digest, _pipeline(root)):
            return content["message"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _file(case: Case, root: pathlib.Path) -> pathlib.Path:
    return root / ".handbook" / "faults" / f"{case.group}.{case.name}.json"


@functools.lru_cache(maxsize=4)
def _pipeline(root: pathlib.Path) -> str:
    """Hash of what decides whether a case is caught."""
    package = [f for f in (root / "handbook").rglob("*") if f.suffix in (".py", ".j2", ".yml")]
    tests = [*(root / "tests" / "faults").glob("*.py"), *(root / "tests" / "support").rglob("*")]
    files = [f for f in [*package, root / "uv.lock", *tests] if f.is_file() and f.suffix != ".pyc"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()
