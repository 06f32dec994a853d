"""The picture that a shared link shows: title, topic and name of the handbook."""

import functools
import hashlib
import importlib.metadata
import io
import json
import pathlib
import re
import shutil

from PIL import Image, ImageDraw, ImageFont

from handbook.book.handbook import Handbook
from handbook.book.questions import question_of
from handbook.files import write_whole
from handbook.pages.page import Page
from handbook.site import around
from handbook.words import words

CARD = {"size": (1200, 630), "paper": "#ffffff", "ink": "#1c2a26", "verified": "#0f5c4c"}


def write(page: Page, handbook: Handbook, base: pathlib.Path) -> None:
    """Put a page's picture into the site of its language.

    It is kept by what it says, for drawing takes a tenth of a second.
    """
    question = question_of(page)
    topics = handbook.topics.get(question.topic, {}) if question else {}
    topic, title = topics.get(page.language, ""), page.title
    said = json.dumps([title, topic, page.language, CARD])
    key = hashlib.sha256(said.encode()).hexdigest()[:24]
    kept = handbook.settings.made / "cards" / f"{key}.png"
    if not kept.is_file():
        picture = io.BytesIO()
        name = words("site", page.language)["name"]
        _draw(title, topic, name).save(picture, "PNG", optimize=True)
        write_whole(kept, picture.getvalue())
    target = base / around.picture(page.url)
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
