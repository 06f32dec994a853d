"""The form of a chapter, disabled until its script listens; without scripts it is not shown."""

import html
import json

from handbook.book.calculators import read
from handbook.book.handbook import Handbook
from handbook.pages.page import Page
from handbook.words import words


def calculator(page: Page, handbook: Handbook) -> list[str]:
    """The form; nothing where the page has none, which a check says."""
    found, language = read(page, handbook.root), page.language
    if found is None:
        return []
    said, first = words("page", language), found.starts[0]
    money = first.get("money", {}).get(language, "")
    decisions = {entry["name"]: entry["says"][language] for entry in found.decisions}
    parts = [f"<legend>{said['calculator']}</legend>"]
    if len(found.starts) > 1:
        options = "".join(_option(start, language) for start in found.starts)
        label = said["calculator start"]
        parts.append(f'<label>{label} <select name="start">{options}</select></label>')
    parts += [_input(entry, language, first["name"], money) for entry in found.inputs]
    rows = "".join(_result(entry, language, money) for entry in found.results)
    return [
        f'<form class="calculator" id="numbers" data-script="./{found.script}"'
        f' data-decisions="{_json(decisions)}" autocomplete="off" novalidate data-search-exclude>'
        f"<fieldset disabled>{''.join(parts)}</fieldset>"
        f'<p class="refused" id="refused" role="alert"></p>'
        f'<p class="decision"><output></output></p><dl>{rows}</dl><p class="kept">{said["calculator kept"]}</p></form>'
    ]


def _option(start: dict, language: str) -> str:
    money = html.escape(start.get("money", {}).get(language, ""), quote=True)
    label = html.escape(start["label"][language])
    return f'<option value="{start["name"]}" data-money="{money}">{label}</option>'


def _input(entry: dict, language: str, start: str, money: str) -> str:
    if "choices" in entry:
        return _choice(entry, language, start)
    step = "1" if entry.get("whole") else "any"
    return (
        f"<label><span>{html.escape(entry['label'][language])}</span> "
        f'<input type="number" name="{entry["name"]}" value="{entry["default"][start]}"'
        f' min="{entry["least"]}" max="{entry["most"]}" step="{step}"'
        f' data-defaults="{_json(entry["default"])}"> {_unit(entry, language, money)}</label>'
    )


def _choice(entry: dict, language: str, start: str) -> str:
    options = "".join(
        f'<option value="{number}"{" selected" * (number == entry["default"][start])}>'
        f"{html.escape(text)}</option>"
        for number, text in enumerate(entry["choices"][language])
    )
    return (
        f"<label><span>{html.escape(entry['label'][language])}</span> "
        f'<select name="{entry["name"]}" data-defaults="{_json(entry["default"])}">{options}</select></label>'
    )


def _result(entry: dict, language: str, money: str) -> str:
    none = html.escape(entry.get("none", {}).get(language, ""), quote=True)
    return (
        f"<div><dt>{html.escape(entry['label'][language])}</dt>"
        f'<dd data-result="{entry["name"]}" data-digits="{entry.get("digits", "")}" data-none="{none}">'
        f"<span></span> {_unit(entry, language, money)}</dd></div>"
    )


def _unit(entry: dict, language: str, money: str) -> str:
    unit = entry.get("unit", {}).get(language, "")
    shown = html.escape(unit.replace("{money}", money))
    return f'<small data-unit="{html.escape(unit, quote=True)}">{shown}</small>'


def _json(value: object) -> str:
    return html.escape(json.dumps(value, ensure_ascii=False), quote=True)
