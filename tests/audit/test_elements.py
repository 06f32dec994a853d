"""Every mark that Markdown elsewhere reads is named where it is left; text that is none is not."""

import html
import types

import pytest
from selectolax.lexbor import LexborHTMLParser

from handbook.audit.documents import Document
from handbook.audit.elements import (
    LEFT_OVER,
    elements_are_known,
    lists_are_lists,
    nothing_is_left_over,
)


def document(article: str) -> Document:
    text = f"<body><article>{article}</article></body>"
    return Document("x.html", "docs/zh/x.md", None, text, LexborHTMLParser(text), ())


MARKS = (
    ":::tip", "/// tip", "{{ macro }}", "{% if x %}", "{* file *}", "[!TIP]", ":label:", ":smile:",
    ".. note::", "[[wiki]]", "~~gone~~", "H~2~O", "x^2^", "^^in^^", ": a meaning", "==marked==", "++ctrl+c++", "{--cut--}", "!!! note",
    "??? question", "=== tab", "{#id}", "{: .name }", "[^1]", "[text](page.md)", "[text][name]",
    "**strong", "a `tick", "## A heading", "##heading", "| --- | --- |", "[ ] to do", "$$x$$",
    r"\[x\]", r"\alpha", '--8<-- "a.py"', "{python} x", "&nbsp;", "import A from 'b'",
    "[text][]", "*open", "open*", "<!-- open", "-->", "line\\",
)  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_mark_is_named_where_it_is_left(mark):
    (mistake, *_) = nothing_is_left_over(document(f"<p>{html.escape(mark)}</p>"), None)
    assert "is left in the text" in mistake.what


def test_each_mark_has_an_example():
    assert all(any(pattern.search(mark) for mark in MARKS) for pattern, _ in LEFT_OVER)


@pytest.mark.parametrize(
    "text",
    [
        "at 10:30:00, a ratio of 16:9:4, std::vector, https://a.b/c:d",
        "C++ and C++, a == b, x != y, 1 ~ 2, a/b//c",
        "array[0][1], it costs $3–$4, set {1, 2}, #1, C#",
        "<code>:::tip `a` **b**</code><pre>## x\n!!! y</pre><math><mi>\\alpha</mi></math>",
        '<span class="value" title="a">**{{x}}**</span><!-- :::tip -->',
    ],
)
def test_text_is_left_alone(text):
    assert list(nothing_is_left_over(document(f"<p>{text}</p>"), None)) == []


@pytest.mark.parametrize(
    "text, names",
    [
        ("<p>the <unk> and <String></p>", ["<String>", "<unk>"]),
        ("<p>closed </s> only</p>", ["</s>"]),
        ("<p>python <path></p>", ["<path>"]),
        ("<video src=x></video>", ["<video>"]),
        ("<svg><foreignObject></foreignObject></svg>", ["<foreignObject>"]),
        ("<svg><text>x</text></svg><math><mi>x</mi></math><p><br></p>", []),
    ],
)
def test_element_that_no_page_has_is_named(text, names):
    found = elements_are_known(document(text), types.SimpleNamespace())
    assert [mistake.what.split()[0] for mistake in found] == names


@pytest.mark.parametrize("item", ["- one", "* one", "• one", "1. one", "2) two"])
def test_item_in_no_list_is_named_and_one_in_a_list_or_a_table_is_not(item):
    for article in (f"<p>{item}</p>", f"<p>These:\n{item}\nend</p>"):
        (mistake,) = lists_are_lists(document(article), None)
        assert f"{item!r} is in no list" in mistake.what
    inside = f"<table>\n<td>{item}</td>\n</table><pre>\n{item}\n</pre>"
    assert not [*lists_are_lists(document(inside), None)]


@pytest.mark.parametrize("text", ["-1 is less", "A - b", "in 1999.\n2024. The", "1.5 times"])
def test_line_that_only_resembles_an_item_is_none(text):
    assert not [*lists_are_lists(document(f"<p>{text}</p>"), None)]
