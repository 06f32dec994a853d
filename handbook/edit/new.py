"""A new page, begun in both languages: it passes every check but the sentences left to write."""

import pathlib
import string

from handbook.book import in_line
from handbook.book.handbook import Handbook
from handbook.edit import names, navigation
from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes

SKELETONS = pathlib.Path(__file__).with_name("skeletons")
# The folder that a page stands in → the skeleton it begins as.
KINDS = {"questions": "question", "problems": "problem", "guide": "chapter", "labs": "lab"}


def begin(name: str, handbook: Handbook) -> list[str]:
    """Write the files of a page, its program and the change that breaks its assert.

    Args:
        name: the page, as `questions/transformer/kv-cache`.
        handbook: where it will stand.

    Returns:
        The files, relative to the root.

    Raises:
        Mistakes: it is there already, or stands in no folder of pages.
    """
    root, (folder, *rest) = handbook.root, name.split("/")
    if folder not in KINDS or len(rest) != (2 if folder == "questions" else 1):
        what = f"{name} is no place for a new page"
        remedy = "Write questions/TOPIC/NAME, problems/NAME, guide/NAME or labs/NAME."
        raise Mistakes([Mistake("docs", 1, what, remedy)])
    if folder == "questions" and rest[0] not in handbook.topics:
        what = f"{rest[0]!r} is no topic"
        remedy = f"There are: {', '.join(handbook.topics)}."
        raise Mistakes([Mistake("docs/topics.yml", 1, what, remedy)])
    names.must_be_free(name, root)
    stem = rest[-1].replace("-", "_")
    told = {"name": name, "topic": rest[0], "program": stem}
    if folder == "labs":
        return [_write(root, f"snippets/{name}.py", "lab.py", told, name)]
    written = [
        _write(root, f"docs/{language}/{name}.md", f"{KINDS[folder]}.{language}.md", told, name)
        for language in LANGUAGES
    ]
    written.append(_write(root, f"snippets/{name}/{stem}.py", "program.py", told, name))
    written.append(_write(root, f"snippets/{name}/mutations.yml", "mutations.yml", told, name))
    in_line.bring_in_line(f"{name}.md", root)
    return written


def _write(root: pathlib.Path, path: str, skeleton: str, told: dict[str, str], name: str) -> str:
    text = (SKELETONS / f"{skeleton}.txt").read_text("utf-8")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(string.Template(text).substitute(told), "utf-8")
    if path.startswith(("docs/zh/", "snippets/labs/")):
        navigation.add(names.address_of(name), root)
    return path
