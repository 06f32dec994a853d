"""The search index: what readers search for, without programs, sources, lists and spoilers.

Readers fetch it whole, so what grows with the book stays short in it: of a section its beginning,
then the words by which few pages are found.
"""

import collections
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
BEGINNING = 300  # characters, to the end of a sentence
RARE = 6  # pages at most that have a rare word
SENTENCE = re.compile(r".+?(?:[。！？；]|[.!?](?= )|$)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# As the plugin cuts them: it writes a zero-width space between Chinese words.
WORD = re.compile(r"[\u3400-\u9fff]{2,}|[A-Za-z][\w-]{2,}")


def shorten(file: pathlib.Path) -> None:
    """Rewrite the index that the theme's plugin has written, which readers fetch whole.

    Args:
        file: search_index.json.
    """
    index = json.loads(file.read_text("utf-8"))
    found = [short for section in index["docs"] if (short := _short(section))]
    index["docs"] = _condensed(found)
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


def _condensed(sections: list[dict]) -> list[dict]:
    """Sections with their beginning, and the rare words that their page has only further on."""
    pages_with, known = collections.defaultdict(set), collections.defaultdict(set)
    for section in sections:
        for word in _words(section["title"] + " " + section["text"]):
            pages_with[word.lower()].add(_page(section))
    condensed = []
    for section in sections:
        had, kept, later = known[_page(section)], "", {}
        had.update(map(str.lower, _words(section["title"])))
        for sentence in SENTENCE.findall(section["text"]):
            words = _words(sentence)
            if len(kept) < BEGINNING:
                kept += sentence
            else:
                new = [word for word in words if word.lower() not in had]
                later |= dict.fromkeys(x for x in new if len(pages_with[x.lower()]) <= RARE)
            had.update(map(str.lower, words))
        text = f"{kept} … {' '.join(later)}" if later else kept
        condensed.append({**section, "text": text})
    return condensed


def _words(text: str) -> list[str]:
    return WORD.findall(TAG.sub("", text))


def _page(section: dict) -> str:
    return section["location"].partition("#")[0]
