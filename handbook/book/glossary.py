"""How terms are written: docs/glossary.yml."""

import collections
import dataclasses
import pathlib
import re
from collections.abc import Iterable

from handbook.pages import marks
from handbook.pages.lists import read_list
from handbook.pages.page import Page

DIRECTIVE = "<!-- handbook:glossary -->"
NOT_SAID = re.compile(r"\$[^$]*\$|\]\([^)]*\)|<[^>]*>|\{#[^}]*\}")  # formulas, addresses, HTML, ids
MOST = 4  # pages that an entry names


@dataclasses.dataclass(frozen=True, eq=False)
class Term:
    """An entry of docs/glossary.yml.

    Attributes:
        zh: the Chinese term, as pages write it.
        en: the English term.
        meaning: one sentence, per language.
        wrong: forms that no Chinese page may use.
        everyday: whether pages also use the word as anybody does, so that they do not explain it.
    """

    zh: str
    en: str
    meaning: dict[str, str]
    wrong: tuple[str, ...] = ()
    everyday: bool = False

    @property
    def anchor(self) -> str:
        """Where it stands in the glossary, in both languages."""
        return re.sub(r"[^a-z0-9]+", "-", self.en.lower()).strip("-")

    def forms(self, language: str) -> list[str]:
        """How the pages of a language write it: 'token（词元）' is written in two ways."""
        return [x for x in re.split("[（）]", getattr(self, language)) if x]


def read(root: pathlib.Path) -> tuple[Term, ...]:
    """The terms, in the order of the file; none if there is no such file.

    Raises:
        Mistakes: the file is no list of terms.
    """
    names = {"zh": str, "en": str, "meaning": dict}
    entries = read_list(
        root, "docs/glossary.yml", names, {"wrong": list, "everyday": bool}, once="zh"
    )
    return tuple(
        Term(e["zh"], e["en"], e["meaning"], tuple(e.get("wrong", ())), e.get("everyday", False))
        for _, e in entries
    )


class Finder:
    """Finds terms in the text of a language, the longest first: 'multi-head attention' is not 'attention'.

    Attributes:
        pattern: matches a form of a term.
    """

    def __init__(self, terms: Iterable[Term], language: str) -> None:
        self._terms = {form.lower(): term for term in terms for form in term.forms(language)}
        forms = "|".join(re.escape(x) for x in sorted(self._terms, key=len, reverse=True))
        latin = r"(?<![A-Za-z0-9-])(?:{})(?:(?<=[a-z])s)?(?![A-Za-z0-9-])"
        han = r"(?<![A-Za-z0-9-])(?=[A-Za-z])(?:{0})(?![A-Za-z0-9-])|(?![A-Za-z])(?:{0})"
        form = (han if language == "zh" else latin).format(forms)
        self.pattern = re.compile(form if forms else "(?!)", re.IGNORECASE)

    def term(self, form: str) -> Term:
        """The term that was written in this form."""
        return self._terms.get(form.lower()) or self._terms[form.lower().removesuffix("s")]

    def count(self, text: str) -> collections.Counter[Term]:
        """How often each term stands in a text."""
        return collections.Counter(self.term(match[0]) for match in self.pattern.finditer(text))


def explains(page: Page) -> bool:
    """Whether a page says what it is about in sentences: not the home page, one of lists, or about/."""
    directives = (marks.DIRECTIVE.match(line) for line in page.text.lines)
    listing = any(found and found["name"] != "calculator" for found in directives)
    return bool(page.url) and not page.url.startswith("about/") and not listing


def used_in(terms: Iterable[Term], pages: Iterable[Page], language: str) -> dict[str, list[Page]]:
    """English term → the pages that use it most: first those that are called or tagged by it."""
    finder = Finder(terms, language)
    weights: dict[str, list[tuple[tuple[int, int, int], Page]]] = {}
    for page in filter(explains, pages):
        prose = "\n".join(line for _, line in page.text.prose())
        said = finder.count(NOT_SAID.sub(" ", marks.CODE_SPAN.sub(" ", prose)))
        title = finder.count(page.title)
        tags = finder.count("\n".join(map(str, page.meta.get("tags") or ())))
        for term, count in said.items():
            weight = (title[term], tags[term], count)
            weights.setdefault(term.en, []).append((weight, page))
    return {
        name: [page for _, page in sorted(found, key=lambda one: one[0], reverse=True)[:MOST]]
        for name, found in weights.items()
    }
