"""A snippet file, cut at its section markers, and whole as a reader takes it."""

import ast
import functools
from collections.abc import Iterator

from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.program import Part


@functools.lru_cache(maxsize=512)
def sections(text: str, file: str) -> dict[str, Part]:
    """The sections of a snippet file by name, in order.

    Args:
        text: its content.
        file: its path, relative to the root, as messages name it.

    Raises:
        Mistakes: the file is not valid Python, its markers do not pair up, or code stands outside
            every section.
    """
    spans, wrong = _spans(text, file)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        what = f"this is not valid Python: {error.msg}"
        raise Mistakes([Mistake(file, error.lineno or 1, what, "Correct the line.")]) from None
    wrong += _outside(tree, spans, file)
    if wrong:
        raise Mistakes(wrong)
    lines = text.splitlines()
    return {
        name: Part("\n".join(lines[first - 1 : last]), file, first, name)
        for name, (first, last) in spans.items()
    }


def _spans(text: str, file: str) -> tuple[dict[str, tuple[int, int]], list[Mistake]]:
    """First and last line of each section, and markers that do not pair up."""
    spans: dict[str, tuple[int, int]] = {}
    wrong: list[Mistake] = []
    opened: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if marks.ANY_INCLUDE.match(line):
            what = "a program includes nothing: what is shown would not be this file"
            wrong.append(Mistake(file, number, what, "Write the code here."))
        if not (marker := marks.SECTION.match(line)):
            continue
        name = marker["name"]
        if marker["kind"] == "start":
            if opened:
                what = f"section {name!r} starts inside section {opened[0]!r}"
                remedy = f"End {opened[0]!r} first with '# --8<-- [end:{opened[0]}]'."
                wrong.append(Mistake(file, number, what, remedy))
            if name in spans:
                what = f"a section {name!r} stands above already"
                wrong.append(Mistake(file, number, what, "Give it another name."))
            opened = (name, number)
        elif opened and opened[0] == name:
            spans[name] = (opened[1] + 1, number - 1)
            opened = None
        else:
            what = f"section {name!r} ends here but does not start above"
            wrong.append(Mistake(file, number, what, f"Add '# --8<-- [start:{name}]'."))
    if opened:
        what = f"section {opened[0]!r} has no end"
        remedy = f"Add '# --8<-- [end:{opened[0]}]' where it ends."
        wrong.append(Mistake(file, opened[1], what, remedy))
    return spans, wrong


def _outside(tree: ast.Module, spans: dict[str, tuple[int, int]], file: str) -> Iterator[Mistake]:
    """Statements that no page can show."""
    statements = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    for statement in statements:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(d.lineno for d in decorators)])
        last = statement.end_lineno or first
        if spans and not any(a <= first and last <= b for a, b in spans.values()):
            what = "this statement is in no section, so no page can show it"
            yield Mistake(file, first, what, "Move it into one section.")


def without_marks(text: str) -> str:
    """A program as a reader takes it: without the marks that cut it into sections."""
    kept: list[str] = []
    cut = False  # whether a mark was taken out since the last line of code
    for line in text.split("\n"):
        if marks.SECTION.match(line):
            cut = True
            while kept[-3:] == ["", "", ""]:
                kept.pop()
        elif line or not cut or kept[-2:] != ["", ""]:
            kept.append(line)
            cut = cut and not line
    return "\n".join(kept)
