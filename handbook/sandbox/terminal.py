"""What a program writes → what a terminal shows of it in the end."""

import re

from handbook.sandbox.result import Stopped

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEP = re.compile(r"\x1b\[0?K|.", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What TensorFlow's C++ part says about the machine: its lines begin so, or with the date.
NOTICE = re.compile(
    r"[IWE]\d{4} [\d:.]+ |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] |"
    r"WARNING: All log messages before absl::InitializeLog"
)


def shown(written: str) -> str:
    """The last state of each line, without colours.

    Args:
        written: everything that was written; `\\r` goes back to the start of the line, `\\b` one
            place, `ESC[K` clears the rest of the line.

    Raises:
        Stopped: it holds another control character.
    """
    return "\n".join(map(_line, COLOUR.sub("", written).split("\n")))


def _line(written: str) -> str:
    if not CONTROL.search(written):
        return written
    cells: list[str] = []
    place = 0
    for step in STEP.findall(written):
        if step == "\r":
            place = 0
        elif step == "\b":
            place = max(0, place - 1)
        elif len(step) > 1:
            del cells[place:]
        elif CONTROL.match(step):
            raise Stopped("control character", character=repr(step))
        else:
            cells[place : place + 1] = [step]
            place += 1
    return "".join(cells)


def without_notices(errors: str) -> str:
    """Standard error without what TensorFlow says about the machine."""
    return "\n".join(line for line in errors.splitlines() if not NOTICE.match(line)).strip()
