"""What stands around the text of a page: level, path, dates, programs to take away.

The scripts in docs/overrides/assets/ add to it what only a browser can know: how old a run is
today, which questions this reader knew. Without them, all of this can still be read.
"""

import html
import os
import pathlib
import posixpath

from handbook import runtime
from handbook.book.handbook import Handbook
from handbook.book.in_line import is_behind
from handbook.book.questions import FOLDER, Question, question_of
from handbook.languages import PREFIXES, mate_path, other
from handbook.pages.front_matter import COUNTED
from handbook.pages.page import Page
from handbook.program import Program
from handbook.runs.records import Record
from handbook.words import words


def href(page: Page, target: str) -> str:
    """A link from a page to `target`, an address below its language's root."""
    slash = "/" if target.endswith("/") else ""
    return posixpath.relpath("/" + target, "/" + page.url) + slash


def up(page: Page) -> str:
    """The way from a page to the root of the whole site, which both languages share."""
    return "../" * (PREFIXES[page.language] + page.url).count("/")


def picture(url: str) -> str:
    """Where the picture of the page at `url` stands; both below the root of their language."""
    return f"assets/cards/{url.strip('/').replace('/', '-') or 'home'}.png"


def question_link(page: Page, question: Question) -> str:
    """A link from a page to a question."""
    return f'<a href="{href(page, question.page.url)}">{html.escape(question.page.title)}</a>'


def head_html(page: Page, handbook: Handbook) -> str:
    """Below the title: level, what to read first, and how old the facts are; "" if nothing is."""
    said, parts = words("page", page.language), []
    question = question_of(page)
    if question:
        topic = handbook.topics.get(question.topic, {}).get(page.language, question.topic)
        parts.append(f'<a href="{href(page, FOLDER)}#{question.topic}">{html.escape(topic)}</a>')
        parts.append(said["level"].format(level=question.level))
        if question.asked:
            counts = said["how often"].format(of=COUNTED, **question.asked)
            parts.append(f'<a href="{href(page, FOLDER)}#asked">{counts}</a>')
        found = handbook.questions(page.language)
        before = [question_link(page, found[name]) for name in question.before if name in found]
        if before:
            text = said["separator"].join(before)
            parts.append(said["label"].format(name=said["before"], text=text))
    if "as_of" in page.meta:
        text = said["as of"].format(date=_date(page.meta["as_of"]))
        if due := page.meta.get("review_by"):
            text += said["review by"].format(date=_date(due))
        parts.append(
            f'<span class="facts" data-review-by="{page.meta.get("review_by", "")}">{text}</span>'
        )
    if not parts:
        return ""
    mark = f' data-question="{question.id}"' if question else ""
    return f'<p class="about"{mark} data-search-exclude>{" · ".join(parts)}</p>'


def _date(value: object) -> str:
    return f'<time datetime="{value}">{value}</time>'


def behind_html(page: Page, handbook: Handbook) -> str:
    """Above the title: that the other language has gone further; "" if it has not."""
    if not is_behind(page, handbook):
        return ""
    said = words("page", page.language)
    mate = PREFIXES[other(page.language)] + page.url
    note = said["behind"].format(link=up(page) + mate)
    if repository := os.environ.get("REPOSITORY_URL", "").rstrip("/"):
        history = f"{repository}/commits/main/{mate_path(page.path)}"
        note += said["difference"].format(link=history)
    return f'<div class="admonition warning behind"><p>{note}</p></div>'


def next_html(page: Page, handbook: Handbook) -> str:
    """At the end of a question: the one to read next; "" if there is none."""
    question = question_of(page)
    found = handbook.questions(page.language) if question else {}
    if not question or question.after not in found:
        return ""
    said = words("page", page.language)
    link = question_link(page, found[question.after])
    text = said["label"].format(name=said["next"], text=link)
    return f'<p class="next" data-search-exclude>{text}</p>'


def programs_html(page: Page, found: list[tuple[Program, Record]]) -> str:
    """At the end of a page: its programs to download or run, with what they took here."""
    said = words("page", page.language)
    files = {f"{page.stem}.ipynb": said["notebook"], "index.md": said["markdown"]}
    links = downloads_html(files)
    items = "".join(
        _item(up(page) + program.parts[0].file, record, said["took"])
        for program, record in found
        if program.parts[0].section
    )
    if not items:
        return f'<p class="downloads" data-search-exclude>{links}</p>'
    return (
        f'<details class="take" data-search-exclude><summary>{said["programs"]}</summary>'
        f"<p>{said['how to run']}</p><ul>{items}</ul><p>{links}</p></details>"
    )


def run_here_html(page: Page, handbook: Handbook) -> str:
    """What a script needs to offer programs of a page in the browser; "" where none runs there."""
    if handbook.drafts:  # whose programs stand nowhere yet
        return ""
    runs, shown = runtime.runs(handbook.root), ""
    for file in (p.parts[0].file for p in page.programs if p.parts[0].file in runs):
        packages = runtime.packages_of((handbook.root / file).read_text("utf-8"))
        shown += (
            f'<div class="run-here" data-program="{up(page)}{file}" data-packages="{" ".join(packages)}"'
            f' data-megabytes="{runtime.bytes_of(packages) / 1e6:.0f}"'
            f' data-runtime="{up(page)}{runtime.folder()}" data-search-exclude></div>'
        )
    return shown


def downloads_html(files: dict[str, str]) -> str:
    """Links to files beside the page, by name."""
    return " · ".join(
        f'<a href="{file}" download>{html.escape(text)}</a>' for file, text in files.items()
    )


def _item(file: str, record: Record, took: str) -> str:
    name = html.escape(pathlib.PurePath(file).name)
    spent = took.format(seconds=record.result.seconds, memory=record.result.peak_mib)
    return (
        f'<li><a href="{file}" download>{name}</a> {spent}<br>'
        f'<code class="run" data-file="{file}">uv run {name}</code></li>'
    )
