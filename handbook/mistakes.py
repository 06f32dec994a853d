"""One value for everything that a contributor is told, and the one place that prints it."""

import dataclasses
import sys
from collections.abc import Iterable

from handbook.messages import told

SHOWN = 40  # mistakes that are printed at once; nobody reads more


@dataclasses.dataclass(frozen=True, order=True)
class Mistake:
    """`path:line: what is wrong. What to do.`

    Written in English, and shown in the language of the terminal.

    Attributes:
        path: the file, relative to the handbook's folder, with `/`.
        line: its line, from 1.
        what: what is wrong; without a full stop where a remedy follows.
        remedy: what to do, as whole sentences; "" where `what` says it all.
        below: further lines for whoever looks closer: the code, what was printed.
    """

    path: str
    line: int
    what: str
    remedy: str = ""
    below: str = ""

    def __str__(self) -> str:
        what, remedy = told(self.what), told(self.remedy)
        stop = ". " if what == self.what else "。"
        said = f"{what}{stop}{remedy}" if remedy else what
        return "\n".join(filter(None, [f"{self.path}:{self.line}: {said}", self.below]))


class Mistakes(Exception):
    """One or more mistakes; shown as they are, without a traceback."""

    def __init__(self, found: Iterable[Mistake]) -> None:
        self.found = tuple(sorted(set(found)))
        super().__init__("\n".join(map(str, self.found)))


def show(found: Iterable[Mistake]) -> None:
    """Print mistakes to standard error, sorted by file and line."""
    if not (ordered := sorted(set(found))):
        return
    print(*ordered[:SHOWN], sep="\n", file=sys.stderr)
    if len(ordered) > SHOWN:
        print(told(f"… and {len(ordered) - SHOWN} more."), file=sys.stderr)


def unwritable(error: OSError) -> Mistake:
    """What a contributor is told when the machine does not let a result be stored."""
    return Mistake(
        ".handbook",
        1,
        f"cannot be written: {error.strerror or error}",
        "Make room, or permit writing to this folder.",
    )
