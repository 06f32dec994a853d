"""Links in what is taken away lead to the site, to other Markdown, or are words."""

import urllib.parse

import pytest

from handbook.book.handbook import Handbook
from handbook.site import links
from tests.support.handbooks import written

BASE = "https://x.org/en/"
ODD = "questions/sums/odd-numbers/"
# Written in docs/en/questions/sums/even-numbers.md: the words, where it leads on the site and, if
# that is another file, among the Markdown files.
CASES = {
    "page": ("[a](odd-numbers.md)", "a", ODD, f"{ODD}index.md"),
    "anchor": ("[a](odd-numbers.md#why)", "a", f"{ODD}#why", None),
    "own anchor": ("[a](#why)", "a", "questions/sums/even-numbers/#why", None),
    "index": ("[a](../index.md)", "a", "questions/", "questions/index.md"),
    "home": ("[a](../../index.md)", "a", "", "index.md"),
    "lab": ("[a](../../labs/light.ipynb)", "a", "labs/light/", None),
    "labs": ("[a](../../labs/index.md)", "a", "labs/", "labs/index.md"),
    "code in it": ("[`a` b](odd-numbers.md)", "`a` b", ODD, f"{ODD}index.md"),
    "over lines": ("[a\nb](odd-numbers.md)", "a\nb", ODD, f"{ODD}index.md"),
    "title": ('[a](odd-numbers.md "t")', "a", ODD, f"{ODD}index.md"),
    "raw page": ('<a href="../odd-numbers/" download>a</a>', "a", ODD, f"{ODD}index.md"),
    "raw file": ('<a class="x" href="../../a.apkg">a</a>', "a", "questions/a.apkg", None),
}
KEPT = [
    "[a](https://example.org/b)",
    "[a](mailto:a@example.org)",
    "`f[0](x.md)`",
    "`` `[a](b.md)` ``",
    "$[a](b)$",
    "```text\n[a](b.md)\n\n[c](d.md)\n```",
    "~~~\n[a](b.md)\n\n[c](d.md)\n~~~",
    "![a](figure)",
    '<a href="https://example.org/">a</a>',
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    root = written(tmp_path_factory.mktemp("links") / "handbook")
    return Handbook(root).page("docs/en/questions/sums/even-numbers.md", "en")


@pytest.mark.parametrize("name", CASES)
def test_link_leads_where_the_copy_needs_it(page, name):
    text, words, on_site, markdown = CASES[name]
    markdown = on_site if markdown is None else markdown

    def led(resolve) -> str:
        return links.in_markdown(f"one {text} two", page, resolve)

    assert led(links.to_site(page, BASE)) == f"one [{words}]({BASE}{on_site}) two"
    assert led(links.to_site(page, "")) == f"one {words} two"
    assert led(links.to_markdown(page, BASE)) == f"one [{words}]({BASE}{markdown}) two"
    beside = led(links.to_markdown(page, "")).partition("](")[2].removesuffix(") two")
    assert not links.is_elsewhere(beside)
    assert urllib.parse.urljoin(BASE + page.url, beside) == BASE + markdown


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_relative_link_stays(page, text):
    for resolve in (links.to_site(page, ""), links.to_markdown(page, "")):
        assert links.in_markdown(f"a\n\n{text}\n\nb", page, resolve) == f"a\n\n{text}\n\nb"


def test_html_loses_what_only_a_page_can_use(page):
    html = (
        '<p>a <a href="../odd-numbers/#why">b</a><a class="headerlink" href="#x">¶</a> '
        '<a href="https://example.org/">c</a> <a class="term" href="../#e" data-meaning="x">e</a></p>'
        '<div class="unfold"><button>d</button></div>'
    )
    on_site = links.in_html(html, page, links.to_site(page, BASE))
    led = f'<a href="{BASE}questions/sums/odd-numbers/#why">b</a>'
    assert on_site == f'<p>a {led} <a href="https://example.org/">c</a> e</p>'
    words = links.in_html(html, page, links.to_site(page, ""))
    assert words == '<p>a b <a href="https://example.org/">c</a> e</p>'
