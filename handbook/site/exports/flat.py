"""A page laid flat, tabs and notes unfolded: as Markdown for programs that read, and as a notebook."""

import dataclasses
import pathlib
import re
from collections.abc import Iterator

from handbook.book.handbook import Handbook
from handbook.pages import marks
from handbook.pages.page import Block, Page, Values
from handbook.site import links, notebooks
from handbook.words import words

CONTAINER = re.compile(r'^(?:\?\?\?\+?|!!!|===)(?: [\w-]+)*(?: "(?P<title>[^"]*)")?$')
SKIPPED = re.compile(r"^\s*(?:<!-- handbook:.*-->|</?div.*>)\s*$")


@dataclasses.dataclass(frozen=True)
class Piece:
    """A stretch of a page: text, or a block of code with what it gave."""

    text: str = ""
    block: Block | None = None
    output: str = ""


def pieces(page: Page, handbook: Handbook) -> Iterator[Piece]:
    """The page in order, includes expanded, values computed, tabs and notes laid flat."""
    text = page.text
    blocks = {block.fence.start: block for block in page.blocks}
    python = {i for b in page.blocks for i in range(b.fence.start, b.fence.end)}
    values = Values(page.values)
    depth, written = 0, []
    for index, line in enumerate(text.lines):
        while depth and line.strip() and not line.startswith("    " * depth):
            depth -= 1
        if block := blocks.get(index):
            yield Piece("\n".join(written))
            written = []
            record = handbook.record(block.program)
            output = record.result.outputs[block.index].rstrip() if record else ""
            yield Piece(block.fence.code, block, output)
        elif index in text.fenced:
            if index not in python:
                written.append(line[4 * depth :])
        elif SKIPPED.match(line):
            continue
        elif container := CONTAINER.match(line[4 * depth :]):
            depth += 1
            written.append(f"**{container['title']}**" if container["title"] else "")
        else:
            shown = values.put(
                line[4 * depth :], text.origins[index], lambda x: handbook.value(x) or ""
            )
            written.append(shown)
    yield Piece("\n".join(written))


def markdown(page: Page, found: list[Piece], address: str) -> str:
    """The page for programs that read: code with its output below it, figures told in words.

    Args:
        page: what `found` is made from.
        found: its pieces.
        address: where the site of its language will stand, or "".
    """
    said, parts = words("export", page.language), []
    output = words("page", page.language)["output"]
    for piece in found:
        if piece.block:
            parts.append(f"```python\n{piece.text.rstrip()}\n```")
            if piece.output:
                parts.append(f"{output}:\n\n```text\n{piece.output}\n```")
        elif text := marks.HEADING_ID.sub("", piece.text).strip():
            text = marks.FIGURE.sub(
                lambda x: x["prefix"] + said["figure"].format(**x.groupdict()), text
            )
            parts.append(links.in_markdown(text, page, links.to_markdown(page, address)))
    return "\n\n".join(parts) + "\n"


def notebook(page: Page, found: list[Piece], address: str) -> str:
    """The page to run in Jupyter, where links need the whole address.

    Args:
        page: what `found` is made from.
        found: its pieces.
        address: where the site of its language will stand, or "".
    """
    restart, several = words("export", page.language)["restart"], len(page.programs) > 1
    resolve = links.to_site(page, address)
    cells = []
    for number, piece in enumerate(found):
        if piece.block:
            if several and piece.block.index == 0:
                name = pathlib.PurePath(piece.block.program.name).name
                text = f"*{restart.format(name=name)}*"
                cells.append(notebooks.cell("markdown", text, f"program-{number}"))
            cells.append(notebooks.cell("code", piece.text.rstrip(), f"code-{number}"))
        elif text := notebooks.without_marks(piece.text, page, resolve):
            cells.append(notebooks.cell("markdown", text, f"text-{number}"))
    return notebooks.write(cells)
