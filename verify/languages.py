"""The Chinese and the English page are the same page.

Same file, same programs, same heading ids, same tables and figures, same inline values; and no
term in a form that the glossary rules out. `python -m verify.languages PAGE…` records that the
two texts of a page have been brought in line.
"""

import ast
import dataclasses
import functools
import hashlib
import pathlib
import re
import sys

import yaml

from verify import labs
from verify.pages import CODE_SPAN, Page, PageError, find_fences, read_page, split_front_matter
from verify.settings import LANGUAGES

SHARED_META = ("topic", "level", "prerequisites", "next", "as_of", "review_by")
RECORDED = re.compile(r"^in_line_with: .*\n", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Term:
    """An entry of docs/glossary.yml."""

    zh: str
    en: str
    meaning: dict[str, str]
    wrong: tuple[str, ...] = ()


def pages_of(root: pathlib.Path, language: str) -> list[pathlib.Path]:
    """The files of a language's pages, sorted: Markdown pages, then labs."""
    return [*sorted((root / "docs" / language).rglob("*.md")), *labs.files(root)]


def read(file: pathlib.Path, root: pathlib.Path, language: str) -> Page:
    """Read one of the files of `pages_of`.

    Raises:
        PageError: with every mistake found in it.
    """
    if file.suffix == ".md":
        return read_page(file, root)
    return labs.read(file, root).pages[language]


def mate_path(path: str) -> str:
    """The same page in the other language."""
    _, language, rest = path.split("/", 2)
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    return f"docs/{other}/{rest}"


@functools.lru_cache(maxsize=4)
def _terms(text: str) -> tuple[Term, ...]:
    return tuple(
        Term(e["zh"], e["en"], e["meaning"], tuple(e.get("wrong", ())))
        for e in yaml.safe_load(text)
    )


def glossary(root: pathlib.Path) -> tuple[Term, ...]:
    """The terms of docs/glossary.yml, in file order; none if there is no such file."""
    file = root / "docs" / "glossary.yml"
    return _terms(file.read_text("utf-8")) if file.is_file() else ()


def fingerprint(body: str) -> str:
    """Short hash of a page's text, without its front matter."""
    return hashlib.sha256(body.strip().encode()).hexdigest()[:12]


def is_behind(page: Page, root: pathlib.Path) -> bool:
    """Whether the page's mate has changed since the two were last brought in line."""
    mate = root / mate_path(page.path)
    recorded = page.meta.get("in_line_with")
    body = split_front_matter(mate.read_text("utf-8").replace("\r\n", "\n"))[1]
    return str(recorded) != fingerprint(body)


def check_page(page: Page, root: pathlib.Path) -> list[str]:
    """Everything in which a page and its mate part, as `path:line: what. What to do.`"""
    mate_file = root / mate_path(page.path)
    if not mate_file.is_file():
        return [
            f"{page.path}:1: there is no {mate_path(page.path)}. Write the page in both languages, "
            "with the same file name."
        ]
    try:
        mate = read_page(mate_file, root)
    except PageError as error:
        return [f"{page.path}:1: its mate cannot be read: {error.messages[0]}"]
    return [*_meta(page, mate), *compare(page, mate, root)]


def check_lab(lab: labs.Lab, root: pathlib.Path) -> list[str]:
    """Everything in which the two languages of a lab part, as `path:line: what. What to do.`"""
    names = {"zh": "Chinese", "en": "English"}
    mates = {
        language: dataclasses.replace(page, path=f"the {names[language]} cells of {page.path}")
        for language, page in lab.pages.items()
    }
    zh, en = (lab.pages[language] for language in LANGUAGES)
    return [*compare(zh, mates["en"], root), *compare(en, mates["zh"], root)]


def compare(page: Page, mate: Page, root: pathlib.Path) -> list[str]:
    """What the text of a page has otherwise than its mate, or that the glossary rules out."""
    return [
        *_headings(page, mate),
        *_programs(page, mate),
        *_tables(page, mate),
        *_wrong_terms(page, root),
    ]


def _meta(page: Page, mate: Page) -> list[str]:
    ours, theirs = page.meta, mate.meta
    errors = [
        f"{page.path}:1: the front matter has no {name!r}. Add '{name}: …'."
        for name in ("title", "description")
        if not ours.get(name)
    ]
    errors += [
        f"{page.path}:1: {name} is {ours.get(name)!r} here and {theirs.get(name)!r} in {mate.path}. "
        "Give both pages the same."
        for name in SHARED_META
        if ours.get(name) != theirs.get(name)
    ]
    if "in_line_with" not in ours:
        errors.append(
            f"{page.path}:1: the page does not say which text of {mate.path} it was written against. "
            f"Run: make in-line PAGE={page.path.split('/', 2)[2]}"
        )
    return errors


def _headings(page: Page, mate: Page) -> list[str]:
    errors = [
        f"{page.path}:{line}: this heading has no id. End it with {{#english-id}}, the same in both languages."
        for line, level, name in page.headings
        if level > 1 and not name
    ]
    ours, theirs = ([(level, name) for _, level, name in p.headings] for p in (page, mate))
    if ours != theirs and not errors:
        at = _first_difference(ours, theirs)
        line = page.headings[min(at, len(page.headings) - 1)][0] if page.headings else 1
        here, there = (_show_heading(h, at) for h in (ours, theirs))
        errors.append(
            f"{page.path}:{line}: heading {at + 1} is {here} here and {there} in {mate.path}. "
            "Give both pages the same sections with the same ids, in the same order."
        )
    return errors


def _show_heading(headings: list[tuple[int, str]], at: int) -> str:
    if at >= len(headings):
        return "missing"
    level, name = headings[at]
    return f"'{'#' * level} … {{#{name}}}'" if name else f"'{'#' * level} …'"


def _programs(page: Page, mate: Page) -> list[str]:
    ours, theirs = ([_code(p, b) for b in p.blocks] for p in (page, mate))
    if ours != theirs:
        at = _first_difference(ours, theirs)
        line = page.blocks[min(at, len(page.blocks) - 1)].line if page.blocks else 1
        there = (
            f"{mate.path}:{mate.blocks[at].line}"
            if at < len(mate.blocks)
            else f"{mate.path}, which ends before it"
        )
        return [
            f"{page.path}:{line}: Python block {at + 1} is not the one of {there}. "
            "Show the same programs, in the same order, in both languages."
        ]
    errors = []
    for block, other in zip(page.blocks, mate.blocks, strict=True):
        if len(block.figures) != len(other.figures):
            errors.append(
                f"{page.path}:{block.line}: this block describes {len(block.figures)} figures, and "
                f"{len(other.figures)} at {mate.path}:{other.line}. Describe each figure in both languages."
            )
    for program, other in zip(page.programs, mate.programs, strict=True):
        if extra := sorted(set(program.expressions) - set(other.expressions)):
            line = next(v.line for v in page.values if v.expression == extra[0])
            errors.append(
                f"{page.path}:{line}: the inline value `{extra[0]}` does not stand in {mate.path}. "
                "Show the same values in both languages."
            )
    return errors


def _code(page: Page, block) -> tuple[str, int, str]:
    return block.part.section or "", block.index, ast.dump(ast.parse(block.part.code))


def _tables(page: Page, mate: Page) -> list[str]:
    ours, theirs = ([table[1:] for table in p.tables] for p in (page, mate))
    if ours == theirs:
        return []
    at = _first_difference(ours, theirs)
    line = page.tables[min(at, len(page.tables) - 1)][0] if page.tables else 1
    here, there = (
        f"{t[at][0]} rows of {t[at][1]} cells" if at < len(t) else "missing" for t in (ours, theirs)
    )
    return [
        f"{page.path}:{line}: table {at + 1} has {here} here and {there} in {mate.path}. "
        "Give both pages the same tables."
    ]


def _wrong_terms(page: Page, root: pathlib.Path) -> list[str]:
    if page.language != "zh":
        return []
    lines = page.body.split("\n")
    fenced = {i for fence in find_fences(lines) for i in range(fence.start, fence.end)}
    errors = []
    for index, line in enumerate(lines):
        text = CODE_SPAN.sub("", line)
        errors += [
            f"{page.path}:{page.body_line + index}: {wrong!r} is not the term used here. "
            f"Write {term.zh!r} (docs/glossary.yml)."
            for term in glossary(root)
            for wrong in term.wrong
            if index not in fenced and wrong in text
        ]
    return errors


def _first_difference(ours: list, theirs: list) -> int:
    pairs = zip(ours, theirs, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))


def bring_in_line(name: str, root: pathlib.Path) -> None:
    """Record in both texts of a page that they say the same as of now.

    Args:
        name: the page below docs/zh and docs/en, for example `problems/cnn.md`.
        root: the handbook's folder.

    Raises:
        FileNotFoundError: one of the two texts is missing.
    """
    files = [root / "docs" / language / name for language in LANGUAGES]
    texts = [file.read_text("utf-8") for file in files]
    for file, text, other in zip(files, texts, reversed(texts), strict=True):
        meta, body = split_front_matter(text)
        meta = RECORDED.sub("", meta)
        line = f"in_line_with: {fingerprint(split_front_matter(other)[1])}\n"
        file.write_text(f"---\n{meta}{line}---\n{body}", "utf-8")


def main(arguments: list[str]) -> int:
    """Bring the named pages in line; `all` means every page that both languages have."""
    root = pathlib.Path(__file__).resolve().parent.parent
    names = arguments
    if arguments == ["all"]:
        folders = [root / "docs" / language for language in LANGUAGES]
        names = [f.relative_to(folders[0]).as_posix() for f in sorted(folders[0].rglob("*.md"))]
        names = [name for name in names if (folders[1] / name).is_file()]
    if not names:
        print("usage: make in-line PAGE=problems/cnn.md", file=sys.stderr)
        return 2
    for name in names:
        try:
            bring_in_line(name, root)
        except FileNotFoundError as error:
            print(f"{error.filename}:1: there is no such page. Write it first.", file=sys.stderr)
            return 1
        print(f"{name}: Chinese and English are recorded as in line")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
