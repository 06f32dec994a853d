"""Lists in YAML: each entry a mapping that has to have some names."""

import pathlib

import yaml

from handbook.mistakes import Mistake, Mistakes
from handbook.pages.front_matter import YAML
from handbook.pages.text import decode


def read_list(root: pathlib.Path, path: str, names: dict[str, type]) -> list[tuple[int, dict]]:
    """Line and content of each entry, in order; none if there is no such file.

    Args:
        root: the handbook's folder.
        path: of the file, relative to it.
        names: what each entry must have, and of which kind.

    Raises:
        Mistakes: the file is no such list.
    """
    if not (root / path).is_file():
        return []
    text = decode(root / path, path)
    try:
        tree, entries = yaml.compose(text, YAML), yaml.load(text, YAML) or []
    except (yaml.YAMLError, ValueError) as error:  # a day that does not exist is a ValueError
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = f"this is not YAML: {getattr(error, 'problem', error)}"
        raise Mistakes([Mistake(path, line, what, "Correct it.")]) from None
    if not isinstance(entries, list):
        raise Mistakes([Mistake(path, 1, "this is no list", "Begin each entry with '- '.")])
    lines = [node.start_mark.line + 1 for node in tree.value] if entries else []
    wrong = []
    for entry, line in zip(entries, lines, strict=True):
        told = entry if isinstance(entry, dict) else {}
        for name, kind in names.items():
            if not isinstance(told.get(name), kind):
                what = f"this entry has no {name!r} as the others have it"
                wrong.append(Mistake(path, line, what, "Write it like theirs."))
    if wrong:
        raise Mistakes(wrong)
    return list(zip(lines, entries, strict=True))
