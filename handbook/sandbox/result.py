"""What became of a program."""

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Failure:
    """How a program failed; runs/failures.py says it in words.

    Attributes:
        kind: what happened: "raised", "died", or a key of `failures.SAID`.
        file: the file of the program in which it happened.
        line: its line.
        details: what the words need, by name.
    """

    kind: str
    file: str
    line: int
    details: dict[str, str | int | float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Result:
    """What a program gave.

    Attributes:
        failure: None if it ran to its end, or was stopped by the assertion that had to stop it.
        failed_part: index of the part that was running when it failed.
        outputs: for each part that finished, what it printed.
        figures: for each part that finished, its figures as SVG.
        values: text of each inline expression after each part; None where it had no value yet.
        value_errors: inline expressions that had none in the end, with the reason.
        seconds: wall time of the program.
        cpu_seconds: processor time of the program and of every process that it started.
        peak_mib: peak resident memory, the imported packages included, in MiB.
        walls: those of `walls.WALLS` that stood around it.
    """

    failure: Failure | None = None
    failed_part: int = 0
    outputs: list[str] = dataclasses.field(default_factory=list)
    figures: list[list[str]] = dataclasses.field(default_factory=list)
    values: dict[str, list[str | None]] = dataclasses.field(default_factory=dict)
    value_errors: dict[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: int = 0
    walls: Sequence[str] = dataclasses.field(default_factory=list)

    @property
    def ran(self) -> bool:
        """Whether the program ran to its end and every inline value could be computed."""
        return self.failure is None and not self.value_errors

    def value_after(self, part: int, expression: str) -> str:
        """What an expression came to after a part; if not yet then, after the first that gave it.

        Args:
            part: index of the part.
            expression: one of the program's.

        Returns:
            The text; "" if it could never be computed.
        """
        texts = self.values.get(expression, [])
        return next((text for text in [*texts[part:], *texts[::-1]] if text is not None), "")

    def expect_at_most(self, count: int, drawn: list[str]) -> None:
        """Raise `Stopped` if the figures so far and these are more than a program may have."""
        if sum(map(len, self.figures)) + len(drawn) > count:
            raise Stopped("figures", count=count)


class Stopped(Exception):
    """The program broke a rule of its own accord."""

    def __init__(self, kind: str, **details: str | int | float) -> None:
        super().__init__(kind)
        self.kind, self.details = kind, details


def result_of(content: dict) -> Result:
    """A result from its JSON."""
    failure = content.get("failure")
    return Result(**content | {"failure": Failure(**failure) if failure else None})
