"""The tables of the verification report, and the home page's one paragraph of it."""

import itertools
import json
import pathlib
import re

from handbook.book.handbook import Handbook
from handbook.checks import cases
from handbook.pages.page import Page
from handbook.program import asserts_of
from handbook.site.markup import moment_html, versions_of
from handbook.words import words


def summary(page: Page, handbook: Handbook) -> list[str]:
    """How much was verified, and when."""
    found = handbook.runs(page.language)
    if not found:
        return []
    parts = [part for run in found for part in run.program.parts]
    return [
        words("report", page.language)["summary"].format(
            pages=len({run.page.path for run in found}),
            programs=len(found),
            blocks=len(parts),
            asserts=sum(asserts_of(part.code) for part in parts),
            when=moment_html(max(run.record.ran_at for run in found)),
            versions=versions_of(run.record for run in found),
            report="about/verification.md",
        )
    ]


def longest(page: Page, handbook: Handbook) -> list[str]:
    """How long the longest program and the longest lab took, and how long they may."""
    took = {False: 0.0, True: 0.0}
    for run in handbook.runs(page.language):
        kind = run.program.notebook
        took[kind] = max(took[kind], run.record.result.cpu_seconds)
    limits = handbook.settings.limits
    said = words("report", page.language)["longest"]
    text = said.format(
        program=took[False],
        lab=took[True],
        most=limits.cpu_seconds,
        lab_most=limits.lab_cpu_seconds,
    )
    return [text] if any(took.values()) else []


def programs(page: Page, handbook: Handbook) -> list[str]:
    """Every program: page, processor seconds, seconds, peak memory, walls, when."""
    said, found = words("report", page.language), handbook.runs(page.language)
    total = said["total"].format(
        programs=len(found),
        seconds=sum(run.record.result.cpu_seconds for run in found),
        versions=versions_of(run.record for run in found),
    )
    lines = [total, *_mutations(page, handbook)]
    for address, of_page in itertools.groupby(found, key=lambda run: run.page.address):
        rows = list(of_page)
        anchor = re.sub(r"\W+", "-", address.rpartition(".")[0])
        lines += ["", f"### [{rows[0].page.title}](../{address}) {{#{anchor}}}", ""]
        lines += [said["programs"], "| :-- | --: | --: | --: | :-- | :-- |"]
        for run in rows:
            result = run.record.result
            walls = " + ".join(said[wall] for wall in result.walls) or said["no wall"]
            lines.append(
                f"| `{pathlib.PurePath(run.program.name).name}` | {result.cpu_seconds:.1f} "
                f"| {result.seconds:.1f} | {result.peak_mib} | {walls} | {run.record.ran_at[:10]} |"
            )
    return lines


def _mutations(page: Page, handbook: Handbook) -> list[str]:
    """How many claims were broken on purpose, and caught."""
    said, every = words("report", page.language), handbook.mutations()
    caught = sum(handbook.record(mutation.program) is not None for mutation in every)
    lines = ["", said["mutations"].format(caught=caught)] if caught else []
    if caught < len(every):
        lines += ["", said["mutations unseen"].format(unseen=len(every) - caught)]
    return lines


def fault_cases(page: Page, handbook: Handbook) -> list[str]:
    """The kinds of fault that the tests commit, with the message that each produced."""
    said = words("report", page.language)
    every = [cases.read(file) for file in cases.files(handbook.root)]
    seen = {case: message for case in every if (message := cases.load(case, handbook.root))}
    if not every:
        return []
    lines = [said["faults"].format(caught=len(seen))]
    if len(seen) < len(every):
        lines += ["", said["unseen"].format(unseen=len(every) - len(seen))]
    for group, title in words("faults", page.language).items():
        rows = [(case.title[page.language], seen[case]) for case in seen if case.group == group]
        if rows:
            lines += ["", f"### {title} ({len(rows)}) {{#faults-{group}}}", ""]
            lines += [said["fault"], "| :-- | :-- |"]
            lines += [
                f"| {_cell(what)} | <code>{_cell(message)}</code> |" for what, message in rows
            ]
    return lines


def benchmarks(page: Page, handbook: Handbook) -> list[str]:
    """What benchmarks/results.json says: the cost of verification next to that of other tools."""
    said, lines = words("report", page.language), []
    file = handbook.root / "benchmarks" / "results.json"
    parts = json.loads(file.read_text("utf-8"))["parts"] if file.is_file() else {}
    for part in parts.values():
        when = said["measured"].format(when=part["measured_on"], **part["machine"])
        lines += ["", when, "", said["benchmark"], "| :-- | --: | :-- | --: | :-- |"]
        lines += [_benchmark(row, page.language) for row in part["rows"]]
    return lines


def _benchmark(row: dict, language: str) -> str:
    said, other, ratio = words("report", language), "", ""
    if row["theirs"]:
        other = f"{_amount(row['theirs'], row['unit'])}<br>{row['against'][language]}"
        ratio = f"{row['ours'] / row['theirs']:.2f}"
    what = row["what"][language]
    if note := row["note"][language]:
        what += f"<br><small>{note}</small>"
    if goal := row["goal"][language]:
        goal = said["met" if row["met"] else "missed"].format(goal=goal)
    return f"| {what} | {_amount(row['ours'], row['unit'])} | {other} | {ratio} | {goal} |"


def _amount(value: float, unit: str) -> str:
    """A measured value with three significant digits and its unit."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}\N{NO-BREAK SPACE}{unit}".strip()


def _cell(text: str) -> str:
    """Text as it is, in a cell of a Markdown table."""
    return re.sub(r"[^\w\s,.:;/-]", lambda mark: f"&#{ord(mark[0])};", text)
