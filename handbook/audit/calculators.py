"""The forms of pages against their lists."""

import json
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from handbook.audit.documents import Document, Site
from handbook.book.calculators import Calculator, read
from handbook.languages import PREFIXES
from handbook.mistakes import Mistake

PARTS = "fieldset, legend, option, output, select, input[type=number]"
CHOICE = "select:not([name=start])"


def forms_are_those_of_the_lists(document: Document, site: Site) -> Iterator[Mistake]:
    """A form, and what only a form holds, is that of the page's list, and the site has its script."""
    page, forms = document.page, document.tree.css("article form")
    found = read(page, site.handbook.root) if page else None
    listed = [_as_listed(found, page.language)] if found else []
    alone = len(document.tree.css(f"article :is({PARTS}):not(form :is({PARTS}))"))
    if alone or [*map(_as_shown, forms)] != listed:
        what = "the page shows another form than its list has"
        remedy = "Take raw HTML out; a form is made from calculator.yml."
        yield Mistake(document.source, document.line("<form"), what, remedy)
    elif found and f"{PREFIXES[site.language]}assets/{found.script}" not in site.files:
        what = f"the site lacks the script {found.script} of this form"
        yield Mistake(document.source, document.line("handbook:calculator"), what, "Run make site.")


CHECKS = (forms_are_those_of_the_lists,)


def _as_listed(found: Calculator, language: str) -> tuple:
    decisions = {entry["name"]: entry["says"][language] for entry in found.decisions}
    numbers = [x for x in found.inputs if "choices" not in x]
    choices = [x for x in found.inputs if "choices" in x]
    return (
        f"./{found.script}",
        _json(decisions),
        [(x["name"], str(x["least"]), str(x["most"]), _json(x["default"])) for x in numbers],
        [(x["name"], _json(x["default"])) for x in choices],
        [text for x in choices for text in x["choices"][language]],
        [(x["name"], str(x.get("digits", ""))) for x in found.results],
        [x["label"][language] for x in (*found.inputs, *found.results)],
    )


def _as_shown(form: LexborNode) -> tuple:
    return (
        form.attributes.get("data-script"),
        form.attributes.get("data-decisions"),
        _each(form, "input", "name", "min", "max", "data-defaults"),
        _each(form, CHOICE, "name", "data-defaults"),
        [node.text() for node in form.css(f"{CHOICE} option")],
        _each(form, "dd", "data-result", "data-digits"),
        [node.text() for node in form.css("label > span, dt")],
    )


def _each(form: LexborNode, selector: str, *names: str) -> list[tuple]:
    return [tuple(node.attributes.get(x) for x in names) for node in form.css(selector)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
