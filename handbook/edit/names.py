"""What a contributor calls a page, and the files that are its own."""

import pathlib
import re

from handbook.book.questions import FOLDER
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes

FORM = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_][a-z0-9]+)*)*")
LABS = "labs/"


def page_name(told: str, root: pathlib.Path) -> str:
    """A page as `problems/cnn`, whether its file, its program folder or its name was told.

    Raises:
        Mistakes: this names no page.
    """
    name = told.strip().removeprefix("./").removeprefix(f"{root}/")
    name = re.sub(r"^(?:docs/(?:zh|en)|snippets)/", "", name)
    name = re.sub(r"(?:\.md|\.py|\.ipynb|/)$", "", name)
    if not FORM.fullmatch(name):
        what = f"{told!r} is no name of a page"
        remedy = "Write it as problems/cnn: small letters, digits and hyphens."
        raise Mistakes([Mistake("docs", 1, what, remedy)])
    return name


def is_lab(name: str) -> bool:
    """Whether the page is a lab, which both languages have in one file."""
    return name.startswith(LABS) and name != "labs/index"


def address_of(name: str) -> str:
    """The page below docs/<language>, as links and the navigation name it."""
    return f"{name}.ipynb" if is_lab(name) else f"{name}.md"


def files_of(name: str, root: pathlib.Path) -> list[pathlib.Path]:
    """The files that the page is written in, whether they are there or not."""
    if is_lab(name):
        return [root / "snippets" / f"{name}.py"]
    return [root / "docs" / language / f"{name}.md" for language in LANGUAGES]


def programs_of(name: str, root: pathlib.Path) -> pathlib.Path:
    """The folder of its programs."""
    return root / "snippets" / name


def question_name(name: str) -> str:
    """A question as front matter calls it; "" for any other page."""
    return name.removeprefix(FOLDER) if name.startswith(FOLDER) else ""


def must_be_there(name: str, root: pathlib.Path) -> None:
    """Raise `Mistakes` if no language has the page."""
    files = files_of(name, root)
    if not any(file.is_file() for file in files):
        path = files[0].relative_to(root).as_posix()
        raise Mistakes([Mistake(path, 1, "there is no such page", "Name one that there is.")])


def must_be_free(name: str, root: pathlib.Path) -> None:
    """Raise `Mistakes` if something stands where the page would."""
    for file in [*files_of(name, root), programs_of(name, root)]:
        if file.exists():
            path = file.relative_to(root).as_posix()
            raise Mistakes([Mistake(path, 1, "this is there already", "Take another name.")])
