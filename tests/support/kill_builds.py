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


def main() -> int:
    """Kill as many builds as the first argument says."""
    moments, whole = random.Random(0), names()
    for _ in range(2):  # The first finds caches cold.
        begun = time.monotonic()
        os.waitpid(start(), 0)
        length = time.monotonic() - begun
    finished = 0
    for _ in range(int(sys.argv[1])):
        build = start()
        time.sleep(moments.uniform(0, length))
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
