"""Fenced blocks, found by the very code that renders them (pymdownx.superfences).

What is run and what is shown cannot differ in how Markdown is read.
"""

import dataclasses
import functools
import re
from collections.abc import Sequence

import markdown
import pygments.lexers
import pygments.util
from pymdownx import superfences

from handbook.pages import marks


@dataclasses.dataclass(frozen=True)
class Fence:
    """A fenced block in a list of lines, as superfences reads it.

    Attributes:
        start: index of the opening line.
        end: index after the closing line.
        prefix: indentation and quote marks before the fence.
        language: the language superfences took from the opening line.
        code: the text between, without the prefix.
    """

    start: int
    end: int
    prefix: str
    language: str
    code: str


class _FenceFinder(superfences.SuperFencesBlockPreprocessor):
    """superfences' own search, keeping what it found in place of rendering it."""

    def __init__(self) -> None:
        md = markdown.Markdown(
            extensions=["pymdownx.highlight", "pymdownx.superfences", "attr_list"],
        )
        super().__init__(md)
        original = md.preprocessors["fenced_code_block"]
        self.config, self.extension = original.config, original.extension
        self.found: list[Fence] = []

    def process_nested_block(self, ws: str, content: str, start: int, end: int) -> None:
        self.found.append(
            Fence(start, end, self.ws, self.lang or "", self.rebuild_block(self.code))
        )
        self.clear()

    def find(self, lines: list[str]) -> list[Fence]:
        self.found = []
        self.run(lines)
        return self.found


@functools.cache
def _finder() -> _FenceFinder:
    return _FenceFinder()


def find_fences(lines: Sequence[str]) -> tuple[Fence, ...]:
    """Find every fenced block, at any depth, in lines whose includes are expanded."""
    return tuple(_finder().find(list(lines)))


def end_of_annotations(lines: Sequence[str], fence: Fence) -> int:
    """Index after a fence and, if its code has `# (1)!` marks, after the list that explains them."""
    if not marks.ANNOTATION.search(fence.code):
        return fence.end
    depth = len(fence.prefix)
    end = at = fence.end
    in_list = False
    while at < len(lines):
        line = lines[at]
        rest = line[depth:] if line.startswith(fence.prefix) else line.lstrip("> \t")
        indented_enough = line.startswith(fence.prefix)
        if not rest.strip():
            at += 1
            continue
        if indented_enough and re.match(r"\d+\.\s", rest):
            in_list = True
        elif not (in_list and indented_enough and rest.startswith("    ")):
            break
        at += 1
        end = at
    return end


def looks_like_python(language: str) -> bool:
    """Whether a reader would take a block marked with this language for Python."""
    name = _lexer(language)
    return language.lower().startswith(("py", "ipy")) or "python" in name or "numpy" in name


def language_is_known(language: str) -> bool:
    """Whether Pygments colours this language; a fence may also name none."""
    return not language or bool(_lexer(language))


@functools.cache
def _lexer(language: str) -> str:
    """The name of Pygments' lexer for a language, in lower case; "" if there is none."""
    try:
        return pygments.lexers.get_lexer_by_name(language).name.lower()
    except pygments.util.ClassNotFound:
        return ""
