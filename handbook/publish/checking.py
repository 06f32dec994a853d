"""Everything that can be said of a handbook without running its programs, at once."""

import pathlib
import subprocess
import sys
import tempfile

from handbook.audit import elements, links, markup
from handbook.audit.documents import Site
from handbook.book.handbook import Handbook
from handbook.checks.every import check_language
from handbook.checks.whole import check_whole
from handbook.mistakes import Mistake
from handbook.publish import builds
from handbook.site.markup import WATCHING

# Of the audit, what needs neither records nor exports.
DOCUMENT = (
    *elements.CHECKS,
    markup.title_is_that_of_the_page,
    markup.no_handler,
    markup.ids_are_unique,
    markup.no_placeholder,
    links.links_are_whole,
)
# Tools for format and spelling, where they are installed: they print path:line:column: what.
TOOLS = {
    "ruff": (
        ("format", "--check", "--output-format=concise"),
        ("check", "--output-format=concise"),
    ),
    "rumdl": (("check", "."),),
    "typos": (("--format", "brief"),),
}
LET_FIX = "Run: make fix"


def check(root: pathlib.Path) -> list[Mistake]:
    """Every mistake of a handbook that is told without running anything."""
    wrong = check_whole(Handbook.at(root))  # reads all pages, which both processes then have
    with tempfile.TemporaryDirectory() as folder:
        into = {"zh": pathlib.Path(folder, "site"), "en": pathlib.Path(folder, "aside")}
        with builds.processes(root) as together:
            wrong += together(lambda x: (_pages, root, x, into[x]))
            if all((built / "index.html").is_file() for built in into.values()):
                into["aside"] = into["en"].rename(into["zh"] / "en")
                wrong += together(lambda x: (_documents, root, x, into["zh"]))
    return wrong + [mistake for tool in TOOLS for mistake in _tool(tool, root)]


def _pages(root: pathlib.Path, language: str, target: pathlib.Path) -> list[Mistake]:
    handbook = Handbook.at(root)
    handbook.drafts = True
    return [*check_language(handbook, language), *builds.mkdocs_build(root, language, target)]


def _documents(root: pathlib.Path, language: str, folder: pathlib.Path) -> list[Mistake]:
    site = Site(folder, Handbook.at(root), language)
    for file in (folder / name for name in site.own(".html") if name in site.pages):
        text = file.read_text("utf-8")  # The preview alone waits for programs to run.
        file.write_text(text.replace(WATCHING, ""), "utf-8")
    documents = [site.document(name) for name in site.own(".html") if name in site.pages]
    return [m for document in documents for check in DOCUMENT for m in check(document, site)]


def _tool(name: str, root: pathlib.Path) -> list[Mistake]:
    program = pathlib.Path(sys.executable).with_name(name)
    found = []
    for arguments in TOOLS[name] if program.is_file() else ():
        ran = subprocess.run([program, *arguments], cwd=root, capture_output=True, encoding="utf-8")
        for line in ran.stdout.splitlines():
            path, *rest = line.removeprefix("./").split(":", 3)
            made = path.startswith(
                ".handbook/"
            )  # where git ignores nothing, as without a repository
            if len(rest) == 3 and rest[0].isdigit() and not made:
                said = rest[2].strip().removesuffix("[*]").strip()
                found.append(Mistake(path, int(rest[0]), f"{said} [{name}]", LET_FIX))
    return found
