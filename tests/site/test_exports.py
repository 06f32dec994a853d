"""What the site offers besides pages is there, is right, and leads where it says."""

import email.utils
import json
import platform
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import nbclient
import nbformat
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from handbook.book.handbook import Handbook
from handbook.languages import CONFIGURATIONS, PREFIXES
from handbook.site.exports import assistants
from tests.support.handbooks import FIRST_COMMIT, copy_of, written

QUESTION = "questions/sums/odd-numbers/"


@pytest.fixture(params=PREFIXES)
def language(request) -> str:
    return request.param


@pytest.fixture
def address(published_whole) -> str:
    return published_whole.address


@pytest.fixture
def site(published_whole, language):
    return published_whole.root / "site" / PREFIXES[language]


def test_program_runs_as_it_is_downloaded(published_whole):
    file = published_whole.root / "site/snippets/questions/sums/odd-numbers/add_odd_numbers.py"
    assert "--8<--" not in file.read_text("utf-8")
    done = subprocess.run([sys.executable, file], capture_output=True, encoding="utf-8")
    assert done.stdout == "sum 100\n"


def test_page_links_its_programs_with_what_they_took(site):
    page = LexborHTMLParser((site / QUESTION / "index.html").read_text("utf-8"))
    row = page.css_first("details.take li")
    link = row.css_first("a").attributes["href"]
    assert (site / QUESTION / link).resolve().is_file()
    assert row.css_first("code.run").attributes["data-file"] == link
    seconds, memory = re.search(r"(\d+\.\d) (?:s|秒) · (\d+) MiB", row.text()).groups()
    assert float(seconds) >= 0 and int(memory) > 0


def test_notebook_of_a_page_runs(site, language, address):
    notebook = nbformat.read(site / QUESTION / "odd-numbers.ipynb", as_version=4)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert ("前十个的和是 100。" if language == "zh" else "The first ten add up to 100.") in text
    assert "--8<--" not in text and "{#" not in text and "???" not in text
    assert (
        "](https://example.org/)" in text
        and f"]({address}/{PREFIXES[language]}{QUESTION}#why)" in text
    )
    nbclient.NotebookClient(notebook, timeout=600, coalesce_streams=True).execute()
    printed = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert printed[0][0].text == "sum 100\n"


def test_markdown_of_a_page_has_code_output_and_values(site):
    text = (site / QUESTION / "index.md").read_text("utf-8")
    assert "total = sum(range(1, 20, 2))" in text and "```text\nsum 100\n```" in text
    assert "100" in text.partition("```text")[2].partition("```")[2]
    assert "--8<--" not in text and "{python}" not in text


def test_markdown_of_a_page_leads_to_markdown_and_tells_what_figures_show(site, language, address):
    base = f"{address}/{PREFIXES[language]}"
    odd, even = (site / f"questions/sums/{x}-numbers/index.md" for x in ("odd", "even"))
    assert f"]({base}{QUESTION}index.md)" in even.read_text("utf-8")
    assert f"]({base}questions/sums/even-numbers/#why)" in odd.read_text("utf-8")
    described = {"zh": "（图：一条正弦曲线）", "en": "(Figure: a sine curve)"}[language]
    text = (site / "lessons/waves/index.md").read_text("utf-8")
    assert described in text and "](figure)" not in text


def test_question_as_json_has_answer_and_evidence(site, language, address):
    content = json.loads((site / QUESTION / "question.json").read_text("utf-8"))
    assert content["language"] == language
    assert content["url"] == f"{address}/{PREFIXES[language]}{QUESTION}"
    assert "$n^2$" in content["answer"] and content["next"] == "sums/even-numbers"
    assert "100" in content["answer"] and "{python" not in content["answer"]
    even = json.loads((site / "questions/sums/even-numbers/question.json").read_text("utf-8"))
    assert f"]({address}/{PREFIXES[language]}{QUESTION})" in even["answer"]
    assert content["evidence"][0]["output"] == "sum 100\n"
    assert "Python" in content["evidence"][0]["versions"]


def test_list_for_assistants_names_every_page_and_each_is_there(site, language, address):
    text = (site / "llms.txt").read_text("utf-8")
    prefix = f"{address}/{PREFIXES[language]}"
    links = [
        line.partition("](")[2].partition(")")[0] for line in text.splitlines() if "](" in line
    ]
    assert prefix + QUESTION + "index.md" in links
    for link in links:
        target = site / link.removeprefix(prefix)
        assert target.is_file() or (target / "index.html").is_file(), link


NAVIGATION = {
    "zh": "nav: [index.md, {题目: [questions/index.md, questions/*, questions/cards.md]}]\n",
    "en": "INHERIT: mkdocs.yml\nnav: [index.md, {Asked: [questions/index.md, questions/*, questions/cards.md]}]\n",
}


def test_list_for_assistants_has_the_order_and_the_headings_of_the_navigation(tmp_path, language):
    root = written(tmp_path / "handbook")
    for each, text in NAVIGATION.items():
        (root / CONFIGURATIONS[each]).write_text(text, "utf-8")
    lines = assistants.llms(Handbook(root), language, "").splitlines()
    asked, sums = {"zh": ("题目", "求和"), "en": ("Asked", "Sums")}[language]
    found = [re.sub(r"- \[.*?\]\((.*?)\).*", r"\1", line) for line in lines[3:] if line]
    assert found[1:8] == [
        "index.md",
        f"## {asked}",
        "questions/index.md",
        "questions/cards/index.md",
        f"## {asked} · {sums}",
        f"{QUESTION}index.md",
        "questions/sums/even-numbers/index.md",
    ]
    assert "labs/light/" in found[8:]


def test_feed_lists_the_pages_of_its_language(site, language, address):
    channel = ElementTree.parse(site / "feed.xml").getroot().find("channel")
    links = [item.findtext("link") for item in channel.findall("item")]
    assert channel.findtext("language") == language
    assert f"{address}/{PREFIXES[language]}{QUESTION}" in links
    for item in channel.findall("item"):
        told = email.utils.parsedate_to_datetime(item.findtext("pubDate")).timestamp()
        assert told == FIRST_COMMIT
        assert item.findtext("guid") == f"{item.findtext('link')}#{FIRST_COMMIT}"


def test_site_without_history_is_not_published_for_an_address(published_whole, tmp_path):
    handbook = copy_of(published_whole, tmp_path)
    handbook.environment = published_whole.environment
    before = handbook.files()
    shutil.rmtree(handbook.root / ".git")
    result = handbook.publish()
    assert result.returncode and "docs:1: git cannot tell when pages were changed" in result.stdout
    assert handbook.files() == before


def test_sitemap_names_both_languages_of_each_page(site, language, address):
    spaces = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    urls = ElementTree.parse(site / "sitemap.xml").getroot().findall("s:url", spaces)
    found = {
        url.findtext("s:loc", namespaces=spaces): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", spaces)
        }
        for url in urls
    }
    here = f"{address}/{PREFIXES[language]}{QUESTION}"
    assert found[here] == {
        "zh": f"{address}/{QUESTION}",
        "en": f"{address}/en/{QUESTION}",
    }


def test_page_names_its_other_language_and_its_picture(site, language, address):
    page = LexborHTMLParser((site / QUESTION / "index.html").read_text("utf-8"))
    links = {
        node.attributes["hreflang"]: node.attributes["href"]
        for node in page.css("link[rel~=alternate][hreflang]")
    }
    assert links == {"zh": f"{address}/{QUESTION}", "en": f"{address}/en/{QUESTION}"}
    picture = page.css_first("meta[property='og:image']").attributes["content"]
    file = site / picture.removeprefix(f"{address}/{PREFIXES[language]}")
    with Image.open(file) as drawn:
        assert drawn.size == (1200, 630)
        ink = sum(count for count, colour in drawn.convert("L").getcolors() if colour < 100)
    assert ink > 20000  # The bar at the left is 15,120 points: the rest is text.


def test_structured_data_of_a_question_has_what_search_engines_ask_for(site, language, address):
    page = LexborHTMLParser((site / QUESTION / "index.html").read_text("utf-8"))
    data = {
        entry["@type"]: entry
        for node in page.css("script[type='application/ld+json']")
        if (entry := json.loads(node.text()))["@context"] == "https://schema.org"
    }
    question = data["QAPage"]["mainEntity"]
    assert question["@type"] == "Question" and question["answerCount"] == 1
    assert question["name"] == page.css_first("h1").text().removesuffix("¶").strip()
    answer = question["acceptedAnswer"]
    assert answer["@type"] == "Answer" and "$n^2$" in answer["text"] and "100" in answer["text"]
    assert "{python" not in answer["text"] and "](#" not in answer["text"]
    crumbs = data["BreadcrumbList"]["itemListElement"]
    assert [crumb["position"] for crumb in crumbs] == [1, 2, 3]
    assert crumbs[-1]["item"] == f"{address}/{PREFIXES[language]}{QUESTION}"


def test_records_of_both_languages_stand_once_as_they_are_kept(published_whole):
    root, site = published_whole.root, published_whole.root / "site"
    kept = {file.stem: file for file in published_whole.records()}
    text = (site / "records" / "index.json").read_text("utf-8")
    listed = {entry["key"]: entry for entry in json.loads(text)["records"]}
    handbook = Handbook(root)
    runs = [run for language in PREFIXES for run in handbook.runs(language)]
    assert listed.keys() == {run.record.key for run in runs}
    assert [*listed] == sorted(listed) and len(runs) == 2 * len(listed)
    assert any(run.program.notebook for run in runs)
    mutations = {handbook.key(mutation.program) for mutation in handbook.mutations()}
    assert mutations <= kept.keys() and not mutations & listed.keys()
    assert {file.stem for file in (site / "records").iterdir()} == {"index", *listed}
    for key, entry in listed.items():
        assert entry == {"key": key, "python": sys.version, "machine": platform.machine()}
        assert (site / "records" / f"{key}.json").read_bytes() == kept[key].read_bytes()
    assert not (site / "en" / "records").exists()


def test_site_for_no_address_promises_none(published):
    html = published.html("index.html")
    assert "og:image" not in html and 'hreflang="zh"' not in html
    assert not (published.root / "site" / "feed.xml").exists()


def test_printable_set_has_each_question_with_its_answer(site, language):
    page = LexborHTMLParser((site / "questions/cards/index.html").read_text("utf-8"))
    assert [node.attributes["id"] for node in page.css("h2")] == [
        "sums-odd-numbers",
        "sums-even-numbers",
    ]
    assert ("补上正方形" if language == "zh" else "edge of a square") in page.body.text()


def test_page_behind_its_mate_links_what_changed_there(published_whole, tmp_path):
    handbook = copy_of(published_whole, tmp_path)
    handbook.environment = published_whole.environment
    handbook.replace("docs/zh/questions/sums/odd-numbers.md", "拼正方形", "拼成正方形")
    handbook.replace("docs/zh/questions/sums/odd-numbers.md", "补上正方形", "补成正方形")
    assert handbook.publish().returncode == 0
    notice = LexborHTMLParser(handbook.html(f"en/{QUESTION}index.html")).css_first(".behind")
    links = [link.attributes["href"] for link in notice.css("a")]
    assert links == [
        "../../../../questions/sums/odd-numbers/",
        "https://example.org/repository/commits/main/docs/zh/questions/sums/odd-numbers.md",
    ]
