"""Starts builds of the handbook in this folder and kills each at a random moment.

`python tests/support/kill_builds.py 100`, in the folder of a published handbook. MkDocs is imported once;
each build is a fork of this process. Fails when `site/` was not whole at some moment.
"""

import os
import pathlib
import random
import signal
import sys
import time

sys.path.insert(0, os.getcwd())

from handbook.publish import publishing  # noqa: E402

ROOT = pathlib.Path.cwd()


def names() -> set[str]:
    """Every file of the published site."""
    site = (ROOT / "site").resolve()
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def start() -> int:
    """Fork a build that leads a process group of its own."""
    if child := os.fork():
        return child
    os.setsid()
    publishing.publish(ROOT)
    os._exit(0)


def ends_within(build: int, seconds: float) -> bool:
    """Wait for a build, no longer than that; whether it has ended by itself."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitid(os.P_PID, build, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.001)
    return False


def main() -> int:
    """Kill as many builds as the first argument says."""
    moments, whole = random.Random(0), names()
    for _ in range(2):  # The first finds caches cold.
        begun = time.monotonic()
        if os.waitpid(start(), 0)[1]:
            print("site:1: a build fails before any is killed.")
            return 1
        length = time.monotonic() - begun
    finished = 0
    for _ in range(int(sys.argv[1])):
        build, begun = start(), time.monotonic()
        if ends_within(build, moments.uniform(0, length)):
            length = time.monotonic() - begun  # The machine had other work when it was measured.
        try:
            os.killpg(build, signal.SIGKILL)
        except ProcessLookupError:
            pass
        finished += os.waitstatus_to_exitcode(os.waitpid(build, 0)[1]) == 0
        if names() != whole:
            print(f"site:1: {len(names())} files stand where {len(whole)} belong.")
            return 1
    print(f"{sys.argv[1]} builds, {finished} of them finished; site/ was whole after each")
    return 0


if __name__ == "__main__":
    sys.exit(main())
