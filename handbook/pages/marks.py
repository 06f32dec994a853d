"""The marks that an author writes in a page or a snippet, each in the one form that is read here."""

import re
from collections.abc import Callable

from pymdownx.snippets import SnippetPreprocessor

HEADING_ID = re.compile(r"[ \t]+\{:?[ \t]*#(?P<id>[\w.-]+)[ \t]*\}[ \t]*$", re.MULTILINE)
HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]")
FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*(?P<info>.*?)[ \t]*$")
# What may follow the marks of a fence whose code runs.
INFO = re.compile(r'python(?:[ ]+(?:title|hl_lines|linenums)="[^"]*")*[ ]*')
INCLUDE = re.compile(
    r'^[ \t>]*-{1,}8<-{1,}[ \t]+"(?P<path>[^":]+\.py)(?::(?P<section>[\w-]+))?"\s*$'
)
ANY_INCLUDE = SnippetPreprocessor.RE_ALL_SNIPPETS  # whatever would be expanded, or is escaped by ;
INCLUDE_OVER_LINES = re.compile(r"^[ \t>]*-{1,}8<-{1,}\s*$")
SECTION = re.compile(
    r"^[ \t]*# --8<-- \[(?P<kind>start|end):(?P<name>[\w-]+)\][ \t]*$", re.MULTILINE
)
ANNOTATION = re.compile(r"#\s*\(\d+\)!?")
FIGURE = re.compile(r"^(?P<prefix>[ \t>]*)!\[(?P<alt>[^\]]*)\]\(figure\)[ \t]*$", re.MULTILINE)
DIRECTIVE = re.compile(r"^<!-- handbook:(?P<name>[\w-]+) -->\s*$")
TABLE_ROW = re.compile(r"^\s*\|(?P<cells>.*)\|\s*$")
CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
NEAR_VALUE = re.compile(r"\s*\{\s*\.?python\b", re.IGNORECASE)
VALUE = re.compile(r"^\{python(?:[ ]+(?P<stem>[\w-]+))?\}[ ]+(?P<expression>.+)$")
CELL = re.compile(r"^# %%")


def replace_values(line: str, replace: Callable[[str | None, str], str]) -> str:
    """Give every inline value of a line to `replace(stem, expression)`, which returns its text."""

    def one(match: re.Match) -> str:
        value = VALUE.match(match[2].strip()) if match[1] == "`" else None
        return replace(value["stem"], value["expression"].strip()) if value else match[0]

    return CODE_SPAN.sub(one, line)
