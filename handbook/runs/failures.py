"""How a program failed, in words."""

from handbook.messages import told
from handbook.mistakes import Mistake
from handbook.program import Program
from handbook.sandbox.result import Failure

LIMITS = "the limit stands in pyproject.toml under [tool.handbook.limits]."
RUN_AGAIN = "Run it again."
# Kind of failure → what is wrong, what to do. {it} is "program" or "lab".
SAID = {
    "guard lost": (
        "the guard of this {it} ended before the {it} did",
        f"{RUN_AGAIN} What the server said stands in .handbook/server.log.",
    ),
    "not started": ("the {it} could not be started: {why}", RUN_AGAIN),
    "worker lost": ("no worker could run it: {why}", RUN_AGAIN),
    "worker differs": (
        "the worker in {root} has another lock file, Python, kind of machine or runner",
        "Bring it to the same commit, and start it again.",
    ),
    "cpu": (
        "the {it} was stopped after {seconds:g} seconds of processor time",
        f"Make it smaller; {LIMITS}",
    ),
    "time": (
        "the {it} had not ended after {seconds:g} seconds",
        f"Let it wait for nothing; {LIMITS}",
    ),
    "output": ("the {it} printed more than {kib} KiB", "Print less; a reader will not read it."),
    "report": ("the {it}'s figures and values are larger than 64 MiB", "Draw fewer points."),
    "processes": ("the {it} started more than {count} processes", "Start fewer."),
    "figures": ("the {it} drew more than {count} figures", "Draw fewer."),
    "drawing": ("the {it} shows an SVG that is not XML: {why}", "Write it as XML."),
    "reported by itself": (
        "the {it} wrote to the descriptor by which the runner reports",
        "Leave it alone.",
    ),
    "names changed": (
        "the {it} changed {names}",
        "Leave Python's built-in names and the runner as they are.",
    ),
    "process left": ("the {it} left a process running: {command!r}", "Wait for it, or end it."),
    "standard error": (
        "the {it} wrote to standard error, which the page does not show",
        "Mend what warns; print to standard output what a reader is to see.",
    ),
    "does not repeat": (
        "the {it} gave something else when it ran again: {what}",
        "Fix the seed; print no time, address or path.",
    ),
    "control character": (
        "the {it} printed the control character {character}",
        "Print text; of the others a page knows tab, \\r, \\b and colours.",
    ),
    "value shown": (
        "this cell ends in a value that Jupyter would show and the page does not: {text}",
        "Print it, or give it a name.",
    ),
    "thread": ("{error}", "Mend what the thread does."),
    "kernel ended": ("this cell ended its kernel", "Let it run to its last line."),
    "not stopped": (
        "this assert holds in spite of the change that is to break it",
        "Make the assert stricter, or record a change that it catches.",
    ),
    "exit": (
        "the {it} ended itself with exit code {code} before its last line",
        "Let it run to its end.",
    ),
}
# What an exception came from → what to do.
REMEDIES = {
    "memory": f"Use less memory; {LIMITS}",
    "files": (
        "A program may write only below its home folder, read only the system and the packages, "
        "and signal only its own processes."
    ),
    "network": "Programs run without a network; use data that a package brings along.",
    "disk": f"Write less; {LIMITS}",
    "input": "Nobody types while a program runs; write the value in the program.",
    "file": "A program begins in an empty folder: write the file first, or use data of a package.",
    "package": "Use the packages that pyproject.toml lists, or add it there and lock it.",
    "name": (
        "A block knows its own names only: what blocks share stands in one file of snippets/, "
        "shown section by section."
    ),
    "name in a lab": "Define it in a cell above.",
    "assert": "Mend the program, or what it claims.",
    "": "Mend this line.",
}


def explain(failure: Failure, program: Program) -> Mistake:
    """What a contributor is told of a failure."""
    it = "lab" if program.notebook else "program"
    if failure.kind == "raised":
        return _raised(failure, program.notebook)
    if failure.kind == "died":
        return _died(failure, it)
    what, remedy = SAID[failure.kind]
    said, below = what.format(it=it, **failure.details), failure.details.get("below", "")
    return Mistake(failure.file, failure.line, said, remedy, str(below))


def _raised(failure: Failure, lab: bool) -> Mistake:
    details = failure.details
    first, _, rest = details["message"].partition("\n")
    first = first.removesuffix(".")
    what = f"{details['type']}: {first}" if first else details["type"]
    source, printed = details["source"], details["printed"]
    below = [source and f"    {source}", rest.strip()[:2000]]
    below.append(printed and told(f"It had printed:\n{printed}"))
    cause = details["cause"]
    remedy = REMEDIES["name in a lab" if lab and cause == "name" else cause]
    return Mistake(failure.file, failure.line, what, remedy, "\n".join(filter(None, below)))


def _died(failure: Failure, it: str) -> Mistake:
    status, errors = failure.details["status"], failure.details["errors"]
    by_signal = f"was ended by signal {-status}"
    how = by_signal if status < 0 else f"ended the process with exit code {status}"
    what = f"the {it} {how} before its last line"
    return Mistake(failure.file, failure.line, what, "Let it run to its end.", errors)
