"""Programs with one line made wrong, each to be stopped by the assert that guards its claim.

`mutations.yml`, beside the programs of a page, lists what the page claims, the assert that holds
the claim, and a change to the program that must break that assert:

    - claim: The scale keeps the gradient through the softmax from vanishing.
      program: the_scale_keeps_the_softmax_awake.py
      replace: ("q·k/√d", d**0.5)
      with: ("q·k/√d", 1.0)
      stops: assert min(shrink) > 300

With `findable: true` besides, the changed program is a round of "find the bug" (book/rounds.py).
"""

import dataclasses
import pathlib
import textwrap

from handbook.mistakes import Mistake, Mistakes
from handbook.pages.lists import read_list
from handbook.pages.text import decode
from handbook.program import Part, Program, tree_of

NAME = "mutations.yml"
ENTRY = {"claim": str, "program": str, "replace": str, "with": str, "stops": str}
OTHERS = {"findable": bool}


@dataclasses.dataclass(frozen=True)
class Mutation:
    """One change that must not go unnoticed.

    Attributes:
        path: the list it stands in, relative to the root, with `/`.
        line: of its entry, from 1.
        claim: what the assert holds.
        file: the program, relative to the root, with `/`.
        old: the whole lines of it that are changed, without their common indent.
        new: what they become.
        guard: line of `file` on which the assert stands that has to stop it, from 1.
        program: the changed program, which the assert has to stop.
        findable: whether a reader can find the change by reading the changed program.
    """

    path: str
    line: int
    claim: str
    file: str
    old: str
    new: str
    guard: int
    program: Program
    findable: bool


def mutation_files(root: pathlib.Path) -> list[pathlib.Path]:
    """Every list of mutations of the handbook at `root`, sorted."""
    return sorted((root / "snippets").rglob(NAME))


def read_mutations(file: pathlib.Path, root: pathlib.Path) -> tuple[Mutation, ...]:
    """Read one list.

    Args:
        file: the list.
        root: the handbook's folder; messages name files relative to it.

    Raises:
        Mistakes: an entry is not whole, or does not fit its program.
    """
    path = file.relative_to(root).as_posix()
    found, wrong = [], []
    for line, entry in read_list(root, path, ENTRY, OTHERS):
        try:
            found.append(_mutation(path, line, entry, root))
        except Mistakes as error:
            wrong += error.found
    if wrong:
        raise Mistakes(wrong)
    return tuple(found)


def _mutation(path: str, line: int, entry: dict, root: pathlib.Path) -> Mutation:
    """An entry, and the changed program."""
    name = f"{path.removesuffix(NAME)}{entry['program']}"
    if not (root / name).is_file():
        what = f"there is no program {entry['program']!r} beside this list"
        raise Mistakes([Mistake(path, line, what, "Name one of its files.")])
    code = decode(root / name, name)
    old, new, guard = (entry[key].strip() for key in ("replace", "with", "stops"))
    for text in (old, guard):
        if (count := code.count(text)) != 1:
            what = f"{text!r} stands {count} times in {name}, not once"
            raise Mistakes([Mistake(path, line, what, "Take text that stands there once.")])
    if not guard.startswith("assert "):
        what = f"{guard!r} is no assert"
        raise Mistakes([Mistake(path, line, what, "Name the assert that holds the claim.")])
    changed = code.replace(old, new)
    if changed.count(guard) != 1:
        what = f"with the change, {guard!r} no longer stands once in {name}"
        raise Mistakes([Mistake(path, line, what, "Change the program, not the assert.")])
    try:
        tree_of(changed)
    except SyntaxError as error:
        what = f"with the change, {name}:{error.lineno} is not valid Python: {error.msg}"
        raise Mistakes([Mistake(path, line, what, "Change it otherwise.")]) from None
    shown = f"{name.removeprefix('snippets/')}, {path}:{line}"
    program = Program(shown, (Part(changed, name, 1),), stops=_line(changed, guard))
    lines = _whole_lines(code, old, new)
    guarded = _line(code, guard)
    findable = entry.get("findable", False)
    return Mutation(path, line, entry["claim"], name, *lines, guarded, program, findable)


def _line(code: str, text: str) -> int:
    """The line on which some text begins, from 1."""
    return code[: code.index(text)].count("\n") + 1


def _whole_lines(code: str, old: str, new: str) -> tuple[str, str]:
    """The lines in which `old` stands, and what they become, without their common indent."""
    start = code.index(old)
    end = start + len(old)
    first, last = code.rfind("\n", 0, start) + 1, f"{code}\n".index("\n", end)
    before, after = code[first:last], code[first:start] + new + code[end:last]
    both = textwrap.dedent(f"{before}\n{after}").splitlines()
    height = len(before.splitlines())
    return "\n".join(both[:height]), "\n".join(both[height:])
