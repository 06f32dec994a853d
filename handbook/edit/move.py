"""A page under another name: files, programs, links, navigation, and its old address."""

import os
import pathlib
import re
import urllib.parse
from collections.abc import Iterator

from handbook.book import in_line
from handbook.book.expectations import FILE as EXPECTATIONS
from handbook.checks.asserts import EXCEPTIONS
from handbook.edit import names, navigation
from handbook.edit.names import address_of, files_of, programs_of, question_name
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake
from handbook.pages.labs import lab_files
from handbook.pages.page import url_of
from handbook.runtime import PROGRAMS
from handbook.site.links import LINK, is_elsewhere

HEADER = re.compile(r"\A(---\n)(.*?\n)(---\n)", re.DOTALL)
LAB_HEADER = re.compile(r"\A(# ---\n)(.*?\n)(# ---\n)", re.DOTALL)


def move(old: str, new: str, root: pathlib.Path) -> list[Mistake]:
    """Give a page another name, and lead everything that named it there.

    Args:
        old: the page, as `questions/tokenizers/number-tokens`.
        new: what it becomes.
        root: the handbook's folder.

    Returns:
        Where the old name is left, for somebody to look at.

    Raises:
        Mistakes: there is no such page, or the new name is taken.
    """
    names.must_be_there(old, root)
    names.must_be_free(new, root)
    in_line_before = in_line.in_line_now(root)
    for before, after in zip(files_of(old, root), files_of(new, root), strict=True):
        if before.is_file():
            _rename(before, after)
            text = after.read_text("utf-8")
            header = LAB_HEADER if names.is_lab(new) else HEADER
            after.write_text(header.sub(lambda x: _with_old_name(x, old, new), text, 1), "utf-8")
    if programs_of(old, root).is_dir():
        _rename(programs_of(old, root), programs_of(new, root))
    for file, here_now in _texts(root):
        here = address_of(old) if here_now == address_of(new) else here_now
        text = file.read_text("utf-8")
        changed = _led(text, here, here_now, address_of(old), address_of(new))
        changed = re.sub(rf'(8<-+\s+"){re.escape(old)}/', rf"\g<1>{new}/", changed)
        changed = HEADER.sub(lambda x: _neighbours(x, old, new), changed, 1)
        if changed != text:
            file.write_text(changed, "utf-8")
    navigation.rename(address_of(old), address_of(new), root)
    in_line.rename(address_of(old), address_of(new), root)
    moved = {address_of(new) if name == address_of(old) else name for name in in_line_before}
    for name in sorted(moved - in_line.in_line_now(root)):  # only what it links to has changed
        in_line.bring_in_line(name, root)
    for path in (EXPECTATIONS, EXCEPTIONS, PROGRAMS):
        if (file := root / path).is_file():
            text = re.sub(rf"(?<![\w-]){re.escape(old)}/", f"{new}/", file.read_text("utf-8"))
            file.write_text(text, "utf-8")
    return list(still_named(old, root))


def _rename(before: pathlib.Path, after: pathlib.Path) -> None:
    after.parent.mkdir(parents=True, exist_ok=True)
    os.replace(before, after)


def _with_old_name(match: re.Match, old: str, new: str) -> str:
    """The front matter with the old name in `was`, and in the topic of its new folder."""
    start, header, end = match.groups()
    mark = "# " if start.startswith("#") else ""
    if was := re.search(rf"^{mark}was: \[(.*)\]\n", header, re.MULTILINE):
        known = [name for name in was[1].split(", ") if name != new]
        header = header.replace(was[0], f"{mark}was: [{', '.join([*known, old])}]\n")
    else:
        header += f"{mark}was: [{old}]\n"
    topic, other = (question_name(name).rpartition("/")[0] for name in (old, new))
    return start + header.replace(f"\ntopic: {topic}\n", f"\ntopic: {other}\n") + end


def _neighbours(match: re.Match, old: str, new: str) -> str:
    """The front matter of a page that is to be read before or after the one that was moved."""
    start, header, end = match.groups()
    if name := question_name(old):
        named = re.compile(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])")
        header = named.sub(question_name(new), header) if "level:" in header else header
    return start + header + end


def _texts(root: pathlib.Path) -> Iterator[tuple[pathlib.Path, str]]:
    """Every file that may link to a page, with the address of the page that it is."""
    for language in LANGUAGES:
        folder = root / "docs" / language
        for file in sorted(folder.rglob("*.md")):
            yield file, file.relative_to(folder).as_posix()
    for file in lab_files(root):
        yield file, address_of(f"labs/{file.stem}")


def _led(text: str, here: str, here_now: str, old: str, new: str) -> str:
    """A text whose links lead where they led, when it and another page may have moved."""

    def one(match: re.Match) -> str:
        name = "target" if match["target"] else "href"
        target = match[name]
        if match["code"] or not target or is_elsewhere(target) or target.startswith(("#", "/")):
            return match[0]
        places = (here, here_now, old, new)
        if name == "href":  # relative to the page's folder on the site
            places = tuple(map(url_of, places))
        path, mark, anchor = target.partition("#")
        led = urllib.parse.urljoin(f"//x/{places[0]}", path).removeprefix("//x/")
        after = places[3] if led == places[2] else led
        if after == led and places[0] == places[1]:
            return match[0]
        start = places[1] if name == "href" else places[1].rpartition("/")[0]
        slash = "/" if after.endswith("/") else ""
        way = os.path.relpath(f"/{after}", f"/{start}") + slash + mark + anchor
        at = match.start(name) - match.start()
        return match[0][:at] + way + match[0][at + len(target) :]

    return LINK.sub(one, text)


def links_to(address: str, root: pathlib.Path) -> Iterator[Mistake]:
    """Where Markdown links to a page, by its address."""
    for file, here in _texts(root):
        text = file.read_text("utf-8")
        for match in LINK.finditer(text):
            target = (match["target"] or "").partition("#")[0]
            if target and urllib.parse.urljoin(f"//x/{here}", target) == f"//x/{address}":
                path, line = file.relative_to(root).as_posix(), text.count("\n", 0, match.start())
                what = f"this links to a page that is gone: {match[0][:80]}"
                yield Mistake(path, line + 1, what, "Take the link out, or lead it elsewhere.")


def still_named(name: str, root: pathlib.Path) -> Iterator[Mistake]:
    """Where a name stands that is no page's any more: what nothing here can change by itself."""
    named = re.compile(rf"(?<![\w/-])(?:[\w.-]+/)*{re.escape(name)}(?![\w-])")
    folders = ("docs", "snippets", "tests", ".github")
    files = [file for folder in folders for file in sorted((root / folder).rglob("*"))]
    for file in [*sorted(root.glob("*.*")), *files]:
        if file.suffix not in (".md", ".py", ".yml", ".html", ".js", ".case"):
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if named.search(line) and not re.match(r"(?:# )?was: ", line):
                path = file.relative_to(root).as_posix()
                what = f"{name} is still named here: {line.strip()[:80]}"
                yield Mistake(path, number, what, "Look whether it is to be changed.")
