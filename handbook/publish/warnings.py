"""What MkDocs warns of, as mistakes: with the file, and the line where MkDocs names none."""

import errno
import logging
import os
import pathlib
import re
from collections.abc import Iterator

from handbook.languages import CONFIGURATIONS
from handbook.mistakes import Mistake, unwritable

OMITTED = "The following pages exist in the docs directory"
LINK = re.compile(r"Doc file '(?P<file>.+?)' contains (?P<what>.*)")
NAVIGATION = re.compile(r"(?:A reference|An absolute path) to '(?P<file>.+?)' is included in")
PAGE = re.compile(r"Error (?:reading|building) page '(?P<file>.+?)':")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


class Collector(logging.Handler):
    """Keeps the warnings of one language's build.

    Attributes:
        found: what they are mistakes of.
    """

    def __init__(self, root: pathlib.Path, language: str) -> None:
        super().__init__(logging.WARNING)
        self.root, self.language = root, language
        self.found: list[Mistake] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one warning; our own are mistakes already."""
        ours = isinstance(record.msg, Mistake)
        self.found += [record.msg] if ours else self._of_mkdocs(record.getMessage())

    def _of_mkdocs(self, message: str) -> Iterator[Mistake]:
        config = CONFIGURATIONS[self.language]
        if message.startswith(OMITTED):
            for line in message.splitlines():
                if line.startswith("  - "):
                    what = "the page is not in the navigation"
                    path = f"docs/{self.language}/{line[4:]}"
                    yield Mistake(path, 1, what, f"Add it to nav: in {config}.")
        elif named := LINK.match(message):
            path, quoted = self._path(named["file"]), re.search(r"'([^']+)'", named["what"])
            line = self._line(path, f"({quoted[1]}") if quoted else 1
            yield Mistake(path, line, f"the page contains {named['what']} Correct the link.")
        elif named := NAVIGATION.match(message):
            what = f"the navigation names {named['file']}, and there is no such page"
            remedy = "Take the line out, or write the page."
            yield Mistake(config, self._line(config, named["file"]), what, remedy)
        elif named := PAGE.match(message):
            what = message.removesuffix(".")
            yield Mistake(self._path(named["file"]), 1, what, "Mend what it names.")
        else:
            yield Mistake(config, 1, message.removesuffix("."), "Mend what it names.")

    def _path(self, address: str) -> str:
        """The file that a page is made from."""
        lab = f"snippets/{address.removesuffix('.ipynb')}.py"
        is_lab = address.endswith(".ipynb") and (self.root / lab).is_file()
        return lab if is_lab else f"docs/{self.language}/{address}"

    def _line(self, path: str, words: str) -> int:
        """The first line of a file that holds some words; 1 if none does."""
        file = self.root / path
        lines = enumerate(file.read_text("utf-8").splitlines() if file.is_file() else (), 1)
        return next((number for number, line in lines if words in line), 1)


def no_room(error: BaseException) -> list[Mistake]:
    """A build that could not write what it made; nothing if it ended for another reason."""
    return [unwritable(error)] if isinstance(error, OSError) and error.errno in NO_ROOM else []


def failure(error: BaseException, config: str) -> Mistake:
    """A build that ended by itself, such as by a configuration that MkDocs could not read."""
    text = " ".join(str(error).split()).replace(f"{os.getcwd()}/", "")  # The same everywhere.
    if named := re.findall(r'in "([^"]+)", line (\d+)', text):  # where YAML gave up, last
        config, line = named[-1]
        what = f"this is not YAML: {text.rpartition('configuration file: ')[2]}"
        return Mistake(config, int(line), what, "Correct its indentation.")
    return Mistake(config, 1, f"the build failed: {text}", "Correct it.")
