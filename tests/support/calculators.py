"""The forms of chapters, what their programs give for some inputs, and inputs to try."""

import dataclasses
import json
import random

from handbook.book.calculators import Calculator, read
from handbook.book.handbook import Handbook
from handbook.runs import executors
from handbook.settings import ROOT

PAGES = [
    page
    for page in Handbook.at(ROOT).pages("zh")
    if not page.is_lab and (ROOT / page.calculator).is_file()
]
CALCULATORS: dict[str, Calculator] = {page.stem: read(page, ROOT) for page in PAGES}
POINTS = 400

# What is put in, from the first start or the one that is named, and the decision: each is reached.
FLIPS = {
    "advantage": [
        ({}, "too short"),
        ({"fall": 4.9}, "model"),
        ({"dearer": 9.1}, "model"),
        ({"needed": 8}, "model"),
        ({"own": 4}, "own"),
        ({"line": 3}, "own"),
        ({"line": 14}, "no lead"),
        ({"model": 0.5}, "no lead"),
        ({"model": 2, "dearer": 9.1}, "model"),
        ({"model": 2, "dearer": 9.1, "rival": 11}, "too short"),
        ({"start": "own"}, "own"),
        ({"start": "own", "fall": 900}, "own"),
        ({"start": "own", "rival": 11}, "too short"),
        ({"start": "own", "own": 3.9}, "too short"),
    ],
    "agents-and-rag": [
        ({}, "by step"),
        ({"again": 5}, "retry"),
        ({"again": 55}, "retry"),
        ({"again": 57}, "by step"),
        ({"steps": 18}, "retry"),
        ({"misses": 4.5}, "retry"),
        ({"harm": 27}, "retry"),
        ({"person": 6.6}, "retry"),
        ({"right": 96}, "retry"),
        ({"alarms": 2}, "by step"),
        ({"harm": 58}, "too little"),
        ({"attempt": 0.5}, "person"),
        ({"harm": 60, "misses": 17}, "person"),
        ({"steps": 5, "again": 90, "alarms": 0, "misses": 20, "harm": 60}, "one try"),
        ({"right": 99.9, "alarms": 50, "misses": 50, "again": 90}, "unchecked"),
        ({"start": "yuan"}, "by step"),
        ({"start": "yuan", "attempt": 0.15}, "too little"),
        ({"start": "yuan", "again": 46}, "retry"),
    ],
    "api-or-self-host": [
        ({}, "own GPUs"),
        ({"gpu_hour_price": 4.5}, "API"),
        ({"requests": 40}, "API"),
        ({"requests": 40, "gpu_hour_price": 2}, "own GPUs"),
        ({"peak_to_average": 3.5}, "API"),
        ({"people_per_month": 8000}, "API"),
        ({"spare_gpus": 3}, "API"),
        ({"requests_per_second": 23.58}, "API"),
        ({"per_thousand": 0.0256}, "API at any traffic"),
        ({"start": "yuan"}, "own GPUs"),
        ({"start": "yuan", "gpu_hour_price": 13}, "API"),
        ({"start": "yuan", "gpu_hour_price": 20}, "API at any traffic"),
    ],
    "compliance": [
        ({}, "register"),
        ({"cash": 9}, "register"),
        ({"cash": 8.9}, "inside first"),
        ({"paid": 6}, "register"),
        ({"paid": 6.1}, "inside first"),
        ({"model": 1}, "leave it unchanged"),
        ({"model": 2}, "leave it unchanged"),
        ({"model": 1, "cash": 13}, "file"),
        ({"model": 1, "paid": 2}, "file"),
        ({"model": 1, "cash": 8.9}, "inside first"),
        ({"china_users": 2}, "ask"),
        ({"china_users": 1}, "inside"),
        ({"china_users": 0}, "nothing"),
        ({"eu_users": 2}, "register"),
        ({"start": "europe"}, "Europe by steps"),
        ({"start": "europe", "eu_users": 0}, "nothing"),
        ({"start": "europe", "placed": 3}, "Europe at once"),
        ({"start": "europe", "placed": 0, "model": 2}, "Europe by steps"),
        ({"start": "europe", "placed": 3, "eu_users": 2}, "Europe by steps"),
        ({"start": "europe", "placed": 4, "eu_users": 2}, "Europe at once"),
        ({"start": "europe", "placed": 4, "eu_users": 3}, "Europe by steps"),
        (
            {"start": "europe", "placed": 5, "eu_users": 3, "turnover": 600, "small": 0},
            "Europe at once",
        ),
    ],
    "data": [
        ({}, "screen"),
        ({"prevalence": 10}, "as they come"),
        ({"prevalence": 0.15}, "more records"),
        ({"recall": 30}, "screen leaks"),
        ({"false_alarms": 80}, "as they come"),
        ({"label": 0.05}, "as they come"),
        ({"scan": 2000}, "as they come"),
        ({"build": 70_000}, "as they come"),
        ({"needed": 7}, "as they come"),
        ({"needed": 450}, "screen leaks"),
        ({"records": 35_000}, "screen leaks"),
        ({"records": 30_000}, "more records"),
        ({"start": "yuan"}, "screen"),
        ({"start": "yuan", "label": 0.1}, "as they come"),
    ],
    "evaluation": [
        ({}, "ship"),
        ({"wins": 22, "losses": 10}, "ship"),
        ({"wins": 21, "losses": 11}, "more questions"),
        ({"wins": 21, "losses": 11, "gap": 6}, "do not ship"),
        ({"wins": 21, "losses": 11, "questions": 400}, "do not ship"),
        ({"wins": 8, "losses": 24}, "do not ship"),
        ({"looks": 9}, "ship"),
        ({"looks": 20}, "more questions"),
        ({"line": 2}, "more questions"),
        ({"wins": 6, "losses": 0}, "ship"),
        ({"wins": 5, "losses": 0}, "fewer than six"),
        ({"wins": 305}, "impossible"),
        ({"start": "cheaper"}, "ship"),
        ({"start": "cheaper", "questions": 1000}, "more questions"),
        ({"start": "cheaper", "wins": 86, "losses": 110}, "do not ship"),
    ],
    "wedge": [
        ({}, "run them"),
        ({"can_run": 10}, "too many"),
        ({"good": 50}, "too many"),
        ({"good": 40}, "too close"),
        ({"good": 50, "can_run": 24}, "run them"),
        ({"risk": 5}, "too many"),
        ({"cost": 3000}, "never pays"),
        ({"contribution": 130}, "never pays"),
        ({"months": 4}, "never pays"),
        ({"months": 7}, "too close"),
        ({"each": 5}, "run them"),
        ({"each": 5, "alike": 5}, "too many"),
        ({"each": 40, "alike": 20}, "too close"),
        ({"start": "friends"}, "too many"),
        ({"start": "friends", "can_run": 21}, "run them"),
        ({"start": "friends", "each": 1}, "run them"),
        ({"start": "friends", "alike": 0.5}, "run them"),
    ],
    "runway": [
        ({}, "raise"),
        ({"cash": 2_100_000}, "go on"),
        ({"cash": 800_000}, "cut and raise"),
        ({"cash": 400_000}, "stop"),
        ({"costs": 97_000}, "go on"),
        ({"sales": 41_000}, "go on"),
        ({"growth": 11}, "go on"),
        ({"margin": 75}, "go on"),
        ({"term": 0}, "go on"),
        ({"gate": 6}, "raise"),
        ({"raising": 18}, "cut"),
        ({"start": "companies"}, "cut and raise"),
        ({"start": "companies", "sales": 40_000}, "raise"),
        ({"start": "companies", "sales": 200_000}, "stop"),
        ({"start": "companies", "term": 3}, "raise"),
        ({"start": "companies", "raising": 4}, "raise"),
        ({"start": "public"}, "raise"),
        ({"start": "public", "gate": 7}, "go on"),
    ],
    "unit-economics": [
        ({}, "sell"),
        ({"minutes": 0.5}, "under the floor"),
        ({"hour": 37}, "under the floor"),
        ({"accepted": 56}, "under the floor"),
        ({"try_cost": 0.06}, "sell"),
        ({"try_cost": 0.07}, "under the floor"),
        ({"price": 0.33}, "each one loses"),
        ({"minutes": 1.3}, "each one loses"),
        ({"volume": 570}, "too slow"),
        ({"win": 7000}, "too slow"),
        ({"term": 4}, "too slow"),
        ({"start": "yuan"}, "sell"),
        ({"start": "yuan", "term": 3}, "sell"),
        ({"start": "yuan", "term": 4}, "too slow"),
        ({"start": "yuan", "price": 2.0}, "under the floor"),
    ],
}


def asked_of_the_program(name: str, *expressions: str) -> list:
    """What some expressions come to at the end of the program of a form, behind the walls."""
    page = next(page for page in PAGES if page.stem == name)
    program = next(x for x in page.programs if x.parts[0].file == CALCULATORS[name].program)
    asked = tuple(f"__import__('json').dumps({x})" for x in expressions)
    program = dataclasses.replace(program, expressions=asked)
    known = Handbook.at(ROOT).settings
    with executors.open_executor("", [program], known) as (_, run, _how):
        result = run(program, "asked")
    assert result.ran, (result.failure, result.value_errors)
    return [json.loads(result.value_after(len(program.parts) - 1, x)) for x in asked]


def defaults(name: str, start: str) -> dict[str, float]:
    return {entry["name"]: entry["default"][start] for entry in CALCULATORS[name].inputs}


def grid(name: str) -> list[dict[str, float]]:
    """The defaults, each input at its bounds, and many mixtures of bounds and of what lies between."""
    chance, found = random.Random(0), CALCULATORS[name]
    points = []
    for start in found.starts:
        base = defaults(name, start["name"])
        points.append(base)
        for entry in found.inputs:
            points += [base | {entry["name"]: entry[bound]} for bound in ("least", "most")]
        for _ in range(POINTS // len(found.starts)):
            some = chance.sample(found.inputs, chance.randint(1, len(found.inputs)))
            points.append(base | {x["name"]: _between(chance, x, base[x["name"]]) for x in some})
    return points


def _between(chance: random.Random, entry: dict, default: float) -> float:
    """Mostly near the default, where decisions flip; sometimes anywhere."""
    wide = chance.uniform(entry["least"], entry["most"])
    near = default * chance.uniform(0.3, 3) or chance.uniform(-5, 5)
    value = chance.choice([near, near, near, wide, entry["least"], entry["most"]])
    value = min(max(value, entry["least"]), entry["most"])
    return round(value) if entry.get("whole") else round(value, 6)
