"""The workflows of .github/ against the rules that SECURITY.md promises.

zizmor, run beside this, knows many more mistakes; these are the ones the promise rests on, and
each is named with its line.
"""

import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")
# Run with the rights of the target branch, on what a stranger wrote.
DANGEROUS = ("pull_request_target", "workflow_run", "issue_comment")
FROM_STRANGERS = ("pull_request",)


def check(file: pathlib.Path, root: pathlib.Path) -> list[str]:
    """Every rule that a workflow breaks, as `path:line: what. What to do.`"""
    path = file.relative_to(root).as_posix()
    try:
        tree = yaml.compose(file.read_text("utf-8"), yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [f"{path}:{line}: this is not YAML: {error.problem}. Correct it."]
    top = _entries(tree)
    faults = [*_triggers(top), *_default_rights(top)]
    for job in _entries(top.get("jobs")).values():
        faults += _job(_entries(job))
    if any(name in FROM_STRANGERS for name, _ in _names(top.get("on"))):
        faults += _stranger(tree)
    return [f"{path}:{line}: {fault}" for line, fault in sorted(faults)]


def _triggers(top: dict) -> list[tuple[int, str]]:
    return [
        (line, f"{name} runs what a stranger wrote with the rights of main. Use pull_request.")
        for name, line in _names(top.get("on"))
        if name in DANGEROUS
    ]


def _default_rights(top: dict) -> list[tuple[int, str]]:
    if (
        "permissions" in top
        and not _entries(top["permissions"])
        and _text(top["permissions"]) == ""
    ):
        return []
    return [(1, "a job here has rights that it does not name. Write 'permissions: {}' at the top.")]


def _job(job: dict) -> list[tuple[int, str]]:
    faults = []
    steps = job["steps"].value if "steps" in job else []
    rights = [
        name for name, node in _entries(job.get("permissions")).items() if _text(node) == "write"
    ]
    if _text(job.get("permissions")) == "write-all":
        rights = ["everything"]
    for step in [job, *map(_entries, steps)]:
        uses = step.get("uses")
        if uses is None:
            continue
        action, line = _text(uses), uses.start_mark.line + 1
        if not PINNED.fullmatch(action) and not action.startswith("./"):
            faults.append(
                (
                    line,
                    f"{action} can change under this name. Pin it to a commit: {action.split('@')[0]}@<40 hex digits> # version.",
                )
            )
        if rights and (action.startswith("actions/checkout") or action.startswith("./")):
            faults.append(
                (
                    line,
                    f"a job that may write {rights[0]} checks out code. Build in a job without rights, and hand over the finished site.",
                )
            )
    for step in map(_entries, steps):
        if rights and "run" in step:
            line = step["run"].start_mark.line + 1
            faults.append(
                (
                    line,
                    f"a job that may write {rights[0]} runs commands. Leave it to pinned actions alone.",
                )
            )
    return faults


def _stranger(tree) -> list[tuple[int, str]]:
    """What a workflow that a pull request starts may not hold."""
    faults = []
    for key, value in _walk(tree):
        line = value.start_mark.line + 1
        if key == "permissions":
            given = [n for n, node in _entries(value).items() if _text(node) == "write"]
            if given or _text(value) == "write-all":
                faults.append(
                    (
                        line,
                        f"a pull request gets the right to write {(given or ['everything'])[0]}. Take it away.",
                    )
                )
        if re.search(r"\bsecrets\b", _text(value)):
            faults.append((line, "a pull request gets a secret. Take it away."))
        if key == "uses" and re.match(r"actions/cache(/save)?@", _text(value)) or key == "cache":
            faults.append(
                (
                    line,
                    "a pull request writes a cache that main would read. Use actions/cache/restore, or none.",
                )
            )
    return faults


def _entries(node) -> dict:
    return (
        {key.value: value for key, value in node.value}
        if isinstance(node, yaml.MappingNode)
        else {}
    )


def _text(node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else ""


def _names(node) -> list[tuple[str, int]]:
    """The events of `on:`, written as a word, a list or a mapping, with their lines."""
    if isinstance(node, yaml.ScalarNode):
        found = [node]
    elif isinstance(node, yaml.SequenceNode):
        found = node.value
    else:
        found = [key for key, _ in node.value] if node else []
    return [(event.value, event.start_mark.line + 1) for event in found]


def _walk(node):
    """Every value of the tree with the key it stands under."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, value
            yield from _walk(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield "", value
            yield from _walk(value)


def main() -> int:
    """Check every workflow of the handbook this file belongs to."""
    files = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
    faults = [fault for file in files for fault in check(file, ROOT)]
    print("\n".join(faults) or f"{len(files)} workflows keep the rules of SECURITY.md")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
