"""The two languages, and where each stands: its pages, its configuration, its site."""

import pathlib

LANGUAGES = ("zh", "en")
ENGLISH_NAMES = {"zh": "Chinese", "en": "English"}
CONFIGURATIONS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
PREFIXES = {"zh": "", "en": "en/"}  # of a language's addresses, below the root of the whole site


def other(language: str) -> str:
    """The other of the two."""
    return LANGUAGES[1 - LANGUAGES.index(language)]


def mate_path(path: str) -> str:
    """The same page in the other language, for a path below docs/."""
    _, language, rest = path.split("/", 2)
    return f"docs/{other(language)}/{rest}"


def site_of(language: str, site: pathlib.Path) -> pathlib.Path:
    """The folder of a language's site, below the folder of the whole site."""
    return site / PREFIXES[language]


def language_of(name: str) -> str:
    """The language that a file of the site belongs to, by its path below the site's folder."""
    return "en" if name.startswith(PREFIXES["en"]) else "zh"
