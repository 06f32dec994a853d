"""The judges of problems; run as a program, it gives all of them the first one's engine.

A reader downloads one file, so each judge carries the engine whole.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
SOURCE = ROOT / "snippets/problems/causal-attention/judge.py"
JUDGES = sorted((ROOT / "snippets/problems").glob("*/judge.py"))
ENGINE = re.compile(r"^# --8<-- \[start:engine\]$.*?^# --8<-- \[end:engine\]$", re.DOTALL | re.M)


def engine(judge: pathlib.Path) -> str:
    """The engine of a judge, with its marks."""
    return ENGINE.search(judge.read_text("utf-8"))[0]


def beside(judge: pathlib.Path, name: str) -> pathlib.Path:
    """The starter or the solution of a judge; where a model is trained too, the judged is its layer."""
    core = judge.with_name(f"layer_{name}.py")
    return core if core.exists() else judge.with_name(f"{name}.py")


def copy_engine() -> None:
    """Give each judge the engine of `SOURCE`; nothing is written where it is the same."""
    shared = engine(SOURCE)
    for judge in JUDGES:
        if engine(judge) != shared:
            text = judge.read_text("utf-8")
            judge.write_text(ENGINE.sub(lambda _: shared, text), "utf-8")


if __name__ == "__main__":
    copy_engine()
