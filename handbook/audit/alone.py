"""Runs each program as a reader runs it, `python snippets/….py`, and compares with the pages.

An interpreter and TensorFlow start anew for each program, which takes minutes.
"""

import concurrent.futures
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.sandbox import terminal


def run_alone(file: pathlib.Path) -> tuple[int, str, str]:
    """Exit code, standard output as a terminal shows it, and the end of standard error of a program run alone."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "LANG": "C.UTF-8",
            "MPLBACKEND": "agg",
            "TF_ENABLE_ONEDNN_OPTS": "1",  # as on the pages; elsewhere some CPUs print other digits
        }
        done = subprocess.run(
            [sys.executable, str(file)],
            cwd=home,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
        )
    return done.returncode, terminal.shown(done.stdout), done.stderr[-1000:]


def compare_all(handbook: Handbook) -> list[Mistake]:
    """Compare every program of the Chinese pages; the English ones show the same."""
    shown = {
        run.program.name: "".join(run.record.result.outputs)
        for run in handbook.runs("zh")
        if run.program.parts[0].section or run.program.notebook
    }
    if not shown:
        return [Mistake("docs/zh", 1, "no program has a record", "Run make site first.")]
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        snippets = handbook.root / "snippets"
        running = {pool.submit(run_alone, snippets / name): name for name in shown}
        for number, future in enumerate(concurrent.futures.as_completed(running), 1):
            name = running[future]
            code, output, errors = future.result()
            same = code == 0 and output == shown[name]
            mark = "same" if same else "DIFFERS"
            print(f"  {number:3d}/{len(shown)}  {mark}  {name}", flush=True)
            if not same:
                wrong.append(_difference(name, shown[name], output, code, errors))
    return wrong


def _difference(name: str, shown: str, output: str, code: int, errors: str) -> Mistake:
    lines = difflib.unified_diff(
        shown.split("\n"), output.split("\n"), "page", "alone", lineterm=""
    )
    below = "\n".join([*lines, *([errors] if code else [])])
    what = f"alone it ends with {code} and prints other text"
    return Mistake(f"snippets/{name}", 1, what, "Make it independent.", below)
