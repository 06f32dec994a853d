"""`make bench`: measures what the proof costs and writes benchmarks/results.json.

BENCH="verification reading" measures only these and keeps the other rows; --every 1 takes all pages
for the comparison of cold verification, which then takes hours.
"""

import argparse
import dataclasses
import datetime
import json
import pathlib
import sys
import tempfile

from benchmarks import building, cluster, editing, proof, reading, verification
from benchmarks.measure import machine, say
from handbook.settings import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
EVERY = 8  # pages with programs of which one is taken
PARTS = {
    "verification": verification.rows,
    "building": building.rows,
    "editing": editing.rows,
    "reading": reading.rows,
    "cluster": cluster.rows,
    "proof": proof.rows,
}


def main() -> int:
    """Measure, show the table and store it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure")
    parser.add_argument("--every", type=int, default=EVERY, metavar="N", help="one page of N")
    arguments = parser.parse_args()
    content = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {"parts": {}}
    for name in arguments.parts or PARTS:
        say(f"── {name}")
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            extra = {"every": arguments.every} if name == "verification" else {}
            rows = PARTS[name](pathlib.Path(folder), **extra)
        content["parts"][name] = {
            "measured_on": datetime.date.today().isoformat(),
            "machine": machine(),
            "rows": [dataclasses.asdict(row) for row in rows],
        }
        RESULTS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        for row in rows:
            other = (
                f" against {row.theirs:.3g} ({row.ours / row.theirs:.2f}×)" if row.theirs else ""
            )
            print(
                f"{'met   ' if row.met else 'MISSED'} {row.what['en']}: {row.ours:.3g} {row.unit}{other}. {row.note['en']}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
