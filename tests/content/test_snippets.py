"""What a reader downloads is formatted as its source is, and stands where its page does."""

import pathlib
import subprocess
import sys

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.pages.labs import lab_files
from handbook.settings import ROOT
from handbook.site.exports.every import program_files

RUFF = pathlib.Path(sys.executable).with_name("ruff")
SNIPPETS = sorted((ROOT / "snippets").rglob("*.py"))
LABS = lab_files(ROOT)
READERS = [file for file in SNIPPETS if "inspect.getdoc(" in file.read_text("utf-8")]
NUMPY_2_4_6 = (
    "64774bc4587075e648245660e94bba900bd61ae7e7919e078ef48f51b344f3f6"  # SHA-256 of its words
)


def test_downloads_are_formatted_as_the_source_is(tmp_path):
    pages = [page for page in Handbook.at(ROOT).pages("zh") if not page.is_lab]
    for path, text in program_files(Handbook.at(ROOT), pages).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    options = ["format", "--check", "--config", ROOT / "pyproject.toml", tmp_path]
    done = subprocess.run([RUFF, *options], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    assert f"{len(SNIPPETS) - len(LABS)} files already formatted" in done.stdout


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


def test_documentation_that_programs_learn_from_is_the_same_on_every_python_and_beside_scipy():
    reading = set()
    for file in READERS:
        lines = file.read_text("utf-8").splitlines()
        assert any('"numpy==2.4.6"' in line for line in lines), f"{file} does not pin its text"
        reading.add("\n".join(x for x in lines if x.startswith(("functions = ", "docs = "))))
    (reading,) = reading  # One way in all of them.
    code = f"""
import hashlib, inspect
import numpy as np
import scipy.special  # changes what np.sinc says
{reading}
print(hashlib.sha256(" ".join(" ".join(docs).split()).encode()).hexdigest())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == NUMPY_2_4_6, done.stderr
