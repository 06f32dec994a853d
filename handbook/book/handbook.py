"""Everything below one folder, read once."""

import dataclasses
import functools
import pathlib
import threading
from collections.abc import Callable, Iterable

from handbook import settings
from handbook.book import glossary, questions
from handbook.book.questions import Question
from handbook.languages import LANGUAGES, mate_path, other
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.labs import Lab, lab_files, read_lab
from handbook.pages.mutations import Mutation, mutation_files, read_mutations
from handbook.pages.page import Page, Value
from handbook.pages.reading import read_page
from handbook.program import Program
from handbook.runs import lent, records
from handbook.runs.records import Record

# One thread reads at a time: what finds fences and includes keeps what it has found in itself.
_reading = threading.RLock()


@dataclasses.dataclass(frozen=True)
class Run:
    """A program of a page and the record of its run."""

    page: Page
    program: Program
    record: Record


class Handbook:
    """The pages, labs, questions and records of the handbook at `root`.

    Each file is read when it is first asked for, and once; `forget` drops what has changed.

    Attributes:
        drafts: whether a block that has not run is shown as such, as only the preview does, rather
            than being a mistake.
        borrows: whether a program that has no record gets the one that a published site lends, as
            only the preview of somebody does who runs nothing.
    """

    @staticmethod
    @functools.cache
    def at(root: pathlib.Path) -> "Handbook":
        """The one handbook at `root` that all of this process shares."""
        return Handbook(root)

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.settings = settings.load(root)
        self.drafts = self.borrows = False
        self._pages: dict[str, Page | Mistakes] = {}
        self._labs: dict[str, Lab | Mistakes] = {}
        self._mutations: dict[str, tuple[Mutation, ...] | Mistakes] = {}
        self._records: dict[str, Record] = {}

    def paths(self, language: str) -> list[str]:
        """The files of a language's pages, relative to the root: Markdown pages, then labs."""
        pages = sorted((self.root / "docs" / language).rglob("*.md"))
        return [file.relative_to(self.root).as_posix() for file in [*pages, *lab_files(self.root)]]

    def page(self, path: str, language: str) -> Page:
        """One page, by its file.

        Raises:
            Mistakes: every mistake found in how it is written.
        """
        if not path.endswith(".md"):
            return self.lab(path).pages[language]
        return _once(self._pages, path, lambda: read_page(self.root / path, self.root))

    def lab(self, path: str) -> Lab:
        """One lab, by its file.

        Raises:
            Mistakes: every mistake found in how it is written.
        """
        return _once(self._labs, path, lambda: read_lab(self.root / path, self.root))

    def pages(self, language: str) -> tuple[Page, ...]:
        """Every page of a language that can be read, Markdown pages first, sorted by path."""
        return self._read(language)[0]

    def mistakes(self, language: str) -> tuple[Mistake, ...]:
        """Every mistake in the pages of a language that cannot be read."""
        return self._read(language)[1]

    def _read(self, language: str) -> tuple[tuple[Page, ...], tuple[Mistake, ...]]:
        pages, wrong = [], []
        for path in self.paths(language):
            try:
                pages.append(self.page(path, language))
            except Mistakes as error:
                wrong += error.found
        return tuple(pages), tuple(wrong)

    def mate(self, page: Page) -> Page | None:
        """The same page in the other language, or None if there is none.

        Raises:
            Mistakes: it cannot be read.
        """
        if page.is_lab:
            return self.lab(page.path).pages[other(page.language)]
        path = mate_path(page.path)
        return self.page(path, other(page.language)) if (self.root / path).is_file() else None

    def mutations(self) -> tuple[Mutation, ...]:
        """Every change to a program that an assert has to stop, of the lists that can be read."""
        found: list[Mutation] = []
        for file in mutation_files(self.root):
            try:
                found += self.mutations_of(file.relative_to(self.root).as_posix())
            except Mistakes:
                continue  # named where the list itself is collected
        return tuple(found)

    def mutations_of(self, path: str) -> tuple[Mutation, ...]:
        """The changes of one list.

        Raises:
            Mistakes: an entry does not fit its program.
        """
        return _once(self._mutations, path, lambda: read_mutations(self.root / path, self.root))

    def broken(self, file: str) -> tuple[Mutation, ...]:
        """The changes to one program that its asserts have to stop.

        Args:
            file: the program, relative to the root.
        """
        return self._broken.get(file, ())

    @functools.cached_property
    def _broken(self) -> dict[str, tuple[Mutation, ...]]:
        found: dict[str, tuple[Mutation, ...]] = {}
        for mutation in self.mutations():
            found[mutation.file] = (*found.get(mutation.file, ()), mutation)
        return found

    def key(self, program: Program) -> str:
        """What the record of a program is stored under."""
        return records.key_of(program, self.settings)

    def record(self, program: Program) -> Record | None:
        """The record of a program, or None if it has none that is valid."""
        key = self.key(program)
        if key not in self._records and (record := self._load(key, program)):
            self._records[key] = record
        return self._records.get(key)

    def value(self, value: Value) -> str | None:
        """What an inline value came to, or None if its program has no valid record."""
        record = self.record(value.program)
        return record.result.value_after(value.part, value.expression) if record else None

    def _load(self, key: str, program: Program) -> Record | None:
        record = records.load(key, self.settings)
        return lent.load(program, self.settings) if record is None and self.borrows else record

    def runs(self, language: str) -> tuple[Run, ...]:
        """Every program of a language's pages that has a valid record, in page order."""
        return tuple(
            Run(page, program, record)
            for page in self.pages(language)
            for program in page.programs
            if (record := self.record(program))
        )

    @functools.cached_property
    def topics(self) -> dict[str, dict[str, str]]:
        """Topic id → its titles per language, in order."""
        return questions.read_topics(self.root)

    @functools.cached_property
    def glossary(self) -> tuple[glossary.Term, ...]:
        """The terms, in the order of their file."""
        return glossary.read(self.root)

    def questions(self, language: str) -> dict[str, Question]:
        """Every question of a language by name: topic after topic, each along its path."""
        return self._questions[language]

    @functools.cached_property
    def _questions(self) -> dict[str, dict[str, Question]]:
        return {x: questions.in_order(self.pages(x), list(self.topics)) for x in LANGUAGES}

    def forget(self, changed: Iterable[str]) -> None:
        """Drop what was read from some files, and all that follows from it.

        Args:
            changed: files, relative to the root.
        """
        names = set(changed)
        with _reading:
            for kept in (self._pages, self._labs):
                for path in [path for path, found in kept.items() if _leans_on(path, found, names)]:
                    del kept[path]
            self._records.clear()
            self._mutations.clear()
            for name in ("topics", "glossary", "_questions", "_broken"):
                vars(self).pop(name, None)


def _leans_on(path: str, found: Page | Lab | Mistakes, names: set[str]) -> bool:
    """Whether what was read from a file could be otherwise since some files have changed."""
    if isinstance(found, Mistakes):
        return True  # What could not be read may lean on any file.
    pages = found.pages.values() if isinstance(found, Lab) else [found]
    return bool({path}.union(*(page.files for page in pages)) & names)


def _once(kept: dict, path: str, read: Callable):
    """What was read from a file, or raise again what was wrong with it."""
    with _reading:
        if path not in kept:
            try:
                kept[path] = read()
            except Mistakes as error:
                kept[path] = error
        found = kept[path]
    if isinstance(found, Mistakes):
        raise Mistakes(found.found)
    return found
