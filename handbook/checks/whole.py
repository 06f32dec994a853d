"""What belongs to no one page: programs and lists that nobody shows or that name what is not there."""

from collections.abc import Iterator

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


def searches_find_pages(handbook: Handbook) -> Iterator[Mistake]:
    """What a search is to find first is there."""
    urls = {language: {page.url for page in handbook.pages(language)} for language in LANGUAGES}
    for expected in expectations.read(handbook.root):
        if expected.page not in urls[expected.language]:
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
    searches_find_pages,
    noted_pages_are_there,
)


def _programs(handbook: Handbook) -> list[str]:
    """Every Python file below snippets/."""
    files = (handbook.root / "snippets").rglob("*.py")
    return sorted(file.relative_to(handbook.root).as_posix() for file in files)
