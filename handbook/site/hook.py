"""The MkDocs hook: the navigation, the words of templates and scripts, labs, a question's answer."""

import json
import pathlib

import mkdocs.utils
import mkdocs_jupyter.config
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from handbook import runtime
from handbook.book import navigation
from handbook.book.handbook import Handbook
from handbook.book.questions import Question, question_of
from handbook.languages import CONFIGURATIONS, PREFIXES
from handbook.mistakes import Mistake, Mistakes
from handbook.pages.labs import lab_files
from handbook.sandbox import drawings
from handbook.site import around, warn
from handbook.site.answers import spoken
from handbook.site.labs import LabPage, open_lab
from handbook.site.links import to_site
from handbook.site.search import shorten
from handbook.words import words

NOTEBOOKS = (".ipynb", ".py")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
MARKDOWN = mkdocs.utils.markdown_extensions  # .md and others, which MkDocs would take for pages
labs: dict[str, LabPage] = {}  # address → lab, of the build that is going on


def handbook_of(config) -> Handbook:
    """The handbook that MkDocs builds."""
    return Handbook.at(pathlib.Path(config.config_file_path).resolve().parent)


def language_of(config) -> str:
    """The language that MkDocs builds, whatever its theme is told."""
    name = pathlib.Path(config.config_file_path).name
    return next(language for language, file in CONFIGURATIONS.items() if file == name)


def on_config(config):
    """Put the questions into the navigation, and give the templates their words."""
    language = language_of(config)
    config.extra["words"] = words("template", language)
    if config.nav:
        config.nav = navigation.expand(config.nav, handbook_of(config), language)
    return config


@event_priority(100)  # before mkdocs-jupyter looks for notebooks
def on_files(files: Files, config) -> Files:
    """Add a notebook for each lab and the words for the scripts."""
    handbook, language = handbook_of(config), language_of(config)
    for check in CHECKS:
        for mistake in check(files, language):
            warn(mistake)
    labs.clear()
    for file in lab_files(handbook.root):
        path = file.relative_to(handbook.root).as_posix()
        if not (lab := open_lab(path, handbook, language)):
            continue
        lab.write()
        address = lab.page.address
        folder = str(lab.file.parents[1])
        files.append(File(address, folder, config.site_dir, use_directory_urls=True))
        labs[address] = lab
    # Where mkdocs-jupyter looks for templates; its options have no name for it.
    mkdocs_jupyter.config.settings.templates_dir = str(pathlib.Path(__file__).parent / "templates")
    said = json.dumps(words("browser", language), ensure_ascii=False, indent=1)
    content = f"export default {said};\n"
    files.append(File.generated(config, "assets/words.js", content=content))
    content = f"export default {json.dumps([*handbook.questions(language)])};\n"
    files.append(File.generated(config, "assets/questions.js", content=content))
    if runtime.runs(handbook.root) and not handbook.drafts:
        content = f"export default {json.dumps(drawings.FIGURE_STYLE, indent=1)};\n"
        files.append(File.generated(config, "assets/drawing.js", content=content))
        at_the_root = runtime.sources() if language == "zh" else {}  # for both
        for name, source in at_the_root.items():
            place = runtime.folder() + runtime.served(name)
            files.append(File.generated(config, place, abs_src_path=str(source)))
    return files


def no_notebook_by_hand(files: Files, language: str) -> list[Mistake]:
    """Notebooks and scripts below docs/ would be published as they are."""
    what = "this was not run before publication"
    remedy = "Write it as a lab, snippets/labs/….py, from which notebooks are made."
    return [
        Mistake(f"docs/{language}/{file.src_uri}", 1, what, remedy)
        for file in files
        if file.src_uri.endswith(NOTEBOOKS)
    ]


def no_other_page(files: Files, language: str) -> list[Mistake]:
    """What is no page and no picture would be published as it is, unread."""
    return [
        Mistake(f"docs/{language}/{file.src_uri}", 1, f"{file.src_uri} is no page here", remedy)
        for file in files
        if pathlib.PurePath(file.src_dir or "").parts[-2:] == ("docs", language)  # not the theme's
        and file.inclusion.is_included()
        and (remedy := _remedy(pathlib.PurePosixPath(file.src_uri)))
    ]


def _remedy(path: pathlib.PurePosixPath) -> str:
    """What to do with a file below docs/; "" if it may stand there."""
    if path.name.lower() == "readme.md":  # MkDocs would make it the index of its folder.
        return "Call it index.md."
    if path.suffix.lower() in MARKDOWN:
        return "" if path.suffix == ".md" else f"Call it {path.stem}.md."
    known = path.suffix.lower() in (*PICTURES, *NOTEBOOKS)
    return "" if known else f"Write a page, or a picture ({', '.join(PICTURES)})."


CHECKS = (
    no_notebook_by_hand,
    no_other_page,
)


def on_page_markdown(markdown: str, page: Page, config, files: Files) -> str:
    """Convert the cells of a lab."""
    lab = labs.get(page.file.src_uri)
    return lab.convert(page, config, files) if lab else markdown


def on_page_content(html: str, page: Page, config, files: Files) -> str:
    """Complete the page of a lab; give the template the answer of a question."""
    if lab := labs.get(page.file.src_uri):
        page.toc, page.meta = lab.toc, {**page.meta, **lab.page.meta}
        return lab.complete(html)
    if question := question_at(page, config):
        resolve = to_site(question.page, config.site_url or "")
        page.meta["answer"] = spoken(question, handbook_of(config), resolve)
    return html


def question_at(page: Page, config) -> Question | None:
    """The question that MkDocs builds, or None."""
    language = language_of(config)
    try:
        found = handbook_of(config).page(f"docs/{language}/{page.file.src_uri}", language)
    except Mistakes:  # named where the page is read
        return None
    return question_of(found)


def on_page_context(context: dict, page: Page, config, nav) -> dict:
    """Tell the template where the picture of a page stands."""
    return context | {"picture": around.picture(page.url)}


def on_post_page(output: str, page: Page, config) -> str:
    """Put the files to download next to the page of a lab."""
    if lab := labs.get(page.file.src_uri):
        folder = pathlib.Path(page.file.abs_dest_path).parent
        own = PREFIXES[language_of(config)]
        lab.write_downloads(folder, handbook_of(config).root, config.site_url.removesuffix(own))
    return output


@event_priority(-100)  # after the theme's plugin has written it
def on_post_build(config) -> None:
    """Shorten the search index."""
    file = pathlib.Path(config.site_dir) / "search" / "search_index.json"
    if file.exists():
        shorten(file)
