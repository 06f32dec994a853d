"""A program that is taken away runs as it stands: what it needs is in its head.

The head is a comment in the form of PEP 723, which `uv run` reads.
"""

import ast
import dataclasses
import functools
import re
import sys
import tomllib
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from handbook.book.handbook import Handbook
from handbook.mistakes import Mistake
from handbook.program import imports_of, tree_of

HEAD = re.compile(r"^# /// script\n(?P<toml>(?:#.*\n)*?)# ///$", re.MULTILINE)
# The module that a package provides, where the two names differ.
MODULES = {
    "scikit-learn": "sklearn",
    "tensorflow-hub": "tensorflow_hub",
    "tensorflow-text": "tensorflow_text",
}
HARDEST = "tensorflow"  # has wheels for few versions of Python


@dataclasses.dataclass(frozen=True)
class Head:
    """A program and what its head asks for.

    Attributes:
        path: its file, relative to the root.
        line: of the head, from 1; 0 if there is none.
        code: the whole file.
        python: the versions of Python it asks for.
        packages: what it asks for besides.
    """

    path: str
    line: int
    code: str
    python: SpecifierSet = dataclasses.field(default_factory=SpecifierSet)
    packages: tuple[Requirement, ...] = ()

    @property
    def imported(self) -> set[str]:
        """The modules that it imports and Python does not have."""
        return imports_of(self.code) - set(sys.stdlib_module_names)


def check_program(path: str, handbook: Handbook) -> list[Mistake]:
    """Everything that is wrong with one file below snippets/, apart from what it does."""
    code = (handbook.root / path).read_text("utf-8")
    try:
        tree_of(code)
        head = _head(path, code)
    except (SyntaxError, ValueError):  # named where a page shows it
        return []
    except (tomllib.TOMLDecodeError, InvalidRequirement, InvalidSpecifier, TypeError) as error:
        line = code.count("\n", 0, HEAD.search(code).start()) + 1
        what = f"the head of this program cannot be read: {error}"
        return [Mistake(path, line, what, "Write it as other programs do.")]
    return [mistake for check in CHECKS for mistake in check(head, handbook)]


def head_is_there(head: Head, _handbook: Handbook) -> Iterator[Mistake]:
    """It has a head."""
    if not head.line:
        what = "there is no '# /// script' block"
        remedy = "Begin the file with one, as other programs do, that lists what it imports."
        yield Mistake(head.path, 1, what, remedy)


def head_lists_what_is_imported(head: Head, _handbook: Handbook) -> Iterator[Mistake]:
    """The head lists every package that the program imports."""
    listed = {MODULES.get(x.name, x.name.replace("-", "_")) for x in head.packages}
    if head.line and (missing := sorted(head.imported - listed)):
        packages = {module: package for package, module in MODULES.items()}
        named = ", ".join(packages.get(name, name) for name in missing)
        what = f"the head does not list what is imported: {named}"
        yield Mistake(head.path, head.line, what, "Add it to its dependencies.")


def head_fits_the_lock(head: Head, handbook: Handbook) -> Iterator[Mistake]:
    """What the head asks for is what the program ran with."""
    locked = _locked((handbook.root / "uv.lock").read_text("utf-8"))
    for package in head.packages:
        if package.name not in locked:
            remedy = "Use those that pyproject.toml lists, or add it there and run uv lock."
            yield Mistake(head.path, head.line, f"{package.name} is not in uv.lock", remedy)
        elif locked[package.name] not in package.specifier:
            what = f"the head asks for {package}, and {locked[package.name]} is in uv.lock"
            yield Mistake(head.path, head.line, what, "Ask for what permits that version.")


def head_names_a_python_that_works(head: Head, handbook: Handbook) -> Iterator[Mistake]:
    """A program with TensorFlow asks for a Python that TensorFlow has a wheel for."""
    project = tomllib.loads((handbook.root / "pyproject.toml").read_text("utf-8"))["project"]
    ours = project["requires-python"]
    if head.line and HARDEST in head.imported and head.python != SpecifierSet(ours):
        what = f"the head asks for Python {head.python}, and {HARDEST} runs on {ours}"
        yield Mistake(head.path, head.line, what, f'Write requires-python = "{ours}".')


def docstring_states_the_lesson(head: Head, _handbook: Handbook) -> Iterator[Mistake]:
    """The docstring says what the program shows; a lab says it in its text."""
    if not head.path.startswith("snippets/labs/"):
        said = ast.get_docstring(tree_of(head.code)) or ""
        if not said or "TODO" in said:
            what = "no docstring says what this program shows"
            yield Mistake(head.path, 1, what, "Write it below the head, in a sentence.")


CHECKS = (
    head_is_there,
    head_lists_what_is_imported,
    head_fits_the_lock,
    head_names_a_python_that_works,
    docstring_states_the_lesson,
)


def _head(path: str, code: str) -> Head:
    if not (match := HEAD.search(code)):
        return Head(path, 0, code)
    lines = (line.removeprefix("#").removeprefix(" ") for line in match["toml"].splitlines())
    told = tomllib.loads("\n".join(lines))
    return Head(
        path=path,
        line=code.count("\n", 0, match.start()) + 1,
        code=code,
        python=SpecifierSet(told.get("requires-python", "")),
        packages=tuple(map(Requirement, told.get("dependencies", ()))),
    )


@functools.lru_cache(maxsize=2)
def _locked(text: str) -> dict[str, str]:
    """Package → the version in a lock file."""
    return {x["name"]: x.get("version", "") for x in tomllib.loads(text)["package"]}
