"""The search index: what readers search for, without programs, sources, lists and spoilers.

Readers fetch it whole, so what grows with the book stays short in it.
"""

import json
import pathlib
import re

# Each repeats what other pages say; it is found by its title and tags.
LIST = re.compile(r"questions/([^/#]+/)?(#.*)?|about/(verification|errata(-questions)?)/(#.*)?")
# The first leads elsewhere; the others are about one program, or give a problem away.
LEFT_OUT = ("#sources", "#judge", "#wrong-solutions", "#hints")
CODE = re.compile(r"<pre>.*?</pre>|\b\w+\.py( \d+/\d+)?", re.DOTALL)  # with the title above it
# A question and the sentence that answers it; what follows explains.
FOLLOW_UP = re.compile(r"[^<>\s\u200b][^<>]*<p>.*?</p>", re.DOTALL)
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
    if address.endswith(LEFT_OUT):
        return None
    text = LIST_TAGS.sub("", CODE.sub("", section["text"]))
    if address.endswith("#follow-ups"):
        text = " ".join(FOLLOW_UP.findall(text))
    return {**section, "text": text}
