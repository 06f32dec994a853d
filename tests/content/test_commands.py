"""The commands that the documents name exist, with the names that they give them."""

import re
import shlex
import subprocess

import pytest

from handbook.settings import ROOT

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / ".github" / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*/about/*.md")),
]
BLOCK = re.compile(r"^( *)```bash\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def commands() -> set[str]:
    texts = [file.read_text("utf-8") for file in DOCUMENTS]
    lines = [line for text in texts for _, code in BLOCK.findall(text) for line in code.split("\n")]
    spoken = [words for text in texts for words in re.findall(r"`(make [^`\n]+)`", text)]
    told = {line.partition(" #")[0].strip() for line in [*lines, *spoken]}
    return {line for line in told if line.startswith(("make ", ".venv/bin/"))}


@pytest.mark.parametrize("command", sorted(commands()))
def test_command_exists(command):
    first, *arguments = shlex.split(command)
    if first != "make":
        assert (ROOT / first).is_file(), f"{command}: there is no {first}"
        return
    given = [x for x in arguments if not re.search("[…<>$]", x)]
    run = subprocess.run(["make", "-n", *given], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, f"{command}: {run.stderr}"
    for name in (x.partition("=")[0] for x in given if "=" in x):
        assert f"$({name}" in (ROOT / "Makefile").read_text("utf-8"), f"{command}: nothing reads it"
