"""The search index: what readers search for, without programs, sources and lists."""

import json
import pathlib
import re

# Each repeats what other pages say; it is found by its title and tags.
LIST = re.compile(r"questions/([^/#]+/)?(#.*)?|about/(verification|errata)/(#.*)?")
SOURCES = "#sources"
CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
LIST_TAGS = re.compile(r"</?[ou]l>")


def shorten(file: pathlib.Path) -> None:
    """Rewrite the index that the theme's plugin has written, which readers fetch whole.

    Args:
        file: search_index.json.
    """
    index = json.loads(file.read_text("utf-8"))
    index["docs"] = [short for section in index["docs"] if (short := _short(section))]
    # The plugin escapes each Chinese character as six.
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text, "utf-8")


def _short(section: dict) -> dict | None:
    """A section as the index has it; None if it is left out."""
    address = section["location"]
    if LIST.fullmatch(address):
        return None if "#" in address else {**section, "text": ""}
    if address.endswith(SOURCES):
        return None
    return {**section, "text": LIST_TAGS.sub("", CODE.sub("", section["text"]))}
