"""The text of a page, cut once: lines with their includes in place, fences."""

import dataclasses
import functools
import pathlib
import re
import unicodedata
from collections.abc import Iterator

import markdown
from pymdownx import snippets

from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.fences import Fence, find_fences

# What nobody sees: controls but tab and line feed, marks of direction, blanks without width.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)


@dataclasses.dataclass(frozen=True)
class Text:
    """A page below its front matter.

    Attributes:
        path: the file, relative to the root, with `/`.
        first: line of the file on which it begins, from 1.
        source: its lines as they were written.
        lines: the same with includes in place.
        origins: for each of `lines`, the line of the file that it comes from.
        fences: every fenced block of `lines`.
    """

    path: str
    first: int
    source: tuple[str, ...]
    lines: tuple[str, ...]
    origins: tuple[int, ...]
    fences: tuple[Fence, ...]

    @functools.cached_property
    def fenced(self) -> frozenset[int]:
        """Indices of the lines that belong to a fence."""
        return frozenset(i for fence in self.fences for i in range(fence.start, fence.end))

    def prose(self) -> Iterator[tuple[int, str]]:
        """Line of the file and text, for every line outside fences."""
        for index, line in enumerate(self.lines):
            if index not in self.fenced:
                yield self.origins[index], line

    def find(self, words: str) -> int:
        """The first line of the file that holds some words; 1 if none does."""
        lines = enumerate(self.source, self.first)
        return next((number for number, line in lines if words in line), 1)


def decode(file: pathlib.Path, path: str) -> str:
    """The content of a text file, with `\\n` at the end of each line, whatever stands there.

    Raises:
        Mistakes: it is not UTF-8, begins with a byte order mark, or holds what nobody sees.
    """
    raw = file.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        what = "the file begins with a byte order mark"
        raise Mistakes([Mistake(path, 1, what, "Save it as UTF-8 without BOM.")])
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Mistakes(
            [Mistake(path, line, "the file is not UTF-8", "Save it as UTF-8.")]
        ) from None
    if wrong := [_unseen(match, text, path) for match in INVISIBLE.finditer(text)]:
        raise Mistakes(wrong)
    return text


def _unseen(match: re.Match, text: str, path: str) -> Mistake:
    code, name = ord(match[0]), unicodedata.name(match[0], "a control character")
    line = text.count("\n", 0, match.start()) + 1
    what = f"an invisible character stands here, U+{code:04X} ({name.lower()})"
    remedy = "Take it out; in a program, write its escape."
    return Mistake(path, line, what, remedy)


def cut(path: str, body: str, first: int, root: pathlib.Path) -> Text:
    """Put the includes of a page's body in place and find its fences.

    Args:
        path: the file, as messages name it.
        body: the text below the front matter.
        first: line of the file on which it begins.
        root: the handbook's folder.

    Raises:
        Mistakes: an include leads nowhere, or stands over several lines.
    """
    source = body.split("\n")
    preprocessor = _preprocessor(root)
    lines: list[str] = []
    origins: list[int] = []
    wrong: list[Mistake] = []
    for number, line in enumerate(source, first):
        if marks.INCLUDE_OVER_LINES.match(line):
            what = "includes over several lines are not read"
            remedy = 'Write each on one line: --8<-- "path.py:section".'
            wrong.append(Mistake(path, number, what, remedy))
            continue
        include = marks.ANY_INCLUDE.match(line) if "8<-" in line else None
        if include and not include["escape"] and not marks.INCLUDE.match(line):
            what = f"includes are not read in this form: {line.strip()}"
            remedy = 'Write --8<-- "path.py:section", with a path below snippets/.'
            wrong.append(Mistake(path, number, what, remedy))
            continue
        try:
            new = preprocessor.run([line]) if "8<-" in line else [line]
        except snippets.SnippetMissingError as error:
            what = f"this include was not found: {line.strip(' >')} ({error})"
            remedy = "Give a path below snippets/ and the name of a section in that file."
            wrong.append(Mistake(path, number, what, remedy))
            continue
        except UnicodeDecodeError:
            what = f"this include is of a file that is not UTF-8: {line.strip(' >')}"
            wrong.append(Mistake(path, number, what, "Save that file as UTF-8."))
            continue
        lines += new
        origins += [number] * len(new)
    if wrong:
        raise Mistakes(wrong)
    return Text(path, first, tuple(source), tuple(lines), tuple(origins), find_fences(lines))


@functools.lru_cache(maxsize=8)
def _preprocessor(root: pathlib.Path) -> snippets.SnippetPreprocessor:
    """What expands includes when MkDocs renders a page elsewhere; given one line at a time here."""
    config = snippets.SnippetExtension(
        base_path=[str(root / "snippets")], check_paths=True
    ).getConfigs()
    return snippets.SnippetPreprocessor(config, markdown.Markdown())
