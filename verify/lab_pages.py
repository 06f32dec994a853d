"""The MkDocs hook that gives mkdocs-jupyter the labs as notebooks, and the site's markup to them.

mkdocs-jupyter finds one notebook per lab, with the outputs of its record, and renders it with
verify/templates. The text of the cells is converted as on every other page; the styles and scripts
that mkdocs-jupyter brings for pages of its own are left out.
"""

import html
import logging
import pathlib
import re

import mkdocs_jupyter.config
import nbformat
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from nbconvert.exporters import templateexporter

from verify import labs, records, settings, showing
from verify.pages import FIGURE, PageError

# Under `mkdocs.`, or a strict build would not count the warnings.
log = logging.getLogger("mkdocs.handbook")

CUT = "<!-- cell {} -->"
TEXT = {
    "zh": {
        "answer": "看答案",
        "download": "下载",
        "notebooks": {"zh": "中文 notebook", "en": "English notebook"},
        "script": "Python 脚本",
    },
    "en": {
        "answer": "Show the answer",
        "download": "Download",
        "notebooks": {"zh": "中文 notebook", "en": "English notebook"},
        "script": "Python script",
    },
}


class Rendering:
    """One lab in one language, while MkDocs builds its page."""

    def __init__(self, lab: labs.Lab, language: str, record: records.Record) -> None:
        self.lab, self.language, self.record = lab, language, record
        self.page = lab.pages[language]
        self.program = self.page.programs[0]
        self.html: dict[str, str] = {}  # cell id → what its text or code becomes
        self.toc = None

    def notebook(self):
        """The notebook that mkdocs-jupyter renders, with the outputs of the record."""
        result = self.record.result
        lines = self.page.body.split("\n")
        outputs = {}
        for block in self.page.blocks:
            stream = {
                "output_type": "stream",
                "name": "stdout",
                "text": result.outputs[block.index],
            }
            figures = zip(result.figures[block.index], block.figures, strict=False)
            outputs[block.index] = [stream] if stream["text"].strip() else []
            outputs[block.index] += [
                {
                    "output_type": "display_data",
                    "data": {"image/svg+xml": drawing},
                    "metadata": {
                        "alt": FIGURE.match(lines[line - self.page.body_line])["alt"],
                        "prefix": f"{self.record.key[:6]}-{block.index}-{number}-",
                    },
                }
                for number, (drawing, line) in enumerate(figures)
            ]
        made = labs.notebook(self.lab, self.language, self._value_html, outputs)
        made.metadata["handbook"] = {"answer": TEXT[self.language]["answer"]}
        return made

    def _value_html(self, expression: str) -> str:
        return showing.value_html(self.record.result.values[expression], self.program.name)

    def cell(self, cell) -> str:
        """A cell as the other pages show text, code, outputs and figures."""
        label = showing.TEXT[self.language]["output"]
        shown = [self.html[cell.id]]
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                shown.append(showing.output_html(output.text.rstrip(), label))
            else:
                svg = output.data["image/svg+xml"]
                shown.append(
                    showing.figure_html(svg, output.metadata["alt"], output.metadata["prefix"])
                )
        return "\n".join(shown)

    def head(self) -> str:
        """The links to take the lab away."""
        words, name = TEXT[self.language], self.lab.name
        files = {f"{name}.{x}.ipynb": words["notebooks"][x] for x in settings.LANGUAGES}
        files[f"{name}.py"] = words["script"]
        links = " · ".join(
            f'<a href="{file}" download>{html.escape(label)}</a>' for file, label in files.items()
        )
        return f'<p class="downloads" data-search-exclude>{words["download"]}: {links}</p>'


def rendering(file: pathlib.Path, root: pathlib.Path, language: str) -> Rendering | None:
    """A lab with its record; None, and a warning that stops the build, if something is amiss."""
    try:
        lab = labs.read(file, root)
    except PageError as error:
        for message in error.messages:
            log.warning(message)
        return None
    known = settings.load(root)
    page = lab.pages[language]
    record = records.load(records.key_of(page.programs[0], known), known)
    if record is None:
        log.warning(f"{lab.path}:{page.blocks[0].line}: this lab has not been run. Run make site.")
        return None
    return Rendering(lab, language, record)


found: dict[str, Rendering] = {}


@event_priority(100)  # before mkdocs-jupyter looks for notebooks
def on_files(files: Files, config) -> Files:
    """Add a notebook for each lab; refuse notebooks that somebody put there by hand."""
    root = pathlib.Path(config.config_file_path).resolve().parent
    language = config.theme["language"]
    for file in files:
        if file.src_uri.endswith((".ipynb", ".py")):
            log.warning(
                f"docs/{language}/{file.src_uri}:1: this was not run before publication. Write it as "
                "a lab, snippets/labs/….py, from which notebooks are made."
            )
    folder = root / ".handbook" / "labs" / language
    found.clear()
    for file in labs.files(root):
        if not (made := rendering(file, root, language)):
            continue
        address = made.page.address
        target = folder / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(nbformat.writes(made.notebook()), "utf-8")
        files.append(File(address, str(folder), config.site_dir, use_directory_urls=True))
        found[address] = made
    mkdocs_jupyter.config.settings.templates_dir = str(
        pathlib.Path(__file__).with_name("templates")
    )
    return files


def on_page_markdown(markdown: str, page: Page, config, files: Files) -> str:
    """Convert the text and code of a lab's cells as those of any page, and keep them by cell."""
    made = found.get(page.file.src_uri)
    if made is None:
        return markdown
    cells = nbformat.read(page.file.abs_src_path, as_version=4).cells
    page.markdown = "\n\n".join(
        f"{CUT.format(cell.id)}\n\n"
        + (cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```")
        for cell in cells
    )
    Page.render(page, config, files)
    pieces = re.split(CUT.format(r"([\w-]+)"), page.content)[1:]
    made.html = dict(zip(pieces[::2], pieces[1::2], strict=True))
    made.toc = page.toc
    templateexporter.default_filters["as_on_other_pages"] = made.cell
    return page.markdown


def on_page_content(html: str, page: Page, config, files: Files) -> str:
    """Take away what mkdocs-jupyter adds below the cells, and add what every page has."""
    made = found.get(page.file.src_uri)
    if made is None:
        return html
    page.toc, page.meta = made.toc, {**page.meta, **made.page.meta}
    html = html.partition("<style>")[0].replace("</h1>", f"</h1>\n{made.head()}", 1)
    return html + showing.stamp_html([made.record], made.language)


def on_post_page(output: str, page: Page, config) -> str:
    """Put the files to download next to the page."""
    if made := found.get(page.file.src_uri):
        folder = pathlib.Path(page.file.abs_dest_path).parent
        folder.mkdir(parents=True, exist_ok=True)
        values = made.record.result.values
        for language in settings.LANGUAGES:
            clean = labs.notebook(made.lab, language, values.__getitem__)
            (folder / f"{made.lab.name}.{language}.ipynb").write_text(
                nbformat.writes(clean), "utf-8"
            )
        root = pathlib.Path(config.config_file_path).resolve().parent
        (folder / f"{made.lab.name}.py").write_bytes((root / made.lab.path).read_bytes())
    return output
