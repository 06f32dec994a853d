"""What a reader who searches should find first: docs/search.yml."""

import dataclasses
import pathlib

import yaml

from handbook.languages import LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.text import decode

FILE = "docs/search.yml"


@dataclasses.dataclass(frozen=True)
class Expectation:
    """Some words that are typed, and the page that has to come first.

    Attributes:
        line: of its entry, from 1.
        language: whose search.
        words: what is typed.
        page: below the language's root, as `problems/cnn/`.
    """

    line: int
    language: str
    words: str
    page: str


def read(root: pathlib.Path) -> tuple[Expectation, ...]:
    """Every expectation, in the order of the file; none if there is no such file.

    Raises:
        Mistakes: the file is not a mapping of words to pages, for each language.
    """
    if not (root / FILE).is_file():
        return ()
    remedy = "Write it as 'words: folder/page/', below the name of the language."
    try:
        tree = yaml.compose(decode(root / FILE, FILE))
        return tuple(
            Expectation(words.start_mark.line + 1, language.value, words.value, page.value)
            for language, entries in tree.value
            for words, page in entries.value
            if LANGUAGES.index(language.value) >= 0
        )
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = "this is no list of searches, one for each language"
        raise Mistakes([Mistake(FILE, mark.line + 1 if mark else 1, what, remedy)]) from None
