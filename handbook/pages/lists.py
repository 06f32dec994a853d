"""Lists in YAML: each entry a mapping that has to have some names."""

import pathlib

import yaml

from handbook.mistakes import Mistake, Mistakes
from handbook.pages.front_matter import YAML
from handbook.pages.text import decode


def read_list(
    root: pathlib.Path,
    path: str,
    names: dict[str, type],
    others: dict[str, type] | None = None,
    once: str = "",
) -> list[tuple[int, dict]]:
    """Line and content of each entry, in order; none if there is no such file.

    Args:
        root: the handbook's folder.
        path: of the file, relative to it.
        names: what each entry must have, and of which kind.
        others: what it may have besides.
        once: the name whose value no two entries share; "" if there is none.

    Raises:
        Mistakes: the file is no such list.
    """
    if not (root / path).is_file():
        return []
    return entries_of(path, *load(root, path), names, others, once)


def load(root: pathlib.Path, path: str) -> tuple[yaml.Node | None, object]:
    """The tree of a file, which knows its lines, and what it holds.

    Raises:
        Mistakes: it is not YAML.
    """
    text = decode(root / path, path)
    try:
        return yaml.compose(text, YAML), yaml.load(text, YAML)
    except (yaml.YAMLError, ValueError) as error:  # a day that does not exist is a ValueError
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = f"this is not YAML: {getattr(error, 'problem', error)}"
        raise Mistakes([Mistake(path, line, what, "Correct it.")]) from None


def entries_of(
    path: str,
    tree: yaml.Node | None,
    entries: object,
    names: dict[str, type],
    others: dict[str, type] | None = None,
    once: str = "",
) -> list[tuple[int, dict]]:
    """The same for a list within a file: its tree, and what it holds."""
    entries = entries or []
    if not isinstance(entries, list):
        line = tree.start_mark.line + 1
        raise Mistakes([Mistake(path, line, "this is no list", "Begin each entry with '- '.")])
    lines = [node.start_mark.line + 1 for node in tree.value] if entries else []
    kinds, seen, wrong = names | (others or {}), set(), []
    for entry, line in zip(entries, lines, strict=True):
        told = entry if isinstance(entry, dict) else {}
        for name, kind in kinds.items():
            if (name in told or name in names) and not _holds(told.get(name), kind):
                what = f"this entry has no {name!r} as the others have it"
                wrong.append(Mistake(path, line, what, f"Add it: {name}: …."))
        for name in sorted(set(map(str, told)) - set(kinds)):
            what = f"{name!r} is no name for an entry of this list"
            wrong.append(Mistake(path, line, what, f"It may have: {', '.join(kinds)}."))
        if once and str(told.get(once)) in seen:
            what = f"an entry above has the {once} {told[once]!r} already"
            wrong.append(Mistake(path, line, what, "Make one of the two."))
        seen.add(str(told.get(once)))
    if wrong:
        raise Mistakes(wrong)
    return list(zip(lines, entries, strict=True))


def _holds(value: object, kind: type) -> bool:
    """Whether a value is of its kind, and says something."""
    if kind is list and isinstance(value, list):
        return all(_holds(text, str) for text in value)
    return isinstance(value, kind) and (kind is not str or bool(value.strip()))
