"""Programs for the tests of the sandbox, and a server that is quick to stop them."""

import dataclasses

from handbook import settings
from handbook.program import Part, Program
from handbook.runs.failures import explain
from handbook.sandbox.result import Result
from handbook.settings import ROOT


def settings_with(*preload: str, wall_seconds: float = 60) -> settings.Settings:
    known = settings.load(ROOT)
    limits = dataclasses.replace(
        known.limits, cpu_seconds=3, wall_seconds=wall_seconds, files_gib=0.05
    )
    return dataclasses.replace(known, limits=limits, preload=preload)


def program(*codes: str, values: tuple[str, ...] = (), notebook: bool = False) -> Program:
    lines, parts = 1, []
    for code in codes:
        parts.append(Part(code, "snippets/p.py", lines))
        lines += code.count("\n") + 1
    return Program("p.py", tuple(parts), values, notebook)


def said(result: Result, notebook: bool = False) -> str:
    """What a contributor is told of a result's failure; "" if there is none."""
    failure = result.failure
    return str(explain(failure, program(notebook=notebook))) if failure else ""
