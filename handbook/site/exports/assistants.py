"""The site for assistants: llms.txt, by the convention of llmstxt.org."""

from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from handbook.book import navigation
from handbook.book.handbook import Handbook
from handbook.languages import CONFIGURATIONS
from handbook.pages.page import Page
from handbook.words import words


def llms(handbook: Handbook, language: str, address: str) -> str:
    """What there is to read, in the order and under the headings of the navigation.

    Args:
        handbook: whose pages.
        language: of the pages and the headings.
        address: where the site of the language will stand, or "".
    """
    said = words("site", language)
    pages = {page.address: page for page in handbook.pages(language)}
    entries = navigation.expand(_written(handbook, language), handbook, language)
    lines = [f"# {said['name']}", "", f"> {said['summary']}"]
    for titles, addresses in _sections(entries, ()):
        named = [pages.pop(x) for x in addresses if x in pages]
        heading = " · ".join(titles) or said["name"]
        lines += ["", f"## {heading}", "", *(_line(page, address) for page in named)]
    if pages:  # A navigation that is not written has all pages.
        lines += ["", *(_line(page, address) for page in pages.values())]
    return "\n".join(lines) + "\n"


def _written(handbook: Handbook, language: str) -> list:
    """The navigation as mkdocs.yml has it; none if it leaves that to MkDocs."""
    file = handbook.root / CONFIGURATIONS[language]
    with file.open(encoding="utf-8") as opened:
        loader = get_yaml_loader(config=MkDocsConfig(config_file_path=str(file)))
        return yaml_load(opened, loader).get("nav") or []


def _sections(
    entries: list, titles: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Titles from the top down and the pages below the last of them, for each section."""
    named = [("", x) if isinstance(x, str) else next(iter(x.items())) for x in entries]
    if pages := [inside for _, inside in named if isinstance(inside, str)]:
        yield titles, pages
    for title, inside in named:
        if isinstance(inside, list):
            yield from _sections(inside, (*titles, title))


def _line(page: Page, address: str) -> str:
    file = page.url if page.is_lab else f"{page.url}index.md"
    return f"- [{page.title}]({address}{file}): {page.meta['description']}"
