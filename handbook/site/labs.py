"""Labs as mkdocs-jupyter finds and renders them: notebooks with recorded outputs and our markup.

The text and the code of the cells are converted as on every other page, and what a cell becomes
stands in its metadata, where the templates beside this file print it. The styles and scripts that
mkdocs-jupyter brings for pages of its own are left out.
"""

import pathlib
import re

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES, PREFIXES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages import marks
from handbook.pages.page import Value
from handbook.runs.records import Record
from handbook.sandbox.result import Result
from handbook.site import around, markup, notebooks, warn
from handbook.words import words

CUT = "<!-- cell {} -->"


class LabPage:
    """One lab in one language, while MkDocs builds its page.

    Attributes:
        file: the notebook that mkdocs-jupyter renders.
    """

    def __init__(self, path: str, handbook: Handbook, language: str, record: Record | None) -> None:
        self.lab, self.language, self.record = handbook.lab(path), language, record
        self.page = self.lab.pages[language]
        self.key = handbook.key(self.page.programs[0])
        self.file = handbook.settings.made / "labs" / language / self.page.address
        self.cells = list(notebooks.lab_cells(self.lab, language, self._value, self._recorded()))

    def _recorded(self) -> list[list[dict]]:
        """What each cell gave; nothing as long as the lab has not run."""
        return _outputs_of(self.record.result) if self.record else [[] for _ in self.page.blocks]

    def _value(self, value: Value) -> str:
        name = value.program.name
        return (
            markup.value_html(self._text(value), name)
            if self.record
            else markup.unrun_value_html(name)
        )

    def _text(self, value: Value) -> str:
        return self.record.result.value_after(value.part, value.expression)

    def write(self) -> None:
        """Write the notebook, as far as it is known what its cells become."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(notebooks.write(self.cells), "utf-8")

    def convert(self, page: MkDocsPage, config, files: Files) -> str:
        """Convert the cells as the text and the code of any page, and write what they become.

        Returns:
            The Markdown of all cells, for the search index.
        """
        page.markdown = "\n\n".join(map(_as_markdown, self.cells))
        MkDocsPage.render(page, config, files)
        self.toc = page.toc
        pieces = re.split(CUT.format(r"([\w-]+)"), page.content)[1:]
        html = dict(zip(pieces[::2], pieces[1::2], strict=True))
        answer = words("page", self.language)["answer"]
        number = 0
        for cell in self.cells:
            shown = [html[cell["id"]]]
            if cell["cell_type"] == "code":
                shown += self._outputs(number)
                number += 1
            cell["metadata"] |= {"handbook": {"html": "\n".join(shown), "answer": answer}}
        self.write()
        return page.markdown

    def _outputs(self, number: int) -> list[str]:
        """What a code cell printed and drew, as the other pages show it."""
        if not self.record:
            return [markup.unrun_html(self.key, self.language)]
        block, result = self.page.blocks[number], self.record.result
        shown = []
        if printed := result.outputs[number].rstrip():
            shown.append(markup.output_html(printed, words("page", self.language)["output"]))
        for at, (svg, line) in enumerate(zip(result.figures[number], block.figures, strict=False)):
            described = marks.FIGURE.match(self.page.text.source[line - self.page.text.first])
            prefix = markup.figure_prefix(self.record, number, at)
            shown.append(markup.figure_html(svg, described["alt"], prefix))
        return shown

    def complete(self, html: str) -> str:
        """Take away what mkdocs-jupyter adds below the cells, and add what every page has."""
        if not self.record:
            return html.partition("<style>")[0] + markup.WATCHING
        said, name = words("page", self.language), self.lab.name
        files = {f"{name}.{x}.ipynb": said[f"notebook {x}"] for x in LANGUAGES}
        links = around.downloads_html(files | {f"{name}.py": said["script"]})
        text = said["label"].format(name=said["download"], text=links)
        head = f'<p class="downloads" data-search-exclude>{text}</p>'
        html = html.partition("<style>")[0].replace("</h1>", f"</h1>\n{head}", 1)
        return html + markup.stamp_html([self.record], self.language)

    def write_downloads(self, folder: pathlib.Path, root: pathlib.Path, address: str) -> None:
        """Put the files to take away next to the page.

        Args:
            folder: where the page stands.
            root: the handbook's folder.
            address: where the whole site will stand, or "".
        """
        if not self.record:
            return
        folder.mkdir(parents=True, exist_ok=True)
        for language in LANGUAGES:
            base = address and address + PREFIXES[language]
            cells = notebooks.lab_cells(self.lab, language, self._text, address=base)
            file = folder / f"{self.lab.name}.{language}.ipynb"
            file.write_text(notebooks.write(list(cells)), "utf-8")
        (folder / f"{self.lab.name}.py").write_bytes((root / self.lab.path).read_bytes())


def _as_markdown(cell: dict) -> str:
    source = "".join(cell["source"])
    text = source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```"
    return f"{CUT.format(cell['id'])}\n\n{text}"


def _outputs_of(result: Result) -> list[list[dict]]:
    """What each cell gave, in Jupyter's format."""
    given = []
    for printed, drawings in zip(result.outputs, result.figures, strict=True):
        stream = {"output_type": "stream", "name": "stdout", "text": printed}
        shown = [{"image/svg+xml": svg} for svg in drawings]
        given.append([stream] if printed.strip() else [])
        given[-1] += [
            {"output_type": "display_data", "data": data, "metadata": {}} for data in shown
        ]
    return given


def open_lab(path: str, handbook: Handbook, language: str) -> LabPage | None:
    """A lab with its record, or a draft without one; None, and a warning that stops the build, if something is amiss."""
    try:
        page = handbook.page(path, language)
    except Mistakes as error:
        for mistake in error.found:
            warn(mistake)
        return None
    record = handbook.record(page.programs[0])
    if record is None and not handbook.drafts:
        what = "this lab has not been run"
        warn(Mistake(path, page.blocks[0].line, what, "Run make site."))
        return None
    return LabPage(path, handbook, language, record)
