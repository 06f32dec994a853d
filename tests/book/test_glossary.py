"""Terms are found as they are written, and nowhere else."""

import pytest

from handbook.book.glossary import Finder, Term, explains
from handbook.pages.reading import parse
from handbook.settings import ROOT

TERMS = [
    Term("注意力", "attention", {}),
    Term("多头注意力", "multi-head attention", {}),
    Term("token（词元）", "token", {}),
]


@pytest.mark.parametrize(
    "language, text, found",
    [
        ("en", "Multi-head attention and tokens", {"multi-head attention": 1, "token": 1}),
        ("en", "A tokenizer, pre-token, Attention.", {"attention": 1}),
        (
            "zh",
            "多头注意力让每个词元各看各的，一个 token 一行",
            {"multi-head attention": 1, "token": 2},
        ),
        ("zh", "tokenizer 和自注意力", {"attention": 1}),
    ],
)
def test_the_longest_whole_term_counts(language, text, found):
    counted = Finder(TERMS, language).count(text)
    assert {term.en: count for term, count in counted.items()} == found


def test_without_terms_nothing_is_found():
    assert not Finder([], "en").count("Attention")


def test_anchor_is_an_address():
    assert Term("x", "KV cache", {}).anchor == "kv-cache"


@pytest.mark.parametrize("name, is_explained", [("calculator", True), ("questions", False)])
def test_page_with_a_form_explains_its_terms_and_one_of_lists_does_not(name, is_explained):
    text = f"---\ntitle: T\ndescription: D\n---\n\n# T\n\n<!-- handbook:{name} -->\n"
    assert explains(parse("docs/en/a.md", text, ROOT, "en", "a.md")) == is_explained
