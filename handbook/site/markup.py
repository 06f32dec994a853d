"""What a program gave, as HTML: output, figure, inline value, stamp."""

import html
import re
from collections.abc import Iterable

from handbook.pages.mutations import Mutation
from handbook.program import assert_at
from handbook.runs.records import Record
from handbook.words import words

# Below it the preview serves what no site has: this script, in a page with programs that have not run.
PREVIEW = "/-/"
WATCHING = f'<script type="module" src="{PREVIEW}programs.js"></script>'
PROPER_NAMES = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}


def output_html(text: str, label: str, unfold: str = "") -> str:
    """What a block printed, below it; `unfold` is what stands in the short form for a long one."""
    return (
        f'<div class="output" data-search-exclude><span class="output-label">{label}</span>{unfold}'
        f'<pre tabindex="0" aria-label="{label}"><samp>{html.escape(text)}</samp></pre></div>'
    )


def reading_html(language: str) -> str:
    """The choice between the short form of a page and all of it, disabled until a script listens."""
    said = words("page", language)
    choices = "".join(
        f'<button type="button" data-length="{name}" disabled>{said[name]}</button>'
        for name in ("short", "full")
    )
    label = f'role="group" aria-label="{said["reading"]}"'
    return f'<div class="reading" {label} data-search-exclude>{choices}</div>'


def unfold_html(text: str, folds: int) -> str:
    """What stands in the short form for what is folded: the `folds` blocks that follow, or an output."""
    return (
        f'<div class="unfold" data-folds="{folds}" data-search-exclude>'
        f'<button type="button" aria-expanded="false" disabled>{html.escape(text)}</button></div>'
    )


def unrun_html(key: str, language: str) -> str:
    """Where the output of a block would stand that has not run; the preview says what it waits for."""
    text = words("page", language)["unrun"]
    return f'<p class="unrun" data-program="{key}" data-search-exclude>{text}</p>'


def unrun_value_html(program: str) -> str:
    """An inline value of a program that has not run."""
    return f'<span class="value unrun" title="{html.escape(program, quote=True)}">…</span>'


def breaks_html(mutations: list[Mutation], code: str, first: int, language: str) -> str:
    """Which changes make the asserts of a block fail, to unfold below it.

    Args:
        mutations: those whose assert stands in the block and has stopped them.
        code: of the block.
        first: the line of the program's file on which it begins, from 1.
        language: of the page.
    """
    said = words("page", language)
    items = (
        f"<li><code>{html.escape(assert_at(code, mutation.guard - first + 1))}</code>"
        f"<del><code>{html.escape(mutation.old)}</code></del>"
        f"<ins><code>{html.escape(mutation.new)}</code></ins></li>"
        for mutation in mutations
    )
    return (
        f'<details class="breaks" data-search-exclude><summary>'
        f"{said['breaks'].format(count=len(mutations))}</summary>"
        f"<p>{said['breaks how']}</p><ul>{''.join(items)}</ul></details>"
    )


def figure_html(svg: str, alt: str, prefix: str) -> str:
    """What a block drew, below it; `prefix` keeps its ids apart from those of other drawings."""
    label = f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" '
    drawing = _own_ids(svg, prefix).replace("<svg ", label, 1)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    # Known before it is laid out, so that a browser may wait until the reader comes near.
    size = f"aspect-ratio: {width} / {height}; max-width: {width}pt"
    return f'<figure class="drawing" style="{size}" data-search-exclude>{drawing}</figure>'


def figure_prefix(record: Record, block: int, number: int) -> str:
    """What the ids of a block's figure begin with."""
    return f"{record.key[:6]}-{block}-{number}-"


def value_html(value: str, program: str) -> str:
    """An inline value, with the program that gave it."""
    return f'<span class="value" title="{html.escape(program, quote=True)}">{html.escape(value)}</span>'


def stamp_html(found: list[Record], language: str) -> str:
    """When a page's programs ran, how long, on what."""
    text = words("page", language)["stamp one" if len(found) == 1 else "stamp"].format(
        programs=len(found),
        seconds=sum(record.result.seconds for record in found),
        when=moment_html(max(record.ran_at for record in found)),
        versions=versions_of(found),
    )
    return f'<p class="stamp" data-search-exclude>{text}</p>'


def moment_html(moment: str) -> str:
    """A moment in ISO 8601, to the minute."""
    return f'<time datetime="{moment}">{moment[:16].replace("T", " ")}</time>'


def versions_of(found: Iterable[Record]) -> str:
    """The versions that the runs used; more than one of a package if records differ."""
    seen: dict[str, set[str]] = {}
    for record in found:
        for name, version in record.versions.items():
            seen.setdefault(name, set()).add(version)
    return " · ".join(
        f"{PROPER_NAMES.get(name, name)} {'/'.join(sorted(v))}" for name, v in seen.items()
    )


def _own_ids(svg: str, prefix: str) -> str:
    """Give the ids of a drawing a prefix, so that two drawings can stand on one page."""
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r"""url\((["']?|&quot;)#""", rf"url(\1#{prefix}", svg)
    return re.sub(r'href="#', f'href="#{prefix}', svg)
