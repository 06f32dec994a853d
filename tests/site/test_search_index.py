"""The search index has what readers search for: no programs, no sources, and of a list its title."""

import json

from handbook.site.search import shorten


def test_programs_sources_and_lists_are_left_out(tmp_path):
    sections = {
        "questions/a/b/": "<p>words</p> <pre><code>x = 1</code></pre>",
        "questions/a/b/#sources": "a paper",
        "questions/review/": "all titles",
        "questions/review/#due": "again",
        "questions/": "all titles",
        "about/verification/#table": "numbers",
    }
    file = tmp_path / "search_index.json"
    docs = [{"location": at, "title": "字", "text": text} for at, text in sections.items()]
    file.write_text(json.dumps({"config": {}, "docs": docs}))
    shorten(file)
    text = file.read_text("utf-8")
    kept = {section["location"]: section["text"] for section in json.loads(text)["docs"]}
    expected = {"questions/a/b/": "<p>words</p> ", "questions/review/": "", "questions/": ""}
    assert kept == expected
    assert "字" in text


def test_long_sections_keep_their_beginning_and_the_words_that_lead_to_few_pages(tmp_path):
    common = "".join(f"Sentence {number} says no more than this. " for number in range(20))
    sections = {
        "guide/a/": common + "At the end stands a flywheel and a <b>moat</b>.",
        "guide/a/#more": common + "The flywheel again.",
    }
    sections |= {f"guide/{number}/": "a moat" for number in range(6)}
    file = tmp_path / "search_index.json"
    docs = [{"location": at, "title": "t", "text": text} for at, text in sections.items()]
    file.write_text(json.dumps({"config": {}, "docs": docs}))
    shorten(file)
    first, second, *_ = json.loads(file.read_text("utf-8"))["docs"]
    assert first["text"].startswith("Sentence 0 says no more than this. Sentence 1 ")
    assert first["text"].endswith(" … the end stands flywheel and")  # seven have a moat
    assert len(second["text"]) < 400 and "flywheel" not in second["text"]
