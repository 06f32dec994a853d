"""What belongs to no one page: programs and lists that nobody shows or that name what is not there."""

import pathlib
from collections.abc import Iterator

from handbook import runtime
from handbook.book import expectations, in_line
from handbook.book.handbook import Handbook
from handbook.checks.programs import check_program
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.mutations import mutation_files


def check_whole(handbook: Handbook) -> list[Mistake]:
    """Every mistake in what belongs to no one page."""
    found: list[Mistake] = []
    for check in CHECKS:
        try:
            found += check(handbook)
        except Mistakes as error:
            found += error.found
    return found


def programs_are_shown(handbook: Handbook) -> Iterator[Mistake]:
    """A page shows each program, if all pages can be read."""
    if any(map(handbook.mistakes, LANGUAGES)):
        return
    shown = {file for language in LANGUAGES for x in handbook.pages(language) for file in x.files}
    for path in _programs(handbook):
        if path not in shown:
            what = "no page shows this program"
            yield Mistake(path, 1, what, "Include its sections in a page, or delete it.")


def programs_run_when_taken_away(handbook: Handbook) -> Iterator[Mistake]:
    """Each program has what it needs in its head."""
    for path in _programs(handbook):
        yield from check_program(path, handbook)


def changes_can_be_read(handbook: Handbook) -> Iterator[Mistake]:
    """Each list of changes fits the programs beside it."""
    for file in mutation_files(handbook.root):
        try:
            handbook.mutations_of(file.relative_to(handbook.root).as_posix())
        except Mistakes as error:
            yield from error.found


def buttons_are_decided(handbook: Handbook) -> Iterator[Mistake]:
    """Of each program that a browser could run, one list says whether it has a button."""
    if not (handbook.root / runtime.PROGRAMS).is_file():
        return
    left = {path for path in _programs(handbook) if _runs_in_a_browser(handbook.root, path)}
    for path, line in runtime.decided(handbook.root):
        if path not in left:
            what = f"{path} stands here twice, or no browser can run it, or it is gone"
            yield Mistake(runtime.PROGRAMS, line, what, "Take it out.")
        left.discard(path)
    for path in sorted(left):
        what = f"{path} stands in neither list"
        remedy = "Try it as the head of the file says; write it below run, or below cannot and why."
        yield Mistake(runtime.PROGRAMS, 1, what, remedy)


def _runs_in_a_browser(root: pathlib.Path, path: str) -> bool:
    """Whether the browser has what a program of a page imports; labs are notebooks."""
    if path.startswith("snippets/labs/"):
        return False
    try:
        return not runtime.lacking((root / path).read_text("utf-8"))
    except (SyntaxError, ValueError):  # another check names it
        return False


def searches_find_pages(handbook: Handbook) -> Iterator[Mistake]:
    """What a search is to find first is there, if all pages can be read."""
    urls = {
        language: {page.url for page in handbook.pages(language)}
        for language in LANGUAGES
        if not handbook.mistakes(language)
    }
    for expected in expectations.read(handbook.root):
        if expected.page not in urls.get(expected.language, {expected.page}):
            what = f"{expected.words!r} is to find {expected.page}, and there is no such page"
            remedy = "Name the page that should come first, or take the line out."
            yield Mistake(expectations.FILE, expected.line, what, remedy)


def noted_pages_are_there(handbook: Handbook) -> Iterator[Mistake]:
    """What is noted to be in line is a page of both languages."""
    for name, noted in in_line.read(handbook.root).items():
        if not any((handbook.root / "docs" / x / name).is_file() for x in LANGUAGES):
            yield Mistake(in_line.FILE, noted.line, f"there is no page {name}", "Take it out.")


CHECKS = (
    programs_are_shown,
    programs_run_when_taken_away,
    changes_can_be_read,
    buttons_are_decided,
    searches_find_pages,
    noted_pages_are_there,
)


def _programs(handbook: Handbook) -> list[str]:
    """Every Python file below snippets/."""
    files = (handbook.root / "snippets").rglob("*.py")
    return sorted(file.relative_to(handbook.root).as_posix() for file in files)
