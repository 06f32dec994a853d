"""The cases of tests/faults/ and what became of them, for the verification report.

A test that passed leaves the message it saw under .handbook/faults/, stored with a hash of the
case and of the pipeline: the report shows no message that the present code did not produce.
"""

import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import re

GROUPS = {
    "not-run": {"zh": "展示了却没有运行", "en": "Shown and not run"},
    "green-though-wrong": {"zh": "看似通过，其实错了", "en": "Green though wrong"},
    "never-ends": {"zh": "不结束，或耗尽机器", "en": "Never ends, or eats the machine"},
    "reaches-out": {"zh": "伸手到外面", "en": "Reaches out"},
    "records": {"zh": "运行记录过期或残缺", "en": "Stale or torn records"},
    "languages": {"zh": "两种语言不一致", "en": "The languages part"},
    "labs": {"zh": "实验有错", "en": "A lab is wrong"},
    "questions": {"zh": "题目的次序有错", "en": "The path through the questions is wrong"},
    "site": {"zh": "网站有错", "en": "The site is wrong"},
    "workflows": {"zh": "工作流有错", "en": "The workflows are wrong"},
}


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """The head of a case.

    Attributes:
        group: its folder, a key of `GROUPS`.
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
    return sorted((root / "tests" / "faults").glob("*/*.case"))


def read(file: pathlib.Path) -> Case:
    """Read the head of a case.

    Raises:
        ValueError: it has no title in one of the languages, or its folder is no group.
    """
    text = file.read_text("utf-8")
    head = text.partition("\n=== ")[0]
    lines = [line.partition(": ")[::2] for line in head.splitlines()]
    fields = dict(lines)
    group = file.parent.name
    if not {"zh", "en"} <= fields.keys() or group not in GROUPS:
        raise ValueError(
            f"{file}:1: a case begins with 'zh: …' and 'en: …', in a folder that is one of {', '.join(GROUPS)}."
        )
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
    folder = root / ".handbook" / "faults"
    folder.mkdir(parents=True, exist_ok=True)
    content = {"digest": case.digest, "pipeline": _pipeline(root), "message": seen}
    aside = folder / f".{case.group}.{case.name}.{os.getpid()}"
    aside.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    os.replace(aside, folder / f"{case.group}.{case.name}.json")


def load(case: Case, root: pathlib.Path) -> str | None:
    """The message of a case, or None if the present code has not been seen to catch it."""
    file = root / ".handbook" / "faults" / f"{case.group}.{case.name}.json"
    try:
        content = json.loads(file.read_text("utf-8"))
        if (content["digest"], content["pipeline"]) == (case.digest, _pipeline(root)):
            return content["message"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


@functools.lru_cache(maxsize=4)
def _pipeline(root: pathlib.Path) -> str:
    """Hash of what decides whether a case is caught."""
    parts = [
        *(root / "verify").rglob("*.py"),
        *(root / "verify").rglob("*.j2"),
        root / "uv.lock",
        root / "tests" / "test_faults.py",
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(parts))).hexdigest()
