"""What the site offers besides pages: programs, notebooks, Markdown, decks, feeds, pictures.

Written into the finished site before it is audited, so that a link to any of it is checked.
"""

import dataclasses
import email.utils
import functools
import hashlib
import html
import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import genanki
from PIL import Image, ImageDraw, ImageFont
from selectolax.lexbor import LexborHTMLParser

from verify import catalogue, languages, reading, settings
from verify.catalogue import Question
from verify.labs import HEADING_ID, RELATIVE_LINK
from verify.pages import FIGURE, Block, Page, program_of_value, replace_values
from verify.settings import LANGUAGES

NAMES = {"zh": "AI 大模型创业手册", "en": "LLM Startup Handbook"}
SUMMARY = {
    "zh": "双语手册：AI 大模型创业团队必须掌握的面试题、程序和决策。页面上的每段 Python 代码都在发布前运行过。",
    "en": "The interview questions, programs and decisions that a large-model startup's team must master, in Chinese and English. Every Python block was run before publication.",
}
TEXT = {
    "zh": {
        "output": "输出",
        "restart": "下面是 {name}。它是一个独立的程序：先重启内核，再运行。",
        "open": "打开这一页",
    },
    "en": {
        "output": "Output",
        "restart": "{name} follows. It is a program of its own: restart the kernel before you run it.",
        "open": "Open the page",
    },
}
CONTAINER = re.compile(r'^(?:\?\?\?\+?|!!!|===)(?: [\w-]+)*(?: "(?P<title>[^"]*)")?$')
SKIPPED = re.compile(r"^\s*(?:<!-- handbook:.*-->|</?div.*>)\s*$")
FIGURE_LINE = re.compile(r"^!\[([^\]]*)\]\(figure\)$", re.MULTILINE)
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FEED_LENGTH = 30
NEVER = 0.0
CARD = {"size": (1200, 630), "paper": "#ffffff", "ink": "#1c2a26", "verified": "#0f5c4c"}


def write(site: pathlib.Path, root: pathlib.Path, language: str) -> None:
    """Write every export of a language into a finished site.

    Args:
        site: the folder with the Chinese site, and the English one in `en/`.
        root: the handbook it was built from.
        language: one of `settings.LANGUAGES`; the programs, which both share, come with Chinese.
    """
    base = settings.site_of(language, site)
    files = languages.pages_of(root, language)
    pages = [languages.read(file, root, language) for file in files]
    written = [page for page in pages if page.address.endswith(".md")]
    address = _address(base)
    if language == LANGUAGES[0]:
        for path, text in reading.program_files(root, written).items():
            _write(site / path, text)
    for page in written:
        folder = base / reading.url_of(page)
        name = pathlib.PurePath(page.address).stem
        pieces = list(_pieces(page, root))
        _write(folder / "index.md", _markdown(page, pieces))
        if page.programs:
            _write(folder / f"{name}.ipynb", _notebook(page, pieces))
    found = catalogue.questions(root, language)
    for question in found.values():
        _write(base / question.url / "question.json", _json(question, root, address))
    if found:
        _deck(language, found, base, address)
    _write(base / "llms.txt", _llms(language, pages, address))
    if address:  # A feed and a shared link name the site by its whole address.
        _write(base / "feed.xml", _feed(language, written, root, address))
        for page in pages:
            _picture(page, base / picture_of(reading.url_of(page)), root)


def _write(file: pathlib.Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _address(base: pathlib.Path) -> str:
    """Where this language's site will stand, as its home page says; "" if it does not."""
    home = LexborHTMLParser((base / "index.html").read_text("utf-8"))
    link = home.css_first("link[rel=canonical]")
    return (link.attributes.get("href") or "") if link else ""


# ── A page as Markdown and as a notebook. ─────────────────────────────────────────────────────


@dataclasses.dataclass(frozen=True)
class Piece:
    """A stretch of a page: text, or a block of code with what it gave."""

    text: str = ""
    block: Block | None = None
    output: str = ""


def _pieces(page: Page, root: pathlib.Path) -> Iterator[Piece]:
    """The page in order, includes expanded, values computed, tabs and notes laid flat."""
    found = dict(reading.records_of(page, root))
    ran = [found.get(program) for program in page.programs]
    groups = [list(program.parts) for program in page.programs]
    lines, fences = page.lines, page.fences
    python = [fence for fence in fences if fence.language == "python"]
    blocks = {f.start: (f, b) for f, b in zip(python, page.blocks, strict=True)}
    covered = {i for fence in fences for i in range(fence.start, fence.end)}
    above, depth, text = 0, 0, []

    def value(stem: str | None, expression: str) -> str:
        number = program_of_value(stem, above + 1, page.blocks, groups)
        record = ran[number] if number is not None else None
        return record.result.values.get(expression, "") if record else ""

    for index, line in enumerate(lines):
        while depth and line.strip() and not line.startswith("    " * depth):
            depth -= 1
        if index in blocks:
            fence, block = blocks[index]
            yield Piece("\n".join(text))
            record, above, text = ran[block.program], block.line, []
            output = record.result.outputs[block.index].rstrip() if record else ""
            yield Piece(fence.code, block, output)
        elif index in covered:
            if not any(f.start <= index < f.end for f in python):
                text.append(line[4 * depth :])
        elif SKIPPED.match(line):
            continue
        elif container := CONTAINER.match(line[4 * depth :]):
            depth += 1
            text.append(f"**{container['title']}**" if container["title"] else "")
        else:
            text.append(replace_values(line[4 * depth :], value))
    yield Piece("\n".join(text))


def _markdown(page: Page, pieces: list[Piece]) -> str:
    """The page for programs that read: code with its output below it."""
    parts = []
    for piece in pieces:
        if piece.block:
            parts.append(f"```python\n{piece.text}\n```")
            if piece.output:
                parts.append(f"{TEXT[page.language]['output']}:\n\n```text\n{piece.output}\n```")
        elif text := HEADING_ID.sub("", piece.text).strip():
            parts.append(FIGURE_LINE.sub(r"[\1]", text))
    return "\n\n".join(parts) + "\n"


def _notebook(page: Page, pieces: list[Piece]) -> str:
    """The page to run in Jupyter."""
    words, cells, several = TEXT[page.language], [], len(page.programs) > 1
    for number, piece in enumerate(pieces):
        if piece.block:
            if several and piece.block.index == 0:
                name = page.programs[piece.block.program].name
                text = words["restart"].format(name=pathlib.PurePath(name).name)
                cells.append(_cell("markdown", f"*{text}*", f"program-{number}"))
            cells.append(_cell("code", piece.text, f"code-{number}"))
            continue
        text = "\n".join(x for x in piece.text.split("\n") if not FIGURE.match(x))
        if text := RELATIVE_LINK.sub(r"\1", HEADING_ID.sub("", text)).strip():
            cells.append(_cell("markdown", text, f"text-{number}"))
    notebook = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, text: str, name: str) -> dict[str, object]:
    """A cell by nbformat's schema, which that library would check again for each one."""
    cell = {"cell_type": kind, "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


# ── Questions for other programs, and for Anki. ───────────────────────────────────────────────


def _json(question: Question, root: pathlib.Path, address: str) -> str:
    page = question.page
    evidence = [
        {
            "program": program.name,
            "code": "\n\n".join(part.code for part in program.parts),
            "output": "".join(record.result.outputs),
            "seconds": record.result.seconds,
            "ran_at": record.ran_at,
            "versions": record.versions,
        }
        for program, record in reading.records_of(page, root)
    ]
    content = {
        "language": page.language,
        "url": address + question.url,
        "question": question.title,
        "answer": question.section("thirty-seconds"),
        "topic": question.topic,
        "level": question.level,
        "prerequisites": list(question.before),
        "next": question.after,
        "evidence": evidence,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _deck(language: str, found: dict[str, Question], base: pathlib.Path, address: str) -> None:
    """One note for each question and each follow-up; Anki keeps what it knows of a note by its name."""
    deck = genanki.Deck(_number(f"deck {language}"), NAMES[language])
    for question in found.values():
        page = LexborHTMLParser((base / question.url / "index.html").read_text("utf-8"))
        link = (
            f'<p><a href="{address}{question.url}">{TEXT[language]["open"]}</a></p>'
            if address
            else ""
        )
        asked = [(question.title, _after(page.css_first("#thirty-seconds")), "thirty-seconds")]
        asked += [
            (summary.text().strip(), _after(summary), f"follow-up-{number}")
            for number, summary in enumerate(page.css("details.question > summary"), 1)
        ]
        for front, back, name in asked:
            deck.add_note(
                genanki.Note(
                    model=MODEL,
                    fields=[html.escape(front), back + link],
                    guid=f"{language}/{question.name}/{name}",
                    tags=[question.topic, f"level-{question.level}"],
                )
            )
    genanki.Package(deck).write_to_file(str(base / "questions" / f"handbook-{language}.apkg"), 0.0)


def _after(node) -> str:
    """The HTML that follows a node, up to the next heading of its rank."""
    parts, after = [], node.next if node else None
    while after is not None and after.tag not in ("h1", "h2"):
        if after.tag not in ("-text", "-comment"):
            parts.append(after.html or "")
        after = after.next
    return "\n".join(parts)


def _number(name: str) -> int:
    """A number that stays the same for a name; Anki knows decks and models by it."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) | 1 << 30


MODEL = genanki.Model(
    _number("model"),
    "LLM Startup Handbook",
    fields=[{"name": "Question"}, {"name": "Answer"}],
    templates=[
        {
            "name": "Card",
            "qfmt": "{{Question}}",
            "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}",
        }
    ],
    css=".card { font-family: sans-serif; font-size: 18px; line-height: 1.6; max-width: 40em; margin: auto }"
    " pre { overflow-x: auto; font-size: 14px } svg { max-width: 100%; height: auto }",
)


# ── The site for assistants, feed readers and shared links. ───────────────────────────────────


def _llms(language: str, pages: list[Page], address: str) -> str:
    """What there is to read, by the convention of llmstxt.org."""
    lines = [f"# {NAMES[language]}", "", f"> {SUMMARY[language]}"]
    folder = None
    for page in pages:
        first = page.address.rpartition("/")[0]
        if first != folder:
            folder = first
            lines += ["", f"## {folder or NAMES[language]}", ""]
        url = reading.url_of(page)
        file = f"{url}index.md" if page.address.endswith(".md") else url
        lines.append(f"- [{page.meta['title']}]({address}{file}): {page.meta['description']}")
    return "\n".join(lines) + "\n"


def _feed(language: str, pages: list[Page], root: pathlib.Path, address: str) -> str:
    """RSS 2.0: the pages that changed last."""
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    for name, text in (
        ("title", NAMES[language]),
        ("link", address),
        ("description", SUMMARY[language]),
    ):
        ElementTree.SubElement(channel, name).text = text
    ElementTree.SubElement(channel, "language").text = language
    changed = _changed(root)
    dated = sorted(
        ((changed.get(page.path, NEVER), page) for page in pages), key=lambda x: (-x[0], x[1].path)
    )
    for moment, page in dated[:FEED_LENGTH]:
        item = ElementTree.SubElement(channel, "item")
        link = address + reading.url_of(page)
        ElementTree.SubElement(item, "title").text = str(page.meta["title"])
        ElementTree.SubElement(item, "link").text = link
        ElementTree.SubElement(item, "guid").text = f"{link}#{int(moment)}"
        ElementTree.SubElement(item, "description").text = str(page.meta["description"])
        ElementTree.SubElement(item, "pubDate").text = email.utils.formatdate(moment, usegmt=True)
    ElementTree.indent(rss)
    return ElementTree.tostring(rss, "unicode", xml_declaration=True) + "\n"


def _changed(root: pathlib.Path) -> dict[str, float]:
    """Path → when it was last committed, in seconds; empty where there is no history."""
    command = [
        "git",
        "-c",
        "core.quotepath=off",
        "log",
        "--format=%ct",
        "--name-only",
        "--",
        "docs",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    moments: dict[str, float] = {}
    moment = NEVER
    for line in done.stdout.splitlines():
        if line.isdigit():
            moment = float(line)
        elif line:
            moments.setdefault(line, moment)
    return moments


def picture_of(url: str) -> str:
    """Where the picture of a page stands, below its language's root; overrides/main.html names it."""
    return f"assets/cards/{url.strip('/').replace('/', '-') or 'home'}.png"


def _picture(page: Page, target: pathlib.Path, root: pathlib.Path) -> None:
    """Draw what a shared link shows; kept by what it says, for drawing takes a tenth of a second."""
    question = catalogue.question_of(page)
    topic = (
        catalogue.topics(root).get(question.topic, {}).get(page.language, "") if question else ""
    )
    title = str(page.meta["title"])
    key = hashlib.sha256(json.dumps([title, topic, page.language, CARD]).encode()).hexdigest()[:24]
    kept = root / ".handbook" / "cards" / f"{key}.png"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        aside = kept.with_suffix(f".{os.getpid()}")
        _draw(title, topic, NAMES[page.language]).save(aside, "PNG", optimize=True)
        os.replace(aside, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, target)


def _draw(title: str, topic: str, name: str) -> Image.Image:
    width, height = CARD["size"]
    picture = Image.new("RGB", (width, height), CARD["paper"])
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 24, height), fill=CARD["verified"])
    small, large = _font(36), _font(72)
    draw.text((90, 80), name, CARD["verified"], small)
    lines = _broken(title, large, draw, width - 180)
    for number, line in enumerate(lines[:4]):
        draw.text((90, 190 + 92 * number), line, CARD["ink"], large)
    draw.text((90, height - 100), topic, CARD["ink"], small)
    return picture.quantize(16)


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    files = importlib.metadata.files("mplfonts") or []
    file = next(f for f in files if f.name == "NotoSansCJKsc-Regular.otf")
    return ImageFont.truetype(str(file.locate()), size)


def _broken(
    text: str, font: ImageFont.FreeTypeFont, draw: ImageDraw.ImageDraw, width: int
) -> list[str]:
    """Lines that fit: broken between words, and anywhere between Han characters."""
    lines = [""]
    for piece in re.findall(r"[\u2e80-\uffef]|[^\u2e80-\uffef\s]+|\s+", text):
        if draw.textlength((lines[-1] + piece).rstrip(), font=font) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines
