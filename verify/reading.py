"""What stands around the text of a page for the reader: level, path, dates, programs to take away.

docs/overrides/assets/handbook.js adds to it what only a browser can know: how old a run is today,
which questions this reader knew. Without it, all of this can still be read.
"""

import html
import pathlib
import posixpath
import re

from verify import catalogue, records, settings
from verify.catalogue import Question
from verify.pages import Page, Program
from verify.records import Record

TEXT = {
    "zh": {
        "level": "难度",
        "before": "先读",
        "next": "下一题",
        "as of": "其中的事实核对于",
        "review by": "，最迟复核于",
        "programs": "带走这一页的程序",
        "took": "{seconds:.1f} 秒 · {memory} MiB",
        "notebook": "本页的 notebook",
        "markdown": "本页的 Markdown",
        "count": "{count} 题",
    },
    "en": {
        "level": "Level",
        "before": "Read first",
        "next": "Next question",
        "as of": "Its facts were checked on",
        "review by": "; to be checked again by",
        "programs": "Take this page's programs",
        "took": "{seconds:.1f} s · {memory} MiB",
        "notebook": "This page as a notebook",
        "markdown": "This page as Markdown",
        "count": "{count} questions",
    },
}
MARKER = re.compile(r"^\s*# --8<-- \[(?:start|end):[\w-]+\]\s*\n", re.MULTILINE)


def url_of(page: Page) -> str:
    """The page below its language's root: "" for the home page, else "folder/name/"."""
    return re.sub(r"(^|/)index\.md$|\.(md|ipynb)$", "/", page.address).lstrip("/")


def href(page: Page, target: str) -> str:
    """A link from a page to `target`, an address below its language's root."""
    return posixpath.relpath("/" + target, "/" + url_of(page)) + (
        "/" if target.endswith("/") else ""
    )


def root_of(page: Page) -> str:
    """The way from a page to the root of the whole site, which both languages share."""
    up = "../" * url_of(page).count("/")
    return up if page.language == "zh" else up + "../"


def head_html(page: Page, root: pathlib.Path) -> str:
    """Below the title: level, what to read first, and how old the facts are."""
    words, parts = TEXT[page.language], []
    question = catalogue.question_of(page)
    if question:
        found = catalogue.questions(root, page.language)
        topic = catalogue.topics(root).get(question.topic, {}).get(page.language, question.topic)
        index = href(page, "questions/")
        parts.append(f'<a href="{index}#{question.topic}">{html.escape(topic)}</a>')
        parts.append(f"{words['level']} {question.level}/3")
        before = [_link(page, found[name]) for name in question.before if name in found]
        if before:
            parts.append(f"{words['before']}: {'; '.join(before)}".replace(": ", _colon(page)))
    if "as_of" in page.meta:
        text = f"{words['as of']} {_date(page.meta['as_of'])}"
        if due := page.meta.get("review_by"):
            text += f"{words['review by']} {_date(due)}"
        parts.append(
            f'<span class="facts" data-review-by="{page.meta.get("review_by", "")}">{text}</span>'
        )
    if not parts:
        return ""
    mark = f' data-question="{question.name}"' if question else ""
    return f'<p class="about"{mark} data-search-exclude>{" · ".join(parts)}</p>'


def _colon(page: Page) -> str:
    return "：" if page.language == "zh" else ": "


def _date(value: object) -> str:
    return f'<time datetime="{value}">{value}</time>'


def _link(page: Page, question: Question) -> str:
    return f'<a href="{href(page, question.url)}">{html.escape(question.title)}</a>'


def next_html(page: Page, root: pathlib.Path) -> str:
    """At the end of a question: the one to read next."""
    question = catalogue.question_of(page)
    found = catalogue.questions(root, page.language) if question else {}
    if not question or question.after not in found:
        return ""
    label = TEXT[page.language]["next"] + _colon(page)
    return f'<p class="next" data-search-exclude>{label}{_link(page, found[question.after])}</p>'


def alone(text: str) -> str:
    """A program as a reader takes it: without the marks that cut it into sections."""
    return re.sub(r"\n{4,}", "\n\n\n", MARKER.sub("", text))


def programs_html(page: Page, found: list[tuple[Program, Record]]) -> str:
    """At the end of a page: its programs to download or run, with what they took here."""
    words = TEXT[page.language]
    rows = [(p, r) for p, r in found if p.parts[0].section]
    stem = pathlib.PurePath(page.address).stem
    files = {f"{stem}.ipynb": words["notebook"], "index.md": words["markdown"]}
    links = " · ".join(f'<a href="{name}" download>{text}</a>' for name, text in files.items())
    if not rows:
        return f'<p class="downloads" data-search-exclude>{links}</p>'
    up = root_of(page)
    items = "".join(
        f'<li><a href="{up}{program.parts[0].file}" download>{html.escape(_file_name(program))}</a> '
        f"{words['took'].format(seconds=record.result.seconds, memory=record.result.peak_mib)}<br>"
        f'<code class="run" data-file="{up}{program.parts[0].file}">uv run {html.escape(_file_name(program))}</code></li>'
        for program, record in rows
    )
    return (
        f'<details class="take" data-search-exclude><summary>{words["programs"]}</summary>'
        f"<ul>{items}</ul><p>{links}</p></details>"
    )


def _file_name(program: Program) -> str:
    return pathlib.PurePath(program.name).name


def questions_list(page: Page, root: pathlib.Path) -> list[str]:
    """All questions, topic after topic, for the script to filter and to mark what is known."""
    words, lines = TEXT[page.language], []
    found = catalogue.questions(root, page.language)
    here = page.address.removeprefix("questions/").removesuffix("/index.md")
    for topic, titles in catalogue.topics(root).items():
        of_topic = [question for question in found.values() if question.topic == topic]
        if not of_topic or (here in catalogue.topics(root) and here != topic):
            continue
        if here != topic:
            count = words["count"].format(count=len(of_topic))
            lines += ["", f"## {titles[page.language]} <small>{count}</small> {{#{topic}}}", ""]
        items = "".join(_item(page, question) for question in of_topic)
        lines += ["", f'<ol class="questions" data-topic="{topic}">{items}</ol>', ""]
    return lines


def review_list(page: Page, root: pathlib.Path) -> list[str]:
    """All questions in one list, from which the script takes those that are due."""
    items = "".join(_item(page, x) for x in catalogue.questions(root, page.language).values())
    return [f'<ol class="questions">{items}</ol>']


def _item(page: Page, question: Question) -> str:
    words = TEXT[page.language]
    text = html.escape(str(question.page.meta.get("description", "")))
    return (
        f'<li data-question="{question.name}" data-level="{question.level}">{_link(page, question)} '
        f'<span class="level">{words["level"]} {question.level}/3</span><br><small>{text}</small></li>'
    )


def cards(page: Page, root: pathlib.Path) -> list[str]:
    """Every question with its answer in thirty seconds, one after the other, to print."""
    lines = []
    for question in catalogue.questions(root, page.language).values():
        anchor = question.name.replace("/", "-")
        answer = question.section("thirty-seconds")
        lines += [
            "",
            f"## [{question.title}]({href_md(page, question)}) {{#{anchor}}}",
            "",
            answer,
            "",
        ]
    return lines


def href_md(page: Page, question: Question) -> str:
    """A link between two Markdown files of a language, which MkDocs checks."""
    return posixpath.relpath(question.page.address, posixpath.dirname(page.address))


def program_files(root: pathlib.Path, pages: list[Page]) -> dict[str, str]:
    """Path below the site's root → text, for every program that a page shows whole."""
    files = {part.file for page in pages for p in page.programs for part in p.parts if part.section}
    return {file: alone((root / file).read_text("utf-8")) for file in sorted(files)}


def records_of(page: Page, root: pathlib.Path) -> list[tuple[Program, Record]]:
    """The programs of a page that have a valid record."""
    known = settings.load(root)
    found = [(p, records.load(records.key_of(p, known), known)) for p in page.programs]
    return [(program, record) for program, record in found if record]
