"""The front matter of a page: the names it may have, and of which kind the value of each is."""

import dataclasses
import datetime
import difflib
import re
from collections.abc import Callable, Iterator

import yaml

from handbook.mistakes import Mistake, Mistakes

# As MkDocs reads it (mkdocs.utils.meta).
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
# libyaml's parser where it is there: six times as fast.
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a value has to be, in words and as a test."""

    words: str
    holds: Callable[[object], bool]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TEXT = Kind("text, in quotes if it looks like anything else", _is_text)
# The theme writes a title into its pages as it is, and MkDocs a number as no text at all.
TITLE = Kind(
    "text without < and >, in quotes if it looks like anything else",
    lambda value: _is_text(value) and not re.search("[<>]", value),
)
LIST = Kind("a list of texts, [like, this]", _is_list)
DATE = Kind("a day that exists, such as 2026-01-31", lambda value: type(value) is datetime.date)
NUMBER = Kind("a number", _is_number)
MAPPING = Kind("a mapping, {like: this}", lambda value: isinstance(value, dict))
# Of the lists and of the reports that docs/*/questions/index.md names, in how many a question stands.
COUNTED = 13
ASKED = Kind(
    "{lists: 9, reports: 5}, each a whole number from 0 to 13",
    lambda value: (
        isinstance(value, dict)
        and set(value) == {"lists", "reports"}
        and all(type(count) is int and 0 <= count <= COUNTED for count in value.values())
    ),
)
# What the theme's search and templates ask for.
SEARCH = Kind(
    "{boost: 2} or {exclude: true}",
    lambda value: isinstance(value, dict) and set(value) <= {"boost", "exclude"},
)
HIDE = Kind(
    "a list of navigation, toc, path, footer, feedback or tags",
    lambda value: _is_list(value) and set(value) <= set(HIDDEN),
)
HIDDEN = ("navigation", "toc", "path", "footer", "feedback", "tags")
PAGE = {
    "title": TITLE,
    "description": TEXT,
    "tags": LIST,
    "topic": TEXT,
    "level": Kind("1, 2 or 3", lambda value: type(value) is int and value in (1, 2, 3)),
    "asked": ASKED,
    "prerequisites": LIST,
    "next": TEXT,
    "was": LIST,
    "as_of": DATE,
    "review_by": DATE,
    "cpu_seconds": NUMBER,
    "cpu_seconds_because": TEXT,
    "search": SEARCH,
    "hide": HIDE,
}
LAB = {name: MAPPING for name in ("title", "description", "tags", "jupyter")} | {"was": LIST}


def split_front_matter(text: str, path: str) -> tuple[str, str]:
    """Split a page into its front matter (without the dashes) and its body.

    Raises:
        Mistakes: it does not begin with a front matter.
    """
    if match := FRONT_MATTER.match(text):
        return match[1], text[match.end() :]
    what = "the page does not begin with its front matter"
    remedy = "Let its first line be ---, then 'title: …' and 'description: …', then --- again."
    raise Mistakes([Mistake(path, 1, what, remedy)])


def read_front_matter(header: str, path: str, names: dict[str, Kind]) -> dict[str, object]:
    """The front matter as a mapping.

    Args:
        header: its text, without the dashes.
        path: the file, as messages name it.
        names: what may stand in it.

    Raises:
        Mistakes: it is not YAML of that form, or a value is not of its kind.
    """
    what = "the front matter is not YAML of the form 'name: value'"
    loader = YAML(header)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise Mistakes([Mistake(path, 1, what, "Correct it.")])
        entries = [_entry(loader, *pair) for pair in node.value]
    except yaml.YAMLError as error:
        # Where an open quote began, if it did.
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        raise Mistakes([Mistake(path, line, what, "Correct it.")]) from None
    faults = (fault for check in CHECKS for fault in check(entries, names))
    if wrong := [Mistake(path, line, *said) for line, *said in faults]:
        raise Mistakes(wrong)
    return {entry.name: entry.value for entry in entries}


@dataclasses.dataclass(frozen=True)
class Entry:
    """A name and its value; `line` is that of the file, from 1."""

    line: int
    name: str
    value: object


def _entry(loader: yaml.SafeLoader, key: yaml.Node, value: yaml.Node) -> Entry:
    try:
        given = loader.construct_object(value, deep=True)
    except ValueError:  # 2026-02-30 has the form of a day
        given = value.value
    return Entry(key.start_mark.line + 2, str(key.value), given)


Fault = tuple[int, str, str]  # line, what is wrong, what to do


def names_are_known(entries: list[Entry], names: dict[str, Kind]) -> Iterator[Fault]:
    """Each name is one of those there are."""
    for entry in entries:
        if entry.name not in names:
            close = difflib.get_close_matches(entry.name, names, 1, 0.5) or [", ".join(names)]
            what = f"{entry.name!r} is no name for the front matter"
            yield entry.line, what, f"Did you mean: {close[0]}?"


def names_stand_once(entries: list[Entry], _names: dict[str, Kind]) -> Iterator[Fault]:
    """No name stands twice."""
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            yield entry.line, f"{entry.name!r} stands above already", "Take one of the two out."
        seen.add(entry.name)


def values_are_of_their_kind(entries: list[Entry], names: dict[str, Kind]) -> Iterator[Fault]:
    """Each value is of the kind that its name asks for."""
    for entry in entries:
        if (kind := names.get(entry.name)) and not kind.holds(entry.value):
            what = f"{entry.name} is {entry.value!r} in the front matter"
            yield entry.line, what, f"Write {kind.words}."


def review_follows_the_facts(entries: list[Entry], _names: dict[str, Kind]) -> Iterator[Fault]:
    """What is to be checked again was checked, and earlier."""
    days = {entry.name: entry for entry in entries if DATE.holds(entry.value)}
    told = any(entry.name == "as_of" and not DATE.holds(entry.value) for entry in entries)
    if (due := days.get("review_by")) and not told:
        if "as_of" not in days or days["as_of"].value >= due.value:
            what = f"review_by is {due.value}, and no earlier day stands in as_of"
            yield due.line, what, "Write as_of: the day on which the facts were checked."


def facts_were_checked(entries: list[Entry], _names: dict[str, Kind]) -> Iterator[Fault]:
    """No facts were checked on a day that is still to come, wherever the reader's clock stands."""
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    for entry in entries:
        if entry.name == "as_of" and DATE.holds(entry.value) and entry.value > tomorrow:
            what = f"as_of is {entry.value}, which is still to come"
            yield entry.line, what, "Write the day on which the facts were checked."


CHECKS = (
    names_are_known,
    names_stand_once,
    values_are_of_their_kind,
    review_follows_the_facts,
    facts_were_checked,
)
