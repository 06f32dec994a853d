"""A block ran, and the page shows all that it gave."""

import dataclasses
from collections.abc import Iterator

from handbook.messages import told
from handbook.mistakes import Mistake
from handbook.pages.page import Block, Page
from handbook.runs.failures import explain
from handbook.sandbox.result import Result


def check_block(page: Page, block: Block, result: Result) -> list[Mistake]:
    """Everything wrong with one block.

    Args:
        page: the page it stands on.
        block: the block.
        result: what its program gave.
    """
    if result.failure and block.index == result.failed_part:
        mistake = explain(result.failure, block.program)
        if not block.part.section:
            return [mistake]
        where = told(f"(shown at {page.path}:{block.line})")
        below = filter(None, [mistake.below, where])
        return [dataclasses.replace(mistake, below="\n".join(below))]
    if result.failure and block.index > result.failed_part:
        what = "this block did not run, because one above it failed"
        return [Mistake(page.path, block.line, what, "Mend that one first.")]
    if block.index >= len(result.figures):
        return []
    return [mistake for check in CHECKS for mistake in check(page, block, result)]


def figures_are_described(page: Page, block: Block, result: Result) -> Iterator[Mistake]:
    """The page describes as many figures as the block draws."""
    drawn, described = len(result.figures[block.index]), len(block.figures)
    if drawn != described:
        what = f"this block draws {drawn} figures and the page describes {described}"
        remedy = "Below the block, write one line ![what the figure shows](figure) for each."
        yield Mistake(page.path, block.line, what, remedy)


def values_are_computed(page: Page, block: Block, result: Result) -> Iterator[Mistake]:
    """Every inline value of the program that ends here has a value."""
    if block.index < len(block.program.parts) - 1:
        return
    for value in page.values:
        if value.program == block.program and value.expression in result.value_errors:
            reason = result.value_errors[value.expression]
            what = f"the inline value `{value.expression}` failed: {reason}"
            yield Mistake(page.path, value.line, what, "Use names that the program defines.")
        elif value.program == block.program:
            if not result.value_after(value.part, value.expression).strip():
                what = f"the inline value `{value.expression}` is empty here"
                yield Mistake(page.path, value.line, what, "Show one that has something to show.")


CHECKS = (
    figures_are_described,
    values_are_computed,
)
