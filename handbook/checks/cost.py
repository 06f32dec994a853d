"""What the proof of a page costs stays small, or the page says why it is more."""

from collections.abc import Iterable, Iterator

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.pages.page import Page
from handbook.program import Program

# Processor time is not the same everywhere: the mutations of one page took 29.5 and 40.8 seconds on
# two machines of one kind. A page may not fail for the machine that it meets.
LENIENT = 3
SECONDS, BECAUSE = "cpu_seconds", "cpu_seconds_because"  # in the front matter
REMEDY = f"Make them smaller, or ask for more in the front matter: {SECONDS}: … and {BECAUSE}: …"


def check_cost(page: Page, handbook: Handbook) -> list[Mistake]:
    """What is wrong with the cost of a page, as far as it has run; a lab has a limit of its own."""
    if page.is_lab:
        return []
    return [mistake for check in CHECKS for mistake in check(page, handbook)]


def more_is_explained(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """Whoever asks for more seconds gives a number and a reason."""
    asked, because = page.meta.get(SECONDS), page.meta.get(BECAUSE)
    if asked is None and because is None:
        return
    usual = handbook.settings.page_cpu_seconds
    if asked is None or asked <= usual:
        what = f"{SECONDS} is {asked!r} in the front matter"
        yield Mistake(page.path, 1, what, f"Give a number above {usual:g}, or leave it out.")
    if because is None:
        what = f"nothing in the front matter says why this page needs {asked!r} {SECONDS}"
        yield Mistake(page.path, 1, what, f"Add '{BECAUSE}: …' with the reason.")


def programs_cost_little(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """All programs of the page together stay within its seconds."""
    if spent := _too_much(page, handbook, page.programs):
        yield Mistake(page.path, 1, f"the programs of this page take {spent}", REMEDY)


def mutations_cost_little(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """All programs that were made wrong on purpose stay within as much again."""
    parts = [part for program in page.programs for part in program.parts]
    files = {part.file for part in parts if part.section}
    mutated = [mutation.program for file in files for mutation in handbook.broken(file)]
    if spent := _too_much(page, handbook, mutated):
        what = f"the programs of this page that are made wrong on purpose take {spent}"
        yield Mistake(page.path, 1, what, REMEDY)


CHECKS = (
    more_is_explained,
    programs_cost_little,
    mutations_cost_little,
)


def _too_much(page: Page, handbook: Handbook, programs: Iterable[Program]) -> str:
    """What some programs of a page took, in words; "" if that is within its seconds."""
    ran = [record.result for program in programs if (record := handbook.record(program))]
    spent = sum(result.cpu_seconds for result in ran)
    allowed = page.meta.get(SECONDS, handbook.settings.page_cpu_seconds)
    if spent <= LENIENT * allowed:
        return ""
    return f"{spent:.1f} seconds of processor time, more than three times the {allowed:g} it has"
