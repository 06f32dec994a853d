"""The words that readers see, in both languages: words.yml, one word to a line."""

import functools
import pathlib

import yaml

FILE = pathlib.Path(__file__).with_name("words.yml")


@functools.cache
def _groups() -> dict[str, dict[str, dict[str, str]]]:
    return yaml.safe_load(FILE.read_text("utf-8"))


@functools.cache
def words(group: str, language: str) -> dict[str, str]:
    """The words of one group in one language, by name.

    Raises:
        KeyError: there is no such group, or one of its words is missing in this language.
    """
    return {name: entry[language] for name, entry in _groups()[group].items()}
