"""What a reader downloads runs as it stands: its dependencies are in its head."""

import ast
import pathlib
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.pages.labs import lab_files
from handbook.program import imports_of
from handbook.settings import ROOT

SNIPPETS = sorted((ROOT / "snippets").rglob("*.py"))
LABS = lab_files(ROOT)
HEAD = re.compile(r"^# /// script\n(?P<toml>(?:#.*\n)+?)# ///$", re.MULTILINE)
# The module that a package provides, where the two names differ.
MODULES = {
    "scikit-learn": "sklearn",
    "tensorflow-hub": "tensorflow_hub",
    "tensorflow-text": "tensorflow_text",
}


def head(file: pathlib.Path) -> dict:
    match = HEAD.search(file.read_text("utf-8"))
    assert match, (
        f"{file}:1: there is no '# /// script' block. Add one that lists what the program imports."
    )
    lines = match["toml"].splitlines()
    return tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))


def imported(file: pathlib.Path) -> set[str]:
    return imports_of(file.read_text("utf-8")) - set(sys.stdlib_module_names)


@pytest.mark.parametrize("file", SNIPPETS, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_head_lists_every_package_the_program_imports(file):
    requirements = {Requirement(text) for text in head(file)["dependencies"]}
    provided = {MODULES.get(r.name, r.name.replace("-", "_")) for r in requirements}
    assert imported(file) <= provided


@pytest.mark.parametrize("file", SNIPPETS, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_head_asks_for_versions_that_the_lock_file_has(file):
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    locked = {package["name"]: package.get("version", "") for package in lock["package"]}
    for requirement in (Requirement(text) for text in head(file)["dependencies"]):
        assert locked[requirement.name] in requirement.specifier, requirement


@pytest.mark.parametrize("file", SNIPPETS, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_docstring_states_the_lesson(file):
    if file in LABS:  # Its head has titles, and its text is on the page.
        lab = Handbook.at(ROOT).lab(file.relative_to(ROOT).as_posix())
        assert lab.pages["en"].meta["title"]
    else:
        assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), f"{file}: add a docstring"


def test_every_snippet_is_shown_by_a_page_on_its_path():
    shown = {
        (page.address.removesuffix(".md"), part.file)
        for language in LANGUAGES
        for page in Handbook.at(ROOT).pages(language)
        for program in page.programs
        for part in program.parts
        if part.section
    }
    expected = {
        (file.parent.relative_to(ROOT / "snippets").as_posix(), file.relative_to(ROOT).as_posix())
        for file in SNIPPETS
        if file not in LABS
    }
    assert shown == expected
