"""Each assert of a page's program has been broken on purpose, or a list says why it was not."""

import ast
from collections.abc import Iterator

from handbook.book import rounds
from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.pages.lists import read_list
from handbook.pages.page import Page
from handbook.program import tree_of

EXCEPTIONS = "snippets/unbroken.yml"
ENTRY = {"program": str, "assert": str, "because": str}


def check_asserts(page: Page, handbook: Handbook) -> list[Mistake]:
    """What is wrong with the asserts of a page's programs; a lab would have to run whole for each."""
    if page.is_lab:
        return []
    return [mistake for check in CHECKS for mistake in check(page, handbook)]


def asserts_are_broken(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """A recorded change breaks each assert, or it is an exception with its reason."""
    excepted = {(path, text) for _, path, text in _exceptions(handbook)}
    for path in _programs(page):
        broken = {mutation.guard for mutation in handbook.broken(path)}
        for line, text in asserts_of(handbook, path):
            if line not in broken and (path, text) not in excepted:
                what = f"nothing is recorded to break: {text}"
                remedy = f"Find a change: .venv/bin/python -m handbook unbroken {path}"
                yield Mistake(path, line, what, remedy)


def exceptions_are_needed(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """An exception names an assert that is there, once, and that nothing is recorded to break."""
    programs = _programs(page)
    for number, path, text in _exceptions(handbook):
        if path not in programs:
            if not (handbook.root / path).is_file():
                yield Mistake(EXCEPTIONS, number, f"there is no {path}", "Take the entry out.")
            continue
        lines = [line for line, found in asserts_of(handbook, path) if found == text]
        if len(lines) != 1:
            what = f"{text!r} stands {len(lines)} times in {path}, not once"
            yield Mistake(EXCEPTIONS, number, what, "Give the assert's first line as it stands.")
        elif lines[0] in {mutation.guard for mutation in handbook.broken(path)}:
            what = f"a recorded change breaks {text!r}"
            yield Mistake(EXCEPTIONS, number, what, "Take the entry out.")


def rounds_can_be_played(page: Page, handbook: Handbook) -> Iterator[Mistake]:
    """A change that a reader is to find stands in a program that makes a round."""
    for mutation in (m for path in _programs(page) for m in handbook.broken(path)):
        if mutation.findable:
            yield from rounds.misfits(mutation, handbook)


CHECKS = (
    asserts_are_broken,
    exceptions_are_needed,
    rounds_can_be_played,
)


def asserts_of(handbook: Handbook, path: str) -> list[tuple[int, str]]:
    """Line and first line of each assert of a program, by line."""
    code = (handbook.root / path).read_text("utf-8")
    lines = code.splitlines()
    found = (node.lineno for node in ast.walk(tree_of(code)) if isinstance(node, ast.Assert))
    return [(number, lines[number - 1].strip()) for number in sorted(found)]


def _programs(page: Page) -> list[str]:
    """The files that its programs stand in, each once."""
    parts = (part for program in page.programs for part in program.parts if part.section)
    return [*dict.fromkeys(part.file for part in parts)]


def _exceptions(handbook: Handbook) -> Iterator[tuple[int, str, str]]:
    """Line, program and assert of each exception."""
    for line, entry in read_list(handbook.root, EXCEPTIONS, ENTRY):
        yield line, entry["program"], entry["assert"].strip()
