"""What a reader downloads runs as it stands: its dependencies are in its head."""

import ast
import pathlib
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from verify import labs, languages, pages, settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
SNIPPETS = sorted((ROOT / "snippets").rglob("*.py"))
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
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names)


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
    if file in labs.files(ROOT):  # Its head has titles, and its text is on the page.
        assert labs.read(file, ROOT).pages["en"].meta["title"]
    else:
        assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), f"{file}: add a docstring"


def test_every_snippet_is_shown_by_a_page_on_its_path():
    shown = {
        (file.relative_to(ROOT / "docs" / language).with_suffix("").as_posix(), part.file)
        for language in settings.LANGUAGES
        for file in languages.pages_of(ROOT, language)
        if file.suffix == ".md"
        for program in pages.read_page(file, ROOT).programs
        for part in program.parts
        if part.section
    }
    expected = {
        (file.parent.relative_to(ROOT / "snippets").as_posix(), file.relative_to(ROOT).as_posix())
        for file in SNIPPETS
        if file not in labs.files(ROOT)
    }
    assert shown == expected
