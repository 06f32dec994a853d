"""The form of a chapter, to recompute its main calculation: calculator.yml, beside its programs.

The function that it names, of a program there, and the script of the chapter's name in
docs/overrides/assets/calculators/ give the same results; tests/content/test_calculators.py holds it.
"""

import dataclasses
import pathlib
import string
from collections.abc import Iterator

from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.lists import entries_of, load
from handbook.pages.page import Page

DIRECTIVE = "<!-- handbook:calculator -->"
SCRIPTS = "docs/overrides/assets/calculators"
MOST = 8  # inputs
NUMBER = int | float
TEXTS = ("program", "function")
# What an entry of each list must have, and what it may have.
LISTS = {
    "starts": ({"name": str, "label": dict}, {"money": dict}),
    "inputs": (
        {
            "name": str,
            "label": dict,
            "default": dict,
            "least": NUMBER,
            "most": NUMBER,
        },
        {"unit": dict, "choices": dict, "whole": bool},
    ),
    "results": ({"name": str, "label": dict}, {"digits": int, "unit": dict, "none": dict}),
    "decisions": ({"name": str, "says": dict}, {}),
}
IN_BOTH = ("label", "money", "unit", "none", "says")


@dataclasses.dataclass(frozen=True)
class Calculator:
    """A form, and what computes it.

    Attributes:
        path: the list, relative to the root, with `/`.
        program: the file whose function computes the same, relative to the root.
        function: its name there; inputs by name → results by name, and the decision.
        script: the module that computes it in the browser, below the theme's folder.
        starts: name, label and money of each set of defaults.
        inputs: name, label, default per start, bounds; a unit, or the choices of 0, 1, ….
        results: name, label, unit, what is said where there is none; digits, or it is a date.
        decisions: name and sentence of each; a sentence names results {in braces}.
    """

    path: str
    program: str
    function: str
    script: str
    starts: tuple[dict, ...]
    inputs: tuple[dict, ...]
    results: tuple[dict, ...]
    decisions: tuple[dict, ...]


def read(page: Page, root: pathlib.Path) -> Calculator | None:
    """The form of a page; None if it has none.

    Raises:
        Mistakes: the list is not whole, or what it names is not there.
    """
    path = page.calculator
    if not (root / path).is_file():
        return None
    tree, told = load(root, path)
    names = (*TEXTS, *LISTS)
    if not isinstance(told, dict) or {*told} != {*names}:
        what = "this is no calculator"
        raise Mistakes([Mistake(path, 1, what, f"It has: {', '.join(names)}.")])
    nodes = {key.value: value for key, value in tree.value}
    lists = {
        name: entries_of(path, nodes[name], told[name], *kinds, once="name")
        for name, kinds in LISTS.items()
    }
    folder = path.rpartition("/")[0]
    found = Calculator(
        path=path,
        program=f"{folder}/{told['program']}",
        function=str(told["function"]),
        script=f"calculators/{page.stem}.js",
        **{name: tuple(entry for _, entry in entries) for name, entries in lists.items()},
    )
    wrong = [
        *(Mistake(path, 1, *fault) for fault in _lacking(found, root)),
        *(mistake for entries in lists.values() for mistake in _unsaid(path, entries)),
        *(mistake for entry in lists["inputs"] for mistake in _unasked(path, *entry)),
        *_out_of_bounds(path, lists["inputs"], {start["name"] for start in found.starts}),
        *_unnamed(path, lists["decisions"], {result["name"] for result in found.results}),
    ]
    if wrong:
        raise Mistakes(wrong)
    return found


def _lacking(found: Calculator, root: pathlib.Path) -> Iterator[tuple[str, str]]:
    """What a form needs beside the list."""
    if not (root / found.program).is_file():
        name = found.program.rpartition("/")[2]
        yield f"there is no program {name!r} beside this list", "Name one of its files."
    script = f"{SCRIPTS}/{found.script.rpartition('/')[2]}"
    if not (root / script).is_file():
        yield f"there is no script {script}", "Write it; it exports calculate(inputs)."
    if len(found.inputs) > MOST:
        yield f"this form has {len(found.inputs)} inputs", f"Leave at most {MOST}."
    for name in LISTS:
        if not getattr(found, name):
            yield f"{name!r} is empty", "Give it an entry."


def _unsaid(path: str, entries: list[tuple[int, dict]]) -> Iterator[Mistake]:
    """Words that are not there in each language."""
    for line, entry in entries:
        for name in IN_BOTH:
            words = entry.get(name, dict.fromkeys(LANGUAGES, "-"))
            if {*words} != {*LANGUAGES} or not all(
                isinstance(x, str) and x for x in words.values()
            ):
                what = f"{name!r} of this entry is not said in both languages"
                yield Mistake(path, line, what, "Write {zh: …, en: …}.")


def _unasked(path: str, line: int, entry: dict) -> Iterator[Mistake]:
    """An input that is neither a number with its unit nor one of some choices."""
    if ("unit" in entry) == ("choices" in entry):
        what = f"the input {entry['name']!r} has not one of 'unit' and 'choices'"
        yield Mistake(path, line, what, "Give a number its unit, and anything else its choices.")
    choices = entry.get("choices", {})
    counted = [len(x) if isinstance(x, list) else 0 for x in choices.values()]
    bounds = (entry["least"], entry["most"], entry.get("whole"))
    if choices and (
        {*choices} != {*LANGUAGES}
        or {*counted} != {entry["most"] + 1}
        or bounds != (0, entry["most"], True)
        or not all(isinstance(text, str) and text for x in choices.values() for text in x)
    ):
        what = f"the choices of {entry['name']!r} are not one for each whole number of its bounds"
        yield Mistake(path, line, what, "Write as many in both languages, least: 0, whole: true.")


def _out_of_bounds(
    path: str, entries: list[tuple[int, dict]], starts: set[str]
) -> Iterator[Mistake]:
    """Defaults that are missing, or that the form itself would refuse."""
    for line, entry in entries:
        values = entry["default"]
        fits = all(
            isinstance(x, NUMBER) and entry["least"] <= x <= entry["most"] for x in values.values()
        )
        if {*values} != starts or not fits:
            what = f"the default of {entry['name']!r} is no number within its bounds for each start"
            yield Mistake(path, line, what, f"Write one for each of {', '.join(sorted(starts))}.")


def _unnamed(path: str, entries: list[tuple[int, dict]], results: set[str]) -> Iterator[Mistake]:
    """What a sentence would leave in braces."""
    for line, entry in entries:
        for words in map(str, entry["says"].values()):
            for name in {x for _, x, *_ in string.Formatter().parse(words) if x} - results:
                what = f"a decision names {name!r}, which is no result"
                yield Mistake(path, line, what, f"There are: {', '.join(sorted(results))}.")
