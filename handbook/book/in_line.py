"""Whether the two texts of a page say the same, as far as somebody has said so.

Each page records a hash of the other's text when the two were last brought in line.
"""

import hashlib
import pathlib
import re

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.front_matter import split_front_matter
from handbook.pages.page import Page
from handbook.pages.text import decode

RECORDED = re.compile(r"^in_line_with: .*\n", re.MULTILINE)


def fingerprint(body: str) -> str:
    """Short hash of a page's text, without its front matter."""
    return hashlib.sha256(body.strip().encode()).hexdigest()[:12]


def is_behind(page: Page, handbook: Handbook) -> bool:
    """Whether the page's mate has changed since the two were last brought in line."""
    try:
        mate = handbook.mate(page)
    except Mistakes:  # named where that page is read
        return False
    return mate is not None and str(page.meta.get("in_line_with")) != fingerprint(mate.body)


def bring_in_line(name: str, root: pathlib.Path) -> None:
    """Record in both texts of a page that they say the same as of now.

    Args:
        name: the page below docs/zh and docs/en, for example `problems/cnn.md`.
        root: the handbook's folder.

    Raises:
        Mistakes: one of the two texts is missing, or cannot be read.
    """
    paths = [f"docs/{language}/{name}" for language in LANGUAGES]
    for path in paths:
        if ".." in path.split("/") or not (root / path).is_file():
            raise Mistakes([Mistake(path, 1, "there is no such page", "Write it first.")])
    texts = [decode(root / path, path) for path in paths]
    cut = [split_front_matter(text, path) for text, path in zip(texts, paths, strict=True)]
    for path, (meta, body), (_, other) in zip(paths, cut, reversed(cut), strict=True):
        meta = RECORDED.sub("", meta)
        line = f"in_line_with: {fingerprint(other)}\n"
        (root / path).write_text(f"---\n{meta}{line}---\n{body}", "utf-8")


def all_pairs(root: pathlib.Path) -> list[str]:
    """Every page that both languages have, below its language's folder."""
    zh, en = (root / "docs" / language for language in LANGUAGES)
    names = [file.relative_to(zh).as_posix() for file in sorted(zh.rglob("*.md"))]
    return [name for name in names if (en / name).is_file()]
