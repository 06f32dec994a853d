"""The navigation in mkdocs.yml and mkdocs.en.yml, edited as text so that comments stay."""

import pathlib
import re

from handbook.book.questions import FOLDER
from handbook.languages import CONFIGURATIONS


def add(address: str, root: pathlib.Path) -> None:
    """Name a page below the last one of its folder; a question stands there by itself."""
    if address.startswith(FOLDER):
        return
    folder = address.rpartition("/")[0]
    entry = re.compile(rf"^(?P<before> *- ){re.escape(folder)}/[^/\n]+\n", re.MULTILINE)
    for file in _files(root):
        text = file.read_text("utf-8")
        if "\nnav:" not in text:  # MkDocs lists all pages by itself.
            continue
        if found := [*entry.finditer(text)]:
            at, before = found[-1].end(), found[-1]["before"]
        else:
            at, before = len(text), "  - "
        file.write_text(f"{text[:at]}{before}{address}\n{text[at:]}", "utf-8")


def rename(old: str, new: str, root: pathlib.Path) -> None:
    """Name a page by its new address, where it stands."""
    for file in _files(root):
        text = file.read_text("utf-8")
        file.write_text(_named(old).sub(rf"\g<before>{new}\g<after>", text), "utf-8")


def remove(address: str, root: pathlib.Path) -> None:
    """Name a page no more."""
    for file in _files(root):
        text = file.read_text("utf-8")
        file.write_text(_named(address).sub("", text), "utf-8")


def _named(address: str) -> re.Pattern:
    """The line that names a page, with a title or without."""
    name = re.escape(address)
    return re.compile(rf"^(?P<before> *- (?:.*: )?){name}(?P<after>[ \t]*(?:#.*)?\n)", re.MULTILINE)


def _files(root: pathlib.Path) -> list[pathlib.Path]:
    return [root / name for name in CONFIGURATIONS.values()]
