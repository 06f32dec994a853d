"""When each file was last changed: what a feed announces, and what tells Anki that a note is newer."""

import pathlib
import subprocess
from collections.abc import Iterable

from handbook.mistakes import Mistake, Mistakes

WHOLE = "Fetch all of it: git fetch --unshallow, or 'fetch-depth: 0' in a workflow."


def read(root: pathlib.Path) -> dict[str, int]:
    """Path, relative to `root` → when it was last committed, in seconds, unless it differs since.

    Args:
        root: the handbook's folder, a git repository or a folder of one.

    Raises:
        Mistakes: there is no history, or a part of it, in which all files seem to change at once.
    """
    try:
        shallow = _git(root, "rev-parse", "--is-shallow-repository")
        logged = _git(root, "log", "--format=%ct", "--name-only", "--relative", "--", ".")
        differs = _git(root, "diff", "--name-only", "--relative", "HEAD").splitlines()
    except (OSError, subprocess.CalledProcessError) as error:
        what = "git cannot tell when pages were changed, which feeds and decks need"
        why = getattr(error, "stderr", None) or str(error)
        raise Mistakes([Mistake("docs", 1, what, "Publish from a clone.", why.strip())]) from None
    moments: dict[str, int] = {}
    moment = 0
    for line in logged.splitlines():
        if line.isdigit():
            moment = int(line)
        elif line:
            moments.setdefault(line, moment)
    if shallow.strip() == "true" or not moments:
        what = "this clone does not hold the history that feeds and decks take their dates from"
        raise Mistakes([Mistake("docs", 1, what, WHOLE)])
    return {file: at for file, at in moments.items() if file not in differs}


class Dates:
    """When files of the handbook were last changed, in seconds.

    Args:
        root: the handbook's folder.
        published: whether feed readers are told; then git must know the dates, and otherwise
            those of the files on this disk will do.

    Raises:
        Mistakes: git cannot date the pages of a site that is published.
    """

    def __init__(self, root: pathlib.Path, published: bool) -> None:
        self.root = root
        try:
            self.moments = read(root)
        except Mistakes:
            if published:
                raise
            self.moments = {}

    def of(self, files: Iterable[str]) -> int:
        """When the last of some files was committed, or written if it differs from that.

        Args:
            files: their paths, relative to the root.
        """
        return max(self.moments.get(x) or int((self.root / x).stat().st_mtime) for x in files)


def _git(root: pathlib.Path, *arguments: str) -> str:
    command = ["git", "-c", "core.quotepath=off", *arguments]
    return subprocess.run(
        command, cwd=root, capture_output=True, encoding="utf-8", check=True
    ).stdout
