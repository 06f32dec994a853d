"""What a contributor is told, in the language of the terminal: messages.yml has it in Chinese.

The English text of a message stands in the code. messages.yml repeats it, with a name for each part
that is put in; such a part is looked up as well. What is not found stays as it is: ruff, MkDocs and
Python speak for themselves.
"""

import functools
import os
import pathlib
import re
import string

import yaml

FILE = pathlib.Path(__file__).with_name("messages.yml")
VARIABLES = (
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
)  # as gettext: the first that is set counts


def told(what: str, language: str = "") -> str:
    """A message as its reader is told it.

    Args:
        what: the message in English.
        language: of the reader, if it is not that of the terminal.
    """
    return _chinese(what) if (language or _of_the_terminal()) == "zh" else what


def _of_the_terminal() -> str:
    named = next(filter(None, map(os.environ.get, VARIABLES)), "").split(":")
    return next((name[:2] for name in named if name[:2] in ("zh", "en")), "en")


def _chinese(text: str) -> str:
    for pattern, chinese in _patterns():
        if match := pattern.fullmatch(text):
            return chinese.format_map({k: _chinese(put) for k, put in match.groupdict().items()})
    return text


@functools.cache
def _patterns() -> list[tuple[re.Pattern, str]]:
    """What an English message looks like, and the Chinese one, in the order in which they are tried.

    First those that begin with words of their own: another message may be put into them. Of each
    kind, first that with most words of its own.
    """
    entries = []
    for english, chinese in yaml.safe_load(FILE.read_text("utf-8")).items():
        parts = list(string.Formatter().parse(english))
        pattern, seen = "", set()
        for before, name, *_ in parts:
            pattern += re.escape(before)
            if name:
                pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
                seen.add(name)
        own = bool(parts[0][0]), sum(len(before) for before, *_ in parts)
        entries.append((own, re.compile(pattern, re.DOTALL), chinese))
    return [entry[1:] for entry in sorted(entries, key=lambda entry: entry[0], reverse=True)]
