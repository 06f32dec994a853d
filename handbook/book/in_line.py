"""Whether the two texts of a page say the same, as far as somebody has said so.

docs/in-line.txt has one line for each page, sorted: its name, then a hash of its Chinese and of its
English text as they were when the two were last brought in line.
"""

import dataclasses
import functools
import hashlib
import pathlib
import re

from handbook.book.handbook import Handbook
from handbook.files import write_whole
from handbook.languages import LANGUAGES, other
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.front_matter import split_front_matter
from handbook.pages.page import Page
from handbook.pages.text import decode

FILE = "docs/in-line.txt"
LINE = re.compile(r"(?P<page>\S+\.md) (?P<zh>[0-9a-f]{12}) (?P<en>[0-9a-f]{12})")
CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Noted:
    """A line of docs/in-line.txt.

    Attributes:
        line: its number, from 1.
        hashes: of the text in each language.
    """

    line: int
    hashes: dict[str, str]


def fingerprint(body: str) -> str:
    """Short hash of a page's text, without its front matter."""
    return hashlib.sha256(body.strip().encode()).hexdigest()[:12]


def read(root: pathlib.Path) -> dict[str, Noted]:
    """What is noted of each page, by its name below docs/zh and docs/en.

    Raises:
        Mistakes: a line is none of this file, or two are of one page.
    """
    return _parsed(decode(root / FILE, FILE) if (root / FILE).is_file() else "")


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, Noted]:
    found: dict[str, Noted] = {}
    wrong: list[Mistake] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (match := LINE.fullmatch(line)):
            what = f"this is no line of this file: {line[:60]!r}"
            remedy = "Take it out; of lines that a merge left for one page, keep one of them."
            wrong.append(Mistake(FILE, number, what, remedy))
        elif (page := match["page"]) in found:
            what = f"{page} stands in line {found[page].line} already, as after a merge"
            remedy = f"Compare both languages, then run: make in-line PAGE={page}"
            wrong.append(Mistake(FILE, number, what, remedy))
        else:
            found[page] = Noted(number, {language: match[language] for language in LANGUAGES})
    if wrong:
        raise Mistakes(wrong)
    return found


def is_behind(page: Page, handbook: Handbook) -> bool:
    """Whether the page's mate has changed since the two were last brought in line."""
    try:
        mate, noted = handbook.mate(page), read(handbook.root).get(page.address)
    except Mistakes:  # named where that page, or the file, is read
        return False
    if mate is None or noted is None:
        return False
    return noted.hashes[mate.language] != fingerprint(mate.body)


def bring_in_line(name: str, root: pathlib.Path, before: dict[str, str] | None = None) -> None:
    """Note that both texts of a page say the same as of now.

    Args:
        name: the page below docs/zh and docs/en, for example `problems/cnn.md`.
        root: the handbook's folder.
        before: language → text of the page before a slip in it was corrected. Then only what was
            in line before is noted anew.

    Raises:
        Mistakes: one of the two texts is missing or cannot be read, or a slip was corrected in a
            text that the other was not in line with.
    """
    now = _now(name, root)
    lines = [line for line in _lines(root) if line.split(" ")[0] != name]
    if before is not None:
        noted = read(root).get(name)
        for language, text in before.items():
            was = fingerprint(split_front_matter(text, name)[1])
            if not noted or noted.hashes[language] not in (was, now[language]):
                path = f"docs/{other(language)}/{name}"
                what = f"this page was behind docs/{language}/{name} already"
                remedy = f"See what changed: make behind PAGE={name}"
                raise Mistakes([Mistake(path, 1, what, remedy)])
        now = {x: now[x] if x in before else noted.hashes[x] for x in LANGUAGES}
    write_lines(root, [*lines, f"{name} {now['zh']} {now['en']}"])


def in_line_now(root: pathlib.Path) -> set[str]:
    """The pages whose two texts are those that were noted."""
    return {name for name, noted in read(root).items() if _holds(name, noted, root)}


def _holds(name: str, noted: Noted, root: pathlib.Path) -> bool:
    try:
        return _now(name, root) == noted.hashes
    except Mistakes:  # named where the page is read
        return False


def _now(name: str, root: pathlib.Path) -> dict[str, str]:
    """Language → hash of the text of a page."""
    return {x: fingerprint(split_front_matter(_text(name, x, root), name)[1]) for x in LANGUAGES}


def _text(name: str, language: str, root: pathlib.Path) -> str:
    path = f"docs/{language}/{name}"
    if ".." in path.split("/") or not (root / path).is_file():
        raise Mistakes([Mistake(path, 1, "there is no such page", "Write it first.")])
    text = decode(root / path, path)
    if mark := CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        what = f"a merge left a conflict here: {mark[0].strip()}"
        raise Mistakes([Mistake(path, line, what, "Choose what to keep, and take the marks out.")])
    split_front_matter(text, path)
    return text


def _lines(root: pathlib.Path) -> list[str]:
    """The lines that are of this file, whatever else stands in it."""
    text = (root / FILE).read_text("utf-8") if (root / FILE).is_file() else ""
    return [line for line in text.splitlines() if LINE.fullmatch(line)]


def write_lines(root: pathlib.Path, lines: list[str]) -> None:
    """Write the file anew, sorted."""
    write_whole(root / FILE, "".join(f"{line}\n" for line in sorted(set(lines))))


def rename(old: str, new: str, root: pathlib.Path) -> None:
    """Note of a page what was noted of it under another name; nothing any more if `new` is ""."""
    kept = [line.split(" ", 1) for line in _lines(root)]
    named = [(new if name == old else name, rest) for name, rest in kept]
    write_lines(root, [f"{name} {rest}" for name, rest in named if name])


def all_pairs(root: pathlib.Path) -> list[str]:
    """Every page that both languages have, below its language's folder."""
    zh, en = (root / "docs" / language for language in LANGUAGES)
    names = [file.relative_to(zh).as_posix() for file in sorted(zh.rglob("*.md"))]
    return [name for name in names if (en / name).is_file()]
