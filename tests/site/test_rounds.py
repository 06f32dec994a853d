"""The rounds of "find the bug" are the recorded mutations, and only those that a reader can find."""

import json

from handbook.book import rounds
from handbook.book.handbook import Handbook
from handbook.settings import ROOT


def test_each_round_becomes_the_recorded_program(monkeypatch):
    handbook = Handbook(ROOT)
    # Whether they ran is for the site to ask.
    monkeypatch.setattr(Handbook, "record", lambda *_: True)
    wanted = {
        (mutation.file, rounds.shown_lines(mutation.program.parts[0].code))
        for mutation in handbook.mutations()
        if mutation.findable
    }
    for language in ("zh", "en"):
        found = set()
        for of_topic in rounds.rounds_of(handbook, language).values():
            data = rounds.data_of(of_topic)
            for one, told in zip(of_topic, data["rounds"], strict=True):
                lines = [*data["programs"][told["program"]]]
                start = told["line"] - 1
                assert lines[start : start + len(told["old"])] == told["old"]
                lines[start : start + len(told["old"])] = told["new"]
                assert told["stops"] in (handbook.root / one.program).read_text("utf-8")
                found.add((one.program, tuple(lines)))
        assert found == wanted


def test_each_name_is_of_one_round(monkeypatch):
    monkeypatch.setattr(Handbook, "record", lambda *_: True)
    every = rounds.rounds_of(Handbook(ROOT), "en").values()
    names = [found.id for of_topic in every for found in of_topic]
    assert len(set(names)) == len(names)


def test_site_has_the_rounds_in_both_languages(published_whole):
    titles = set()
    for base in ("", "en/"):
        told = json.loads(published_whole.html(f"{base}rounds/sums.json"))
        assert [x["new"] for x in told["rounds"]] == [
            ["total = sum(range(1, 20, 3))"],
            ["total = sum(range(0, 20, 2))"],
        ]
        assert told["programs"] == [
            [
                '"""The first n odd numbers add up to n squared."""',
                "",
                "total = sum(range(1, 20, 2))",
                'print("sum", total)',
                "assert total == 10**2",
            ]
        ]
        titles.add(told["rounds"][0]["title"])
        names = " ".join(x["id"] for x in told["rounds"])
        assert f'data-rounds="{names}"' in published_whole.html(f"{base}rounds/index.html")
        assert f'data-rounds="{names}"' in published_whole.html(
            f"{base}questions/review/index.html"
        )
    assert len(titles) == 2
