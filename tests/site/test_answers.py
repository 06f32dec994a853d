"""What is written on one page and shown on another leads where it led."""

import types

import pytest

from handbook.site.answers import moved


@pytest.mark.parametrize(
    "written, shown",
    [
        ("[a](even.md)", "[a](sums/even.md)"),
        ("[a](even.md#why) and [b](../index.md)", "[a](sums/even.md#why) and [b](index.md)"),
        ("[a](#evidence)", "[a](sums/odd.md#evidence)"),
        ("[a](https://example.org/x)", "[a](https://example.org/x)"),
        ("f(x)[0] = (1)", "f(x)[0] = (1)"),
    ],
)
def test_links_of_an_answer_lead_on_from_the_cards(written, shown):
    question, cards = (
        types.SimpleNamespace(address=f"questions/{name}") for name in ("sums/odd.md", "cards.md")
    )
    assert moved(written, question, cards) == shown
