"""The text of a page → the Python blocks a reader will see, and the programs they form.

Fences are found by the very code that renders them (pymdownx.superfences), on text in which
includes are expanded by the very code that expands them (pymdownx.snippets), so that what is
run and what is shown cannot differ in how Markdown is read.
"""

import ast
import dataclasses
import functools
import pathlib
import re

import markdown
import pygments.lexers
import pygments.util
import yaml
from pymdownx import snippets, superfences

INFO = re.compile(r'python(?:[ ]+(?:title|hl_lines|linenums)="[^"]*")*[ ]*')
FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*(?P<info>.*?)[ \t]*$")
INCLUDE = re.compile(
    r'^[ \t>]*-{1,}8<-{1,}[ \t]+"(?P<path>[^":]+\.py)(?::(?P<section>[\w-]+))?"\s*$'
)
MARKER = re.compile(r"^\s*# --8<-- \[(?P<kind>start|end):(?P<name>[\w-]+)\]\s*$")
CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
VALUE = re.compile(r"^\{python(?:[ ]+(?P<stem>[\w-]+))?\}[ ]+(?P<expression>.+)$")
FIGURE = re.compile(r"^(?P<prefix>[ \t>]*)!\[(?P<alt>[^\]]*)\]\(figure\)\s*$")
HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<text>.*?)(?:[ \t]+\{#(?P<id>[\w.-]+)\})?[ \t]*$")
TABLE_ROW = re.compile(r"^\s*\|(?P<cells>.*)\|\s*$")
ANNOTATED = re.compile(r"#\s*\(\d+\)!?")
FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


# libyaml's parser where it is there: six times as fast.
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PageError(Exception):
    """One or more mistakes in a page or a snippet, each `path:line: what. What to do.`"""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


@dataclasses.dataclass(frozen=True)
class Part:
    """A stretch of a program that is shown as one block.

    Attributes:
        code: the text that runs, as the reader sees it.
        file: the file it stands in, relative to the root, with `/`.
        line: the line of `file` on which `code` begins, from 1.
        section: its name in a snippet file, or None for code written in the page.
    """

    code: str
    file: str
    line: int
    section: str | None = None


@dataclasses.dataclass(frozen=True)
class Program:
    """What runs in one process: parts in order, then the expressions of inline values."""

    name: str
    parts: tuple[Part, ...]
    expressions: tuple[str, ...] = ()
    notebook: bool = False  # the parts are the cells of a lab, run by a Jupyter kernel


@dataclasses.dataclass(frozen=True)
class Block:
    """A Python fence of a page.

    Attributes:
        line: the page line of the opening fence, from 1.
        part: what runs.
        program: index into the page's programs.
        index: index of `part` in that program.
        figures: page lines of the `![…](figure)` lines that describe its figures.
    """

    line: int
    part: Part
    program: int
    index: int
    figures: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Value:
    """An inline value `{python} expression`, and the program that computes it."""

    line: int
    expression: str
    program: int


@dataclasses.dataclass(frozen=True)
class Fence:
    """A fenced block in a list of lines, as superfences reads it.

    Attributes:
        start: index of the opening line.
        end: index after the closing line.
        prefix: indentation and quote marks before the fence.
        language: the language superfences took from the opening line.
        code: the text between, without the prefix.
    """

    start: int
    end: int
    prefix: str
    language: str
    code: str


@dataclasses.dataclass(frozen=True)
class Page:
    """What the verification needs to know of one page, in one language.

    Attributes:
        path: the file, relative to the root, with `/`.
        language: one of `settings.LANGUAGES`.
        address: the page below docs/<language>, as links name it.
        meta: the front matter.
        body: text below the front matter.
        body_line: page line on which the body begins, from 1.
        lines: the lines of the body with its includes in place.
        fences: every fenced block of `lines`.
        headings: (line, level, id) of each heading.
        tables: (line, rows, columns) of each table.
    """

    path: str
    language: str
    address: str
    meta: dict[str, object]
    body: str
    body_line: int
    lines: tuple[str, ...]
    fences: tuple[Fence, ...]
    blocks: tuple[Block, ...]
    programs: tuple[Program, ...]
    values: tuple[Value, ...]
    headings: tuple[tuple[int, int, str], ...]
    tables: tuple[tuple[int, int, int], ...]


class _FenceFinder(superfences.SuperFencesBlockPreprocessor):
    """superfences' own search, keeping what it found in place of rendering it."""

    def __init__(self) -> None:
        md = markdown.Markdown(
            extensions=["pymdownx.highlight", "pymdownx.superfences", "attr_list"],
        )
        super().__init__(md)
        original = md.preprocessors["fenced_code_block"]
        self.config, self.extension = original.config, original.extension
        self.found: list[Fence] = []

    def process_nested_block(self, ws: str, content: str, start: int, end: int) -> None:
        self.found.append(
            Fence(start, end, self.ws, self.lang or "", self.rebuild_block(self.code))
        )
        self.clear()

    def find(self, lines: list[str]) -> list[Fence]:
        self.found = []
        self.run(lines)
        return self.found


@functools.cache
def _finder() -> _FenceFinder:
    return _FenceFinder()


def find_fences(lines: list[str]) -> list[Fence]:
    """Find every fenced block, at any depth, in lines whose includes are expanded."""
    return _finder().find(lines)


def end_of_annotations(lines: list[str], fence: Fence) -> int:
    """Index after a fence and, if its code has `# (1)!` marks, after the list that explains them."""
    if not ANNOTATED.search(fence.code):
        return fence.end
    depth = len(fence.prefix)
    end = at = fence.end
    in_list = False
    while at < len(lines):
        line = lines[at]
        rest = line[depth:] if line.startswith(fence.prefix) else line.lstrip("> \t")
        indented_enough = line.startswith(fence.prefix)
        if not rest.strip():
            at += 1
            continue
        if indented_enough and re.match(r"\d+\.\s", rest):
            in_list = True
        elif not (in_list and indented_enough and rest.startswith("    ")):
            break
        at += 1
        end = at
    return end


def _looks_like_python(language: str) -> bool:
    if language.lower().startswith(("py", "ipy")):
        return True
    try:
        name = pygments.lexers.get_lexer_by_name(language).name.lower()
    except pygments.util.ClassNotFound:
        return False
    return "python" in name or "numpy" in name


@functools.lru_cache(maxsize=512)
def _read_sections(text: str, file: str) -> dict[str, Part]:
    """Cut a snippet file at its section markers.

    Raises:
        PageError: the file is not valid Python, its markers do not pair up, or code stands
            outside every section.
    """
    sections: dict[str, tuple[int, int]] = {}
    errors: list[str] = []
    opened: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not (marker := MARKER.match(line)):
            continue
        name = marker["name"]
        if marker["kind"] == "start":
            if opened:
                errors.append(
                    f"{file}:{number}: section {name!r} starts inside section {opened[0]!r}. "
                    f"End {opened[0]!r} first with '# --8<-- [end:{opened[0]}]'."
                )
            if name in sections:
                errors.append(
                    f"{file}:{number}: a section {name!r} stands above already. Give it another name."
                )
            opened = (name, number)
        elif opened and opened[0] == name:
            sections[name] = (opened[1] + 1, number - 1)
            opened = None
        else:
            errors.append(
                f"{file}:{number}: section {name!r} ends here but does not start above. "
                f"Add '# --8<-- [start:{name}]'."
            )
    if opened:
        errors.append(
            f"{file}:{opened[1]}: section {opened[0]!r} has no end. "
            f"Add '# --8<-- [end:{opened[0]}]' where it ends."
        )
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise PageError(
            [f"{file}:{error.lineno}: this is not valid Python: {error.msg}. Correct the line."]
        ) from None
    for position, statement in enumerate(tree.body):
        if (
            position == 0
            and isinstance(statement, ast.Expr)
            and ast.get_docstring(tree) is not None
        ):
            continue
        first = min(
            [statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))]
        )
        last = statement.end_lineno or first
        if sections and not any(a <= first and last <= b for a, b in sections.values()):
            errors.append(
                f"{file}:{first}: this statement is in no section, so no page can show it. "
                "Move it into one section."
            )
    if errors:
        raise PageError(errors)
    lines = text.splitlines()
    return {
        name: Part("\n".join(lines[first - 1 : last]), file, first, name)
        for name, (first, last) in sections.items()
    }


class _Includes:
    """pymdownx.snippets, line by line, so that every expanded line knows its page line."""

    def __init__(self, root: pathlib.Path) -> None:
        md = markdown.Markdown()
        config = snippets.SnippetExtension(
            base_path=[str(root / "snippets")], check_paths=True
        ).getConfigs()
        self.preprocessor = snippets.SnippetPreprocessor(config, md)

    def expand(self, lines: list[str], path: str, first: int) -> tuple[list[str], list[int]]:
        expanded: list[str] = []
        origins: list[int] = []
        errors: list[str] = []
        for number, line in enumerate(lines, first):
            if re.match(r"^[ \t>]*-{1,}8<-{1,}\s*$", line):
                errors.append(
                    f"{path}:{number}: includes over several lines are not read. "
                    'Write each on one line: --8<-- "path.py:section".'
                )
                continue
            try:
                new = self.preprocessor.run([line]) if "8<-" in line else [line]
            except snippets.SnippetMissingError as error:
                errors.append(
                    f"{path}:{number}: this include was not found: {line.strip(' >')} ({error}). "
                    "Give a path below snippets/ and the name of a section in that file."
                )
                continue
            expanded.extend(new)
            origins.extend([number] * len(new))
        if errors:
            raise PageError(errors)
        return expanded, origins


def split_front_matter(text: str) -> tuple[str, str]:
    """Split a page into its front matter (without the dashes) and its body."""
    if match := FRONT_MATTER.match(text):
        return match[1], text[match.end() :]
    return "", text


def replace_values(line: str, replace) -> str:
    """Give every inline value of a line to `replace(stem, expression)`, which returns its text."""

    def one(match: re.Match) -> str:
        value = VALUE.match(match[2].strip()) if match[1] == "`" else None
        return replace(value["stem"], value["expression"].strip()) if value else match[0]

    return CODE_SPAN.sub(one, line)


def read_page(file: pathlib.Path, root: pathlib.Path) -> Page:
    """Read one page.

    Args:
        file: the Markdown file.
        root: the handbook's folder; messages name files relative to it.

    Raises:
        PageError: with every mistake found in the page.
    """
    path = file.relative_to(root).as_posix()
    raw = file.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        raise PageError(
            [f"{path}:1: the file begins with a byte order mark. Save it as UTF-8 without BOM."]
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PageError([f"{path}:{line}: the file is not UTF-8. Save it as UTF-8."]) from None
    text = text.replace("\r\n", "\n")
    stat = [(p, p.stat().st_mtime_ns) for p in sorted(_included_files(text, root))]
    _, language, address = path.split("/", 2)
    return parse(path, text, root, language, address, included=tuple(stat))


def _included_files(text: str, root: pathlib.Path) -> set[pathlib.Path]:
    found = {
        root / "snippets" / m["path"] for line in text.splitlines() if (m := INCLUDE.match(line))
    }
    return {file for file in found if file.is_file()}


@functools.lru_cache(maxsize=4096)
def parse(
    path: str,
    text: str,
    root: pathlib.Path,
    language: str,
    address: str,
    *,
    notebook: bool = False,
    included: tuple = (),
) -> Page:
    """Read the text of a page.

    Args:
        path: the file that messages name.
        text: the whole text; its lines are those of the file.
        root: the handbook's folder.
        language: one of `settings.LANGUAGES`.
        address: the page below docs/<language>.
        notebook: whether all blocks are one program, the cells of a notebook.
        included: what the included files depend on; another value reads them again.

    Raises:
        PageError: with every mistake found in the text.
    """
    header, body = split_front_matter(text)
    meta = _read_front_matter(header, path)
    first = text[: len(text) - len(body)].count("\n") + 1
    source = body.split("\n")
    lines, origins = _Includes(root).expand(source, path, first)
    fences = find_fences(lines)
    inside = {index for fence in fences for index in range(fence.start, fence.end)}
    errors = _misread_fences(lines, origins, inside, path)

    parts: list[tuple[int, Fence, Part]] = []
    for fence in fences:
        line = origins[fence.start]
        info = FENCE.match(lines[fence.start])["info"]
        if not _looks_like_python(fence.language):
            continue
        if not INFO.fullmatch(info):
            errors.append(
                f"{path}:{line}: {info!r} is not a way to mark a block here. Write ```python, "
                'optionally with title="…", hl_lines="…" or linenums="…"; for code that is not to '
                "run use ```text."
            )
            continue
        try:
            part = _part(fence, line, origins, source, first, path, root)
            syntax_of(part.code)
            parts.append((line, fence, part))
        except PageError as error:
            errors.extend(m for m in error.messages if m not in errors)
        except (SyntaxError, ValueError) as error:
            at = (getattr(error, "lineno", 1) or 1) + part.line - 1
            errors.append(
                f"{part.file}:{at}: this is not valid Python: {getattr(error, 'msg', error)}. "
                "Correct it, or use ```text for what is not to run."
            )

    figures, stray = _figures(lines, origins, inside, [fence for _, fence, _ in parts])
    errors += [
        f"{path}:{line}: this figure line stands under no Python block. Put it below the block "
        "that draws the figure."
        for line in stray
    ]
    grouped = _one_group if notebook else functools.partial(_group, path, root, errors)
    blocks, groups = grouped(parts, figures)
    values = _values(lines, origins, inside, blocks, groups, path, errors)
    if errors:
        raise PageError(sorted(set(errors), key=_by_line))
    programs = tuple(
        Program(
            name=path.removeprefix("snippets/") if notebook else _name(group, path),
            parts=tuple(group),
            expressions=tuple(sorted({v.expression for v in values if v.program == number})),
            notebook=notebook,
        )
        for number, group in enumerate(groups)
    )
    outside = [(origins[i], line) for i, line in enumerate(lines) if i not in inside]
    return Page(
        path=path,
        language=language,
        address=address,
        meta=meta,
        body=body,
        body_line=first,
        lines=tuple(lines),
        fences=tuple(fences),
        blocks=tuple(blocks),
        programs=programs,
        values=tuple(values),
        headings=tuple(
            (number, len(m["marks"]), m["id"] or "")
            for number, line in outside
            if (m := HEADING.match(line))
        ),
        tables=tuple(_tables(outside)),
    )


@functools.lru_cache(maxsize=16384)
def syntax_of(code: str) -> str:
    """The syntax tree of some code, without its comments and layout, as text.

    Raises:
        SyntaxError: the code is not valid Python.
        ValueError: it holds a null byte.
    """
    return ast.dump(ast.parse(code))


def _by_line(message: str) -> tuple[str, int]:
    file, line, _ = message.split(":", 2)
    return file, int(line)


def _name(group: list[Part], path: str) -> str:
    first = group[0]
    return first.file.removeprefix("snippets/") if first.section else f"{path}:{first.line - 1}"


def _read_front_matter(header: str, path: str) -> dict[str, object]:
    line = 1
    try:
        meta = yaml.load(header, YAML) or {}
        if isinstance(meta, dict):
            return meta
    except yaml.MarkedYAMLError as error:
        mark = error.context_mark or error.problem_mark  # Where an open quote began, if it did.
        line = (mark.line if mark else 0) + 2
    raise PageError(
        [f"{path}:{line}: the front matter is not YAML of the form 'name: value'. Correct it."]
    )


def _misread_fences(lines, origins, inside, path) -> list[str]:
    """Lines that look like fences but are not rendered as blocks."""
    return [
        f"{path}:{origins[index]}: this fence does not render as a block ({line.strip()!r}). "
        'Close it, and write its first line as ```python, optionally with title="…".'
        for index, line in enumerate(lines)
        if index not in inside and FENCE.match(line)
    ]


def _part(fence, line, origins, source, first, path, root) -> Part:
    """The part of a program that a fence shows: a section of a snippet, or its own text."""
    number = origins[fence.end - 1] - 1
    between = source[line - first + 1 : number - first + 1]
    written = [text for text in between if text.strip(" \t>")]
    includes = [match for text in written if (match := INCLUDE.match(text))]
    if not includes:
        return Part(fence.code, path, line + 1)
    if len(written) > 1:
        raise PageError(
            [
                f"{path}:{line}: this block mixes an include with other lines. "
                "Let a block hold one include, or code of its own."
            ]
        )
    name, section = includes[0]["path"], includes[0]["section"]
    file = root / "snippets" / name
    if section is None:
        raise PageError(
            [f"{path}:{line + 1}: this include names no section. Write {name}:section."]
        )
    sections = _read_sections(file.read_text("utf-8"), f"snippets/{name}")
    if section not in sections:
        raise PageError(
            [
                f"{path}:{line + 1}: the section {section!r} of snippets/{name} is not marked as sections "
                f"are here. Write '# --8<-- [start:{section}]' and '# --8<-- [end:{section}]' there."
            ]
        )
    return dataclasses.replace(sections[section], code=fence.code)


def _one_group(parts, figures) -> tuple[list[Block], list[list[Part]]]:
    """All blocks are one program."""
    described = zip(parts, figures, strict=True)
    blocks = [
        Block(line, part, 0, index, figure)
        for index, ((line, _, part), figure) in enumerate(described)
    ]
    return blocks, [[part for _, _, part in parts]] if parts else []


def _group(path, root, errors, parts, figures) -> tuple[list[Block], list[list[Part]]]:
    """Consecutive blocks of one snippet file are one program; every other block is one alone."""
    blocks: list[Block] = []
    groups: list[list[Part]] = []
    for (line, _, part), described in zip(parts, figures, strict=True):
        together = bool(groups and part.section and groups[-1][-1].file == part.file)
        if not together or any(part.section == p.section for p in groups[-1]):
            groups.append([])
        groups[-1].append(part)
        blocks.append(Block(line, part, len(groups) - 1, len(groups[-1]) - 1, described))
    for number, group in enumerate(groups):
        if not group[0].section:
            continue
        file = group[0].file
        expected = list(_read_sections((root / file).read_text("utf-8"), file))
        shown = [part.section for part in group]
        if shown != expected:
            line = next(block.line for block in blocks if block.program == number)
            errors.append(
                f"{path}:{line}: the page shows the sections {', '.join(shown)} of {file}, which has "
                f"{', '.join(expected)}. Show all of them, in that order, with no other program between."
            )
    return blocks, groups


def _figures(lines, origins, inside, fences) -> tuple[list[tuple[int, ...]], list[int]]:
    starts = [fence.start for fence in fences]
    described: list[list[int]] = [[] for _ in fences]
    stray = []
    for index, line in enumerate(lines):
        if index in inside or not FIGURE.match(line):
            continue
        above = [number for number, start in enumerate(starts) if start < index]
        (described[above[-1]] if above else stray).append(origins[index])
    return [tuple(figure) for figure in described], stray


def _values(lines, origins, inside, blocks, groups, path, errors) -> list[Value]:
    values: list[Value] = []

    def note(stem: str | None, expression: str) -> str:
        try:
            ast.parse(expression, mode="eval")
        except SyntaxError as error:
            errors.append(
                f"{path}:{line}: the inline value `{expression}` is not a Python expression: "
                f"{error.msg}. Correct it."
            )
            return ""
        if (program := program_of_value(stem, line, blocks, groups)) is None:
            what = f"a program named {stem!r}" if stem else "a program"
            errors.append(
                f"{path}:{line}: the inline value `{expression}` needs {what} on this page. "
                "Name the file of one of the page's snippets, without .py."
            )
        else:
            values.append(Value(line, expression, program))
        return ""

    for index, text in enumerate(lines):
        line = origins[index]
        if index not in inside:
            replace_values(text, note)
    return values


def program_of_value(stem: str | None, line: int, blocks, groups) -> int | None:
    """Which program an inline value on a page line belongs to.

    The one whose snippet file has the given stem; else the nearest above; else the first.
    """
    if stem:
        named = [
            n
            for n, g in enumerate(groups)
            if g[0].section and pathlib.PurePath(g[0].file).stem == stem
        ]
        return named[0] if named else None
    above = [block.program for block in blocks if block.line < line]
    return above[-1] if above else (0 if groups else None)


def _tables(outside):
    """(line, rows, columns) of each table: consecutive lines that begin and end with `|`."""
    start, rows, columns, last = 0, 0, 0, -1
    for number, line in [*outside, (10**9, "")]:
        row = TABLE_ROW.match(line)
        if row and rows and number == last + 1:
            rows += 1
        else:
            if rows > 1:
                yield start, rows, columns
            start, rows = number, 1 if row else 0
            columns = len(re.split(r"(?<!\\)\|", row["cells"])) if row else 0
        last = number
