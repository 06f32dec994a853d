"""How terms are written: docs/glossary.yml."""

import dataclasses
import pathlib

from handbook.pages.lists import read_list


@dataclasses.dataclass(frozen=True)
class Term:
    """An entry of docs/glossary.yml.

    Attributes:
        zh: the Chinese term, as pages write it.
        en: the English term.
        meaning: one sentence, per language.
        wrong: forms that no Chinese page may use.
    """

    zh: str
    en: str
    meaning: dict[str, str]
    wrong: tuple[str, ...] = ()


def read(root: pathlib.Path) -> tuple[Term, ...]:
    """The terms, in the order of the file; none if there is no such file.

    Raises:
        Mistakes: the file is no list of terms.
    """
    names = {"zh": str, "en": str, "meaning": dict}
    entries = read_list(root, "docs/glossary.yml", names, {"wrong": list}, once="zh")
    return tuple(
        Term(e["zh"], e["en"], e["meaning"], tuple(e.get("wrong", ()))) for _, e in entries
    )
