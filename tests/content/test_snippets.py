"""What a reader downloads runs as it stands: its dependencies are in its head."""

import ast
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.pages.labs import lab_files
from handbook.program import imports_of
from handbook.settings import ROOT
from handbook.site.exports.every import program_files

RUFF = pathlib.Path(sys.executable).with_name("ruff")
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
def test_head_permits_no_python_for_which_tensorflow_has_no_wheel(file):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked, ours = (SpecifierSet(x["requires-python"]) for x in (head(file), project))
    if "tensorflow" in imported(file):
        assert asked == ours


def test_downloads_are_formatted_as_the_source_is(tmp_path):
    pages = [page for page in Handbook.at(ROOT).pages("zh") if not page.is_lab]
    for path, text in program_files(Handbook.at(ROOT), pages).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    options = ["format", "--check", "--config", ROOT / "pyproject.toml", tmp_path]
    done = subprocess.run([RUFF, *options], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    assert f"{len(SNIPPETS) - len(LABS)} files already formatted" in done.stdout


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
