"""Handbooks to measure on: this one without its proof, and synthetic ones of any size."""

import json
import pathlib
import re
import shutil
import textwrap

import yaml

from handbook.book import in_line, navigation
from handbook.book.handbook import Handbook
from handbook.languages import CONFIGURATIONS, LANGUAGES
from handbook.settings import ROOT
from handbook.words import words

GROUP = 25  # pages of a topic in a synthetic handbook
POOL = 40  # programs that its pages share, unless each has its own
BLOCKS = 5
# What a page of the handbook writes and stock MkDocs does not know.
OWN = re.compile(r"^[ \t>]*(!\[[^\]]*\]\(figure\)|<!-- handbook:.*-->)[ \t]*$", re.MULTILINE)


def stock(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copy a handbook so that stock tools can build it: includes expanded, the proof taken out.

    Theme and plugins stay. Labs become notebooks, which mkdocs-jupyter renders on its own.

    Args:
        source: a handbook whose programs have run.
        target: a folder that does not exist yet.
    """
    target.mkdir(parents=True)
    shutil.copytree(source / "docs", target / "docs")
    handbook = Handbook(source)
    for language, name in CONFIGURATIONS.items():
        docs = target / "docs" / language
        for page in handbook.pages(language):
            file = docs / page.address
            if page.is_lab:
                shutil.copy(source / ".handbook" / "labs" / language / page.address, file)
                continue
            text = file.read_text("utf-8")
            front = text[: len(text) - len(page.body)]
            file.write_text(front + OWN.sub("", "\n".join(page.text.lines)), "utf-8")
        (docs / "assets").mkdir(exist_ok=True)
        said = json.dumps(words("browser", language))
        (docs / "assets" / "words.js").write_text(f"export default {said};\n", "utf-8")
        text = re.sub(r"\nhooks: .*", "", (source / name).read_text("utf-8"))
        text = re.sub(r"\n  handbook\.[\w.]+:(?: \{\}|\n    root: .*)", "", text)
        (target / name).write_text(_with_questions(text, handbook, language), "utf-8")
    shutil.copytree(source / "snippets", target / "snippets")


def _with_questions(text: str, handbook: Handbook, language: str) -> str:
    """A configuration whose navigation names every question."""
    entries = navigation.expand([navigation.ALL], handbook, language)
    listed = textwrap.indent(yaml.safe_dump(entries, allow_unicode=True), " " * 6)
    return re.sub(rf" *- {re.escape(navigation.ALL)}.*\n", lambda _: listed, text)


def synthetic(target: pathlib.Path, count: int, shared: bool) -> None:
    """Write a handbook of `count` pages in each language, five Python blocks on each.

    Args:
        target: a folder that does not exist yet.
        count: pages per language.
        shared: whether the pages share `POOL` programs, so that all have soon run, or each page
            has a program of its own.
    """
    target.mkdir(parents=True)
    for name in ("uv.lock", "pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, target / name)
    settings = target / "pyproject.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"preload = \[.*?\]", "preload = []", text, flags=re.DOTALL))
    (target / "handbook").symlink_to(ROOT / "handbook", target_is_directory=True)
    shutil.copytree(ROOT / "docs" / "overrides", target / "docs" / "overrides")
    for number in range(POOL if shared else count):
        file = target / "snippets" / "topics" / f"program_{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(_section(number, part) for part in range(BLOCKS)), "utf-8")
    for language in LANGUAGES:
        folder = target / "docs" / language
        (folder / "topics").mkdir(parents=True)
        (folder / "index.md").write_text(_page("Home", []), "utf-8")
        for number in range(count):
            program = number % POOL if shared else number
            (folder / "topics" / f"page_{number}.md").write_text(
                _page(f"Page {number}", _blocks(program)), "utf-8"
            )
        text = (ROOT / CONFIGURATIONS[language]).read_text("utf-8")
        text = re.sub(r"\n  mkdocs-jupyter:.*?(?=\n\n|\n  \w)|\nhooks: .*", "", text, flags=re.S)
        text = text[: text.index("\nnav:")] + _navigation(count)
        (target / CONFIGURATIONS[language]).write_text(text, "utf-8")
    for page in in_line.all_pairs(target):
        in_line.bring_in_line(page, target)


def _navigation(count: int) -> str:
    lines = ["", "nav:", "  - index.md", "  - Topics:"]
    for first in range(0, count, GROUP):
        lines.append(f"      - Topic {first // GROUP}:")
        lines += [
            f"          - topics/page_{number}.md"
            for number in range(first, min(first + GROUP, count))
        ]
    return "\n".join(lines) + "\n"


def _section(number: int, part: int) -> str:
    body = "import math" if part == 0 else f"assert x{part - 1} >= 0"
    return (
        f"# --8<-- [start:part{part}]\n{body}\n\nx{part} = [math.sqrt(i + {number}) for i in range({part + 3})][-1]\n"
        f'print(f"root {part} of program {number}: {{x{part}:.3f}}")\n# --8<-- [end:part{part}]\n'
    )


def _blocks(program: int) -> list[str]:
    return [
        f'```python title="program_{program}.py"\n--8<-- "topics/program_{program}.py:part{part}"\n```'
        for part in range(BLOCKS)
    ]


def _page(title: str, blocks: list[str]) -> str:
    words = (
        "The program prints a root, and the next block builds on it, so the page is read from top "
        "to bottom. A paragraph of ordinary length stands between two blocks, with **bold**, a "
        "[link](https://example.org/) and `code` in it, as on any page of a handbook."
    )
    sections = "\n\n".join(
        f"## Step {number} {{#step-{number}}}\n\n{words}\n\n{block}"
        for number, block in enumerate(blocks)
    )
    front = f"---\ntitle: {title}\ndescription: A synthetic page.\n---"
    return f"{front}\n\n# {title}\n\n{words}\n\n{sections}\n"
