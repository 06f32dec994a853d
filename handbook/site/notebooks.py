"""Notebooks in Jupyter's format: of a lab for mkdocs-jupyter, and of labs and pages to take away."""

import json
from collections.abc import Callable, Iterator

from handbook.pages import marks
from handbook.pages.labs import Lab
from handbook.pages.page import Page, Value, Values
from handbook.site import links
from handbook.site.links import Resolve

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write(cells: list[dict]) -> str:
    """A notebook as a file."""
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def cell(
    kind: str, text: str, id: str, metadata: dict | None = None, outputs: list[dict] | None = None
) -> dict:
    """A cell by nbformat's schema, which that library would check again for each one.

    Args:
        kind: `markdown` or `code`.
        text: its source.
        id: unique in the notebook.
        metadata: such as tags.
        outputs: of a code cell, in Jupyter's format.
    """
    made = {
        "cell_type": kind,
        "id": id,
        "metadata": metadata or {},
        "source": text.splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": outputs or []} if kind == "code" else {})


def without_marks(text: str, page: Page, resolve: Resolve) -> str:
    """Markdown as Jupyter reads it: no heading ids, and no links to pages that are not there."""
    text = marks.HEADING_ID.sub("", without_figures(text))
    return links.in_markdown(text, page, resolve).strip()


def without_figures(text: str) -> str:
    """Markdown without the lines that describe figures."""
    return "\n".join(line for line in text.split("\n") if not marks.FIGURE.match(line)).strip()


def lab_cells(
    lab: Lab,
    language: str,
    text_of: Callable[[Value], str],
    outputs: list[list[dict]] | None = None,
    address: str = "",
) -> Iterator[dict]:
    """The cells of a lab in one language.

    Args:
        lab: what they are made from.
        language: whose texts they have.
        text_of: what to write for an inline value.
        outputs: what each code cell gave; without it, the notebook is one to download: no
            outputs, and Markdown as Jupyter reads it.
        address: where the site of the language will stand, or "": what links of a notebook to
            download need.
    """
    page, number = lab.pages[language], 0
    resolve, values = links.to_site(page, address), Values(page.values)
    for made_from in lab.cells:
        id, answer = f"line-{made_from.line}", {"tags": ["answer"]} if made_from.answer else {}
        if made_from.language == language:
            written = enumerate(made_from.text.split("\n"), made_from.line + 1)
            shown = "\n".join(values.put(words, line, text_of) for line, words in written)
            shown = (
                without_marks(shown, page, resolve) if outputs is None else without_figures(shown)
            )
            if shown:
                yield cell("markdown", shown, id, answer)
        elif not made_from.language:
            hidden = {"jupyter": {"source_hidden": True}} if made_from.answer else {}
            given = outputs[number] if outputs else []
            yield cell("code", made_from.text, id, answer | hidden, given)
            number += 1
