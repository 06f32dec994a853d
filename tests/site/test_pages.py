"""Pages show what their programs gave, and lead where they say."""

import re

import markdown
from selectolax.lexbor import LexborHTMLParser

from tests.support.handbooks import copy_of


def test_site_shows_what_the_programs_gave(published):
    for path, word in (
        ("lessons/waves/index.html", "输出"),
        ("en/lessons/waves/index.html", "Output"),
    ):
        html = published.html(path)
        assert re.search(
            rf'<span class="output-label">{word}</span>.*?largest error 2e-16', html, re.S
        )
        assert '<span class="value" title="lessons/waves.py">1.0</span>' in html
        assert '<span class="value" title="lessons/waves.py">50</span>' in html
        assert html.count("<figure") == 1 and "currentColor" in html
        assert "<math" in html and "\\sin" not in html
        assert re.search(r'class="stamp".*?<time datetime=".*?Python 3', html, re.S)
    assert 'aria-label="一条正弦曲线"' in published.html("lessons/waves/index.html")
    assert 'aria-label="a sine curve"' in published.html("en/lessons/waves/index.html")


def test_generator_that_does_not_name_its_page_is_an_error(caplog):
    options = {"handbook.site.extension": {"root": "."}}
    markdown.markdown("# x", extensions=[*options], extension_configs=options)
    assert "mkdocs.yml:1: the generator does not say which page it renders" in caplog.text


def test_code_is_marked_only_where_it_has_a_colour(published_whole):
    for path in ("lessons/waves/index.html", "labs/light/index.html"):
        html = published_whole.html(path)
        assert '<span class="kn">import</span>' in html
        assert not re.search(r'<span class="[nop]">', html)


def test_list_begins_with_the_number_that_is_written(handbook):
    for language in ("zh", "en"):
        page = handbook.root / "docs" / language / "index.md"
        steps = "\n1. One.\n2. Two.\n\n```text\nx\n```\n\n3. Three.\n"
        page.write_text(page.read_text("utf-8") + steps, "utf-8")
    assert handbook.site().returncode == 0
    assert '<ol start="3">\n<li>Three.' in handbook.html("index.html")


def test_language_switch_stays_on_the_page(published):
    assert 'href="../../en/lessons/waves/"' in published.html("lessons/waves/index.html")
    assert 'href="../../../lessons/waves/"' in published.html("en/lessons/waves/index.html")


def test_page_whose_mate_changed_says_so(handbook):
    handbook.replace("docs/zh/lessons/waves.md", "浮点误差", "舍入误差")
    assert handbook.site().returncode == 0
    assert 'class="admonition warning behind"' in handbook.html("en/lessons/waves/index.html")
    assert 'class="admonition warning behind"' not in handbook.html("lessons/waves/index.html")
    assert handbook.command("handbook", "in-line", "lessons/waves.md").returncode == 0
    assert handbook.site().returncode == 0
    assert 'class="admonition warning behind"' not in handbook.html("en/lessons/waves/index.html")


def test_what_breaks_an_assert_unfolds_below_it_in_the_words_of_the_page(published_whole):
    for path, summary in (
        ("questions/sums/odd-numbers/index.html", "改哪里会让断言失败（3）"),
        ("en/questions/sums/odd-numbers/index.html", "What makes the asserts fail (3)"),
    ):
        (found,) = LexborHTMLParser(published_whole.html(path)).css("details.breaks")
        assert found.css_first("summary").text() == summary
        changes = [[code.text() for code in item.css("code")] for item in found.css("li")]
        assert changes == [
            ["assert total == 10**2", "total = sum(range(1, 20, 2))", f"total = sum(range{new})"]
            for new in ("(1, 20, 3)", "(0, 20, 2)", "(1, 18, 2)")
        ]
        assert "data-search-exclude" in found.attributes
        assert "output" in found.prev.prev.attributes["class"]


def test_a_change_that_was_not_tried_is_not_shown(published_whole, tmp_path):
    handbook = copy_of(published_whole, tmp_path / "handbook")
    mutations = "snippets/questions/sums/odd-numbers/mutations.yml"
    handbook.replace(mutations, "20, 3", "20, 4")
    assert handbook.run("docs").returncode == 0
    assert handbook.publish().returncode == 0
    page = LexborHTMLParser(handbook.html("questions/sums/odd-numbers/index.html"))
    assert [new.text() for new in page.css(".breaks ins")] == [
        "total = sum(range(0, 20, 2))",
        "total = sum(range(1, 18, 2))",
    ]


def test_value_in_what_is_said_aloud_stands_wherever_that_is_shown(published_whole):
    for path in ("questions/sums/odd-numbers/", "questions/cards/"):
        for prefix in ("", "en/"):
            html = published_whole.html(f"{prefix}{path}index.html")
            assert (
                "{python" not in html
                and "100" in LexborHTMLParser(html).css_first("article").text()
            )
