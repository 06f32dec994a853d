"""A lab is one source: both pages show what its cells gave, and both notebooks run as downloaded."""

import nbclient
import nbformat
import pytest

from handbook.languages import PREFIXES
from tests.support.handbooks import TinyHandbook, copy_of


@pytest.fixture(params=PREFIXES)
def language(request) -> str:
    return request.param


def downloaded(handbook: TinyHandbook, language: str):
    file = handbook.root / "site" / PREFIXES[language] / f"labs/light/light.{language}.ipynb"
    return nbformat.read(file, as_version=4)


def test_page_shows_text_output_figure_and_values_of_its_language(published_whole, language):
    html = published_whole.html(f"{PREFIXES[language]}labs/light/index.html")
    said = {
        "zh": ("一段话", "一共", "一条上升的线"),
        "en": ("A paragraph", "In all", "A rising line."),
    }
    other = "en" if language == "zh" else "zh"
    assert all(words in html for words in said[language])
    assert not any(words in html for words in said[other])
    assert "<samp>sum 7</samp>" in html and '<span class="value" title="labs/light.py">7<' in html
    assert f'aria-label="{said[language][2]}"' in html


def test_page_has_nothing_that_notebook_pages_bring(published_whole, language):
    html = published_whole.html(f"{PREFIXES[language]}labs/light/index.html")
    article = html[html.index("<article") : html.index("</article>")]
    assert not [x for x in ("<style", "<script", "jp-", "In [", "clipboard") if x in article]


def test_answers_are_folded_and_show_what_they_gave(published_whole, language):
    html = published_whole.html(f"{PREFIXES[language]}labs/light/index.html")
    start, end = html.index('<details class="success">'), html.index("</details>")
    assert "<samp>[2, 4, 8]</samp>" in html[start:end]


def test_search_finds_the_sections_of_a_lab(published_whole, language):
    index = published_whole.html(f"{PREFIXES[language]}search/search_index.json")
    assert "labs/light/#drawn" in index
    assert "In [" not in index and "¶" not in index


def test_downloaded_notebook_runs_and_gives_what_the_page_shows(published_whole, language):
    notebook = downloaded(published_whole, language)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=600, coalesce_streams=True).execute()
    printed = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    assert printed == ["sum 7\n", "[2, 4, 8]\n"]


def test_downloaded_notebook_is_clean(published_whole, language):
    notebook = downloaded(published_whole, language)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert "{#" not in text and "{python}" not in text
    assert f"]({published_whole.address}/{PREFIXES[language]}lessons/waves/)" in text
    assert ("一共 7。" if language == "zh" else "In all 7.") in text


def test_downloaded_script_is_the_source(published_whole, language):
    folder = published_whole.root / "site" / PREFIXES[language] / "labs/light"
    source = published_whole.root / "snippets/labs/light.py"
    assert (folder / "light.py").read_bytes() == source.read_bytes()


def test_comment_in_a_cell_runs_nothing_and_a_text_runs_nothing(published_whole, tmp_path):
    handbook = copy_of(published_whole, tmp_path)
    handbook.replace("snippets/labs/light.py", "# In all ", "# Altogether ")
    handbook.replace("snippets/labs/light.py", "brightness = [", "# Three.\nbrightness = [")
    assert "no program needs to run" in handbook.run().stdout


def test_lab_is_named_in_the_report(published_whole, language):
    report = published_whole.html(f"{PREFIXES[language]}about/verification/index.html")
    assert "light.py" in report and "../../labs/light/" in report
