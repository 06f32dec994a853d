"""A page: what the later steps need to know of it, in one language."""

import dataclasses
import pathlib
import re
from collections.abc import Callable, Iterable

from handbook.languages import PREFIXES
from handbook.pages import marks
from handbook.pages.fences import Fence
from handbook.pages.text import Text
from handbook.program import Part, Program


def url_of(address: str) -> str:
    """Where a page stands below its language's root, by its file there: "" for the home page."""
    return re.sub(r"(^|/)index\.md$|\.(md|ipynb)$", "/", address).lstrip("/")


@dataclasses.dataclass(frozen=True)
class Block:
    """A Python fence of a page.

    Attributes:
        line: the line of the file on which its fence opens, from 1.
        fence: where it stands in the lines of the text.
        part: what runs.
        program: the program it is part of.
        index: index of `part` in that program.
        figures: lines of the `![…](figure)` lines that describe its figures.
    """

    line: int
    fence: Fence
    part: Part
    program: Program
    index: int
    figures: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Value:
    """An inline value `{python} expression`.

    Attributes:
        line: of the file, from 1.
        expression: what is evaluated.
        program: what computes it.
        part: index of the last part of it that stands above; of its last part if none does.
    """

    line: int
    expression: str
    program: Program
    part: int


class Values:
    """The inline values of a page, given out in the order in which they stand."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._left: dict[int, list[Value]] = {}
        for value in values:
            self._left.setdefault(value.line, []).append(value)

    def put(self, words: str, line: int, text_of: Callable[[Value], str]) -> str:
        """Some words with the text of each inline value in its place.

        Args:
            words: a line of the text, as `Text.lines` has it.
            line: the line of the file that it comes from.
            text_of: what to write for a value.
        """
        return marks.replace_values(words, lambda *_: text_of(self._left[line].pop(0)))


@dataclasses.dataclass(frozen=True, order=True)
class Heading:
    """A heading outside fences.

    Attributes:
        line: of the file, from 1.
        level: 1 to 6.
        id: the one that is written behind it, or "".
    """

    line: int
    level: int
    id: str


@dataclasses.dataclass(frozen=True)
class Table:
    """A table outside fences: its first line, and how many rows of how many cells it has."""

    line: int
    rows: int
    columns: int


@dataclasses.dataclass(frozen=True)
class Page:
    """A Markdown page, or a lab read in one language.

    Attributes:
        path: the file, relative to the root, with `/`; a lab has one for both languages.
        language: one of `languages.LANGUAGES`.
        address: the page below docs/<language>, as links name it.
        meta: the front matter.
        text: the text below the front matter.
        blocks: the Python fences.
        programs: what runs, in order.
        values: the inline values, in order.
        headings: all of them.
        tables: all of them.
    """

    path: str
    language: str
    address: str
    meta: dict[str, object]
    text: Text
    blocks: tuple[Block, ...]
    programs: tuple[Program, ...]
    values: tuple[Value, ...]
    headings: tuple[Heading, ...]
    tables: tuple[Table, ...]

    @property
    def is_lab(self) -> bool:
        """Whether it is a lab, which stands below snippets/ and is published as a notebook."""
        return not self.path.endswith(".md")

    @property
    def stem(self) -> str:
        """The file name of its address, without the suffix."""
        return pathlib.PurePath(self.address).stem

    @property
    def title(self) -> str:
        """What the front matter calls it; its path if it has no name."""
        return str(self.meta.get("title", self.path))

    @property
    def url(self) -> str:
        """The page below its language's root: "" for the home page, else "folder/name/"."""
        return url_of(self.address)

    @property
    def was(self) -> tuple[str, ...]:
        """The names it had before, oldest first, below docs/<language> and without a suffix."""
        return tuple(map(str, self.meta.get("was") or ()))

    @property
    def html(self) -> str:
        """Its file below the folder of the whole site."""
        return f"{PREFIXES[self.language]}{self.url}index.html"

    @property
    def body(self) -> str:
        """The text below the front matter, as it was written."""
        return "\n".join(self.text.source)

    @property
    def calculator(self) -> str:
        """The list that its form is made from, if it has one, relative to the root."""
        return f"snippets/{self.address.rpartition('.')[0]}/calculator.yml"

    @property
    def files(self) -> frozenset[str]:
        """The files that it is made from, relative to the root."""
        parts = (part.file for program in self.programs for part in program.parts)
        return frozenset([self.path, *parts])

    def section(self, id: str) -> str:
        """The Markdown below the heading with this id, as it was written; "" if there is none."""
        return "\n".join(line for _, line in self.section_lines(id)).strip()

    def section_lines(self, id: str) -> list[tuple[int, str]]:
        """The same, line by line, each with its number in the file."""
        for at, heading in enumerate(self.headings):
            if heading.id == id:
                after = [h.line for h in self.headings[at + 1 :] if h.level <= heading.level]
                below = self.text.source[heading.line - self.text.first + 1 :]
                lines = list(enumerate(below, heading.line + 1))
                return lines[: after[0] - heading.line - 1] if after else lines
        return []
