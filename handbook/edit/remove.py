"""A page taken away, with its programs and all that names it and nothing else."""

import pathlib
import re
import shutil

from handbook.book import in_line
from handbook.book.expectations import FILE as EXPECTATIONS
from handbook.checks.asserts import EXCEPTIONS
from handbook.edit import names, navigation
from handbook.edit.move import HEADER, links_to, still_named
from handbook.edit.names import address_of, files_of, programs_of, question_name
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake
from handbook.runtime import PROGRAMS


def remove(name: str, root: pathlib.Path) -> list[Mistake]:
    """Delete a page in both languages; links to it are for somebody to mend.

    Args:
        name: the page, as `questions/foundations/convolution`.
        root: the handbook's folder.

    Returns:
        Where its name is left.

    Raises:
        Mistakes: there is no such page.
    """
    names.must_be_there(name, root)
    for file in files_of(name, root):
        file.unlink(missing_ok=True)
    if not names.is_lab(name):
        shutil.rmtree(programs_of(name, root), ignore_errors=True)
    navigation.remove(address_of(name), root)
    in_line.rename(address_of(name), "", root)
    if question := question_name(name):
        for language in LANGUAGES:
            for file in (root / "docs" / language / "questions").rglob("*.md"):
                text = file.read_text("utf-8")
                after = HEADER.sub(lambda x: _without(x, question), text, 1)
                if after != text:
                    file.write_text(after, "utf-8")
    _cut(root / EXPECTATIONS, rf"^  .*: {re.escape(name)}/\n")
    _cut(root / EXCEPTIONS, rf"^- program: snippets/{re.escape(name)}/.*\n(?:  .*\n)*\n?")
    _cut(root / PROGRAMS, rf"^  (?:- )?snippets/{re.escape(name)}/.*\n")
    links = [*links_to(address_of(name), root)]
    told = {(link.path, link.line) for link in links}
    return [*links, *(m for m in still_named(name, root) if (m.path, m.line) not in told)]


def _without(match: re.Match, question: str) -> str:
    """The front matter of a page before or after which the question was to be read."""
    start, header, end = match.groups()
    header = re.sub(rf"^next: {re.escape(question)}\n", "", header, flags=re.MULTILINE)
    named = rf"(?<![\w/-]){re.escape(question)}(?![\w/-])"
    lines = []
    for line in header.splitlines(keepends=True):
        if line.startswith("prerequisites: [") and re.search(named, line):
            kept = [x for x in line[16:].rstrip("]\n").split(", ") if x != question]
            line = f"prerequisites: [{', '.join(kept)}]\n" if kept else ""
        lines.append(line)
    return start + "".join(lines) + end


def _cut(file: pathlib.Path, pattern: str) -> None:
    if file.is_file():
        text = file.read_text("utf-8")
        file.write_text(re.sub(pattern, "", text, flags=re.MULTILINE), "utf-8")
