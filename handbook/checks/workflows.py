"""The workflows of .github/, and what Dependabot may do: what zizmor finds in them, and what
SECURITY.md promises of workflows besides.

zizmor knows dangerous triggers, actions that can change and rights given to a whole workflow. What
a job that may write must not do, and what a pull request must not have, are rules of this handbook.
"""

import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

import yaml

from handbook.mistakes import Mistake

# No comment and no other file takes a promise back; and unless collection is strict, zizmor skips
# what is no valid workflow and says that all is well.
OPTIONS = "--offline --pedantic --strict-collection --no-ignores --no-config -q --format json-v1"
Fault = tuple[str, str] | None  # what is wrong, what to do


def check(root: pathlib.Path) -> list[Mistake]:
    """Everything that is wrong with the workflows of the handbook at `root`."""
    files = sorted((root / ".github" / "workflows").glob("*.y*ml"))
    if not files:
        return [Mistake(".github/workflows", 1, "no workflow is here", "Restore check.yml.")]
    files += sorted((root / ".github").glob("dependabot.y*ml"))
    return [mistake for file in files for mistake in _mistakes(file, root)]


def _mistakes(file: pathlib.Path, root: pathlib.Path) -> list[Mistake]:
    path, content = file.relative_to(root).as_posix(), file.read_bytes()
    try:
        workflow = yaml.load(content, yaml.BaseLoader)
        found = [mistake for check in FILE_CHECKS for mistake in check(path, root)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = error.problem if mark else getattr(error, "reason", error)
        line = mark.line + 1 if mark else 1
        return [Mistake(path, line, f"this is not YAML: {problem}", "Correct it.")]
    except (OSError, ValueError, LookupError, TypeError) as error:
        remedy = "Correct what it names here; if it is missing, run make."
        return [Mistake(path, 1, "zizmor cannot audit this", remedy, str(error))]
    is_workflow = file.parent.name == "workflows"
    texts = _texts(yaml.compose(content, yaml.BaseLoader)) if is_workflow else ()
    faults = ((line, rule(workflow, keys, text)) for keys, text, line in texts for rule in CHECKS)
    return found + [Mistake(path, line, *fault) for line, fault in faults if fault]


def zizmor_finds_nothing(path: str, root: pathlib.Path) -> list[Mistake]:
    """What is known to be dangerous in any workflow is not there."""
    command = [pathlib.Path(sys.executable).with_name("zizmor"), *OPTIONS.split(), path]
    run = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8")
    if run.returncode not in (0, *range(10, 15)):  # from 10 on: how bad the findings are
        raise ValueError(run.stderr.partition("Stack backtrace")[0].strip())
    found = []
    for finding in json.loads(run.stdout):
        place = [x for x in finding["locations"] if x["symbolic"]["kind"] == "Primary"][0]
        line = place["concrete"]["location"]["start_point"]["row"] + 1
        what = f"{finding['desc']}: {place['symbolic']['annotation']} [{finding['ident']}]"
        found.append(Mistake(path, line, what, f"Mend it as told in {finding['url']}"))
    return found


FILE_CHECKS = (zizmor_finds_nothing,)


def rights_are_named_by_jobs(_workflow: dict, keys: tuple, _text: str) -> Fault:
    """No right is given to all jobs at once."""
    if keys[0] == "permissions":
        what = "a job here has rights that it does not name"
        return what, "Write 'permissions: {}' at the top."


def checks_out_and_writes(workflow: dict, keys: tuple, text: str) -> Fault:
    """A job that may write checks out nothing, nor uses what lies in the repository."""
    right = _right_to_write(workflow, keys)
    if right and keys[-1] == "uses" and re.match(r"(?i)actions/checkout|\./|\$/", text):
        remedy = "Build in a job without rights, and hand over the finished site."
        return f"a job that may write {right} checks out code", remedy


def runs_commands_and_writes(workflow: dict, keys: tuple, text: str) -> Fault:
    """A job that may write runs no command."""
    right = _right_to_write(workflow, keys)
    if right and keys[-1] == "run":
        return f"a job that may write {right} runs commands", "Leave it to pinned actions alone."


def pull_request_writes(workflow: dict, keys: tuple, text: str) -> Fault:
    """A pull request has no right to write."""
    if _by_pull_request(workflow) and keys[-2:-1] == ("permissions",) and text == "write":
        return f"a pull request gets the right to write {keys[-1]}", "Take it away."


def pull_request_gets_secret(workflow: dict, keys: tuple, text: str) -> Fault:
    """A pull request has no secret."""
    if _by_pull_request(workflow) and re.search(r"(?i)\bsecrets\b", text):
        return "a pull request gets a secret", "Take it away."


def pull_request_writes_cache(workflow: dict, keys: tuple, text: str) -> Fault:
    """A pull request stores no cache."""
    stores = keys[-1] == "uses" and re.match("(?i)actions/cache(/save)?@", text)
    if _by_pull_request(workflow) and (stores or keys[-1] == "cache"):
        remedy = "Use actions/cache/restore, or none."
        return "a pull request writes a cache that main would read", remedy


def dates_have_their_history(workflow: dict, keys: tuple, text: str) -> Fault:
    """A job that builds the site for its address has all commits, whose dates the feed tells."""
    if keys[-1] != "uses" or not re.match("(?i)actions/checkout@", text):
        return None
    job = workflow["jobs"][keys[1]]
    given = job["steps"][keys[3]].get("with") or {}
    if "SITE_URL" in json.dumps([job, workflow.get("env")]) and given.get("fetch-depth") != "0":
        what = "a job publishes with SITE_URL and clones one commit, so every page seems new"
        return what, "Write 'fetch-depth: 0' below 'with:'."
    return None


CHECKS = (
    rights_are_named_by_jobs,
    checks_out_and_writes,
    runs_commands_and_writes,
    pull_request_writes,
    pull_request_gets_secret,
    pull_request_writes_cache,
    dates_have_their_history,
)


def _right_to_write(workflow: dict, keys: tuple) -> str:
    """What the job that the keys lead into may write, or ""."""
    job = workflow["jobs"][keys[1]] if keys[0] == "jobs" else {}
    rights = job.get("permissions")
    given = rights.items() if isinstance(rights, dict) else []
    return next((right for right, value in given if value == "write"), "")


def _by_pull_request(workflow: dict) -> bool:
    """Does a pull request start it, under any of the names that begin so?"""
    events = [workflow["on"]] if isinstance(workflow["on"], str) else workflow["on"]
    return any(event.startswith("pull_request") for event in events)


def _texts(node: yaml.Node, keys: tuple = ()) -> Iterator[tuple[tuple, str, int]]:
    """Every text below a node, with the keys above it and its line."""
    if isinstance(node, yaml.ScalarNode):
        yield keys, node.value, node.start_mark.line + 1
    else:
        named = isinstance(node, yaml.MappingNode)
        for key, value in node.value if named else enumerate(node.value):
            yield from _texts(value, (*keys, key.value if named else key))
