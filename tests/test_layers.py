"""The order of the folders holds: an import that goes up, or sideways, or round, is named."""

import pathlib
import shutil
import subprocess
import sys

import pytest

from handbook.settings import ROOT

UP = [
    ("program", "pages"),
    ("messages", "mistakes"),
    ("mistakes", "runs"),
    ("pages", "runs"),
    ("sandbox", "runs"),
    ("runs", "book"),
    ("book", "checks"),
    ("checks", "testing"),
    ("testing", "publish"),
    ("site", "publish"),
    ("audit", "publish"),
    ("publish", "__main__"),
]
SIDEWAYS = [
    ("pages", "sandbox"),
    ("sandbox", "pages"),
    ("testing", "site"),
    ("site", "audit"),
    ("audit", "testing"),
    ("program", "settings"),
]
OUT_OF_THE_SANDBOX = [("sandbox", "mistakes"), ("sandbox", "messages"), ("sandbox", "words")]


def lint(root: pathlib.Path) -> subprocess.CompletedProcess:
    command = pathlib.Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"], cwd=root, capture_output=True, encoding="utf-8", timeout=600
    )


@pytest.fixture
def copy(tmp_path) -> pathlib.Path:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "handbook", tmp_path / "handbook", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def let_import(root: pathlib.Path, importer: str, imported: str) -> None:
    """Add an import of one step to another."""
    folder = root / "handbook" / importer
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    line = f"\nimport handbook.{imported}\n"
    file.write_text(file.read_text("utf-8") + line, "utf-8")


def test_the_order_holds_as_it_is(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("importer, imported", UP + SIDEWAYS + OUT_OF_THE_SANDBOX)
def test_an_import_against_the_order_is_named(copy, importer, imported):
    let_import(copy, importer, imported)
    done = lint(copy)
    assert done.returncode != 0
    assert f"handbook.{importer} is not allowed to import handbook.{imported}" in done.stdout


def test_a_circle_inside_a_step_is_named(copy):
    let_import(copy, "pages/marks", "pages.reading")
    done = lint(copy)
    assert done.returncode != 0
    assert "No circle, at any depth BROKEN" in done.stdout


def test_a_new_folder_needs_a_place_in_the_order(copy):
    (copy / "handbook" / "attic").mkdir()
    (copy / "handbook" / "attic" / "__init__.py").write_text("", "utf-8")
    done = lint(copy)
    assert done.returncode != 0 and "attic" in done.stdout + done.stderr
