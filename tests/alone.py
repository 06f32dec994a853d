"""Runs each program as a reader runs it, `python snippets/….py`, and compares with the pages.

Not a test: an interpreter and TensorFlow start anew for each program, which takes minutes.
`make alone` runs it, and so does the weekly workflow.
"""

import concurrent.futures
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from verify import showing  # noqa: E402


def printed(file: pathlib.Path) -> tuple[int, str, str]:
    """Exit code, standard output and the end of standard error of a program run alone."""
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
    return done.returncode, done.stdout, done.stderr[-1000:]


def main() -> int:
    """Compare every program of the Chinese pages; the English ones show the same."""
    shown = {
        run.program.name: "".join(run.record.result.outputs)
        for run in showing.runs(ROOT, "zh")
        if run.program.parts[0].section or run.program.notebook
    }
    if not shown:
        print("docs/zh:1: no program has a record. Run make site first.")
        return 1
    faults = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(printed, ROOT / "snippets" / name): name for name in shown}
        for number, future in enumerate(concurrent.futures.as_completed(running), 1):
            name = running[future]
            code, output, errors = future.result()
            same = code == 0 and output == shown[name]
            print(
                f"  {number:3d}/{len(shown)}  {'same' if same else 'DIFFERS'}  {name}", flush=True
            )
            if not same:
                faults += 1
                print(
                    f"snippets/{name}:1: alone it ends with {code} and prints other text. Make it independent."
                )
                print(
                    *difflib.unified_diff(
                        shown[name].split("\n"), output.split("\n"), "page", "alone", lineterm=""
                    ),
                    sep="\n",
                )
                print(errors if code else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
