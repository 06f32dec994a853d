"""All exports of a language, written into a finished site."""

import pathlib

from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES, site_of
from handbook.pages.page import Page
from handbook.pages.sections import without_marks
from handbook.site.exports import (
    assistants,
    decks,
    feeds,
    flat,
    pictures,
    questions,
    records,
    redirects,
    rounds,
)
from handbook.site.exports.history import Dates


def write(site: pathlib.Path, handbook: Handbook, language: str) -> None:
    """Write every export of a language.

    Args:
        site: the folder with the Chinese site, and the English one in `en/`.
        handbook: what it was built from.
        language: one of `languages.LANGUAGES`; programs and records, which both share, come with
            Chinese.

    Raises:
        Mistakes: the site has an address, and git cannot date its pages for the feed.
    """
    base = site_of(language, site)
    address = _address(base)
    dates = Dates(handbook.root, published=bool(address))
    pages = handbook.pages(language)
    written = [page for page in pages if not page.is_lab]
    if language == LANGUAGES[0]:
        for path, text in program_files(handbook, written).items():
            _write(site / path, text)
        records.write(site, handbook)
    for page in pages:
        for path, text in redirects.of(page).items():
            _write(base / path, text)
    for page in written:
        pieces = list(flat.pieces(page, handbook))
        _write(base / page.url / "index.md", flat.markdown(page, pieces, address))
        if page.programs:
            notebook = flat.notebook(page, pieces, address)
            _write(base / page.url / f"{page.stem}.ipynb", notebook)
    for question in handbook.questions(language).values():
        text = questions.as_json(question, handbook, address)
        _write(base / question.page.url / "question.json", text)
    for path, text in rounds.files(handbook, language).items():
        _write(base / path, text)
    decks.write(language, handbook, base, address, dates)
    _write(base / "llms.txt", assistants.llms(handbook, language, address))
    if address:  # A feed and a shared link name the site by its whole address.
        _write(base / "feed.xml", feeds.feed(language, written, address, dates))
        for page in pages:
            pictures.write(page, handbook, base)


def program_files(handbook: Handbook, pages: list[Page]) -> dict[str, str]:
    """Path below the site's root → text, for every program that a page shows whole."""
    files = {part.file for page in pages for p in page.programs for part in p.parts if part.section}
    return {
        file: without_marks((handbook.root / file).read_text("utf-8")) for file in sorted(files)
    }


def _write(file: pathlib.Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _address(base: pathlib.Path) -> str:
    """Where this language's site will stand, as its home page says; "" if it does not."""
    home = LexborHTMLParser((base / "index.html").read_text("utf-8"))
    link = home.css_first("link[rel=canonical]")
    return (link.attributes.get("href") or "") if link else ""
