"""Whoever's terminal is Chinese is told everything in Chinese, and nothing that nobody says."""

import collections
import os
import string
import subprocess

import pytest
import yaml

from handbook import messages
from handbook.audit.elements import LEFT_OVER
from handbook.messages import told
from handbook.mistakes import Mistake
from handbook.settings import ROOT
from tests.support.templates import TELLING, Source, plain, sources

SOURCES = sources()
PARAMETERS = TELLING | {name: named for source in SOURCES for name, named in source.parameters()}
TOLD = {text for source in SOURCES for text in source.told(PARAMETERS)}
SAID: dict[str, str] = yaml.safe_load(messages.FILE.read_text("utf-8"))
# What MkDocs, Python or a converter of formulas says; and what was said elsewhere in the file.
OTHERS_SAY = {
    "error.strerror or str(error)",
    "message.removesuffix('.')",
    "re.sub('^\\\\d+: ', '', str(error)).rstrip('.')",
    "self._failed[key]",
    "str(error)",
    "told(details['why'], language)",
    "details['why']",
    "details['type']",
    "what.format(it=it, **failure.details)",
    "REMEDIES['name in a lab' if lab and cause == 'name' else cause]",
    "why[:1].lower() + why[1:]",
}


def parts(text: str) -> list[str]:
    """The names of what is put into a text."""
    return [name for _, name, *_ in string.Formatter().parse(text) if name is not None]


def test_every_message_has_its_chinese():
    left = TOLD | {meant for _, meant in LEFT_OVER}
    assert sorted(left - set(map(plain, SAID))) == []
    assert len(TOLD) > 400


def test_every_chinese_text_has_its_message():
    texts = {text for source in SOURCES for text in source.texts()}
    assert [english for english in SAID if plain(english) not in texts] == []


def test_nothing_is_told_whose_words_cannot_be_found():
    assert {text for source in SOURCES for text in source.unknown} == OTHERS_SAY


def test_no_message_is_translated_twice():
    entries = yaml.compose(messages.FILE.read_text("utf-8")).value
    count = collections.Counter(plain(english.value) for english, _ in entries)
    assert [english for english, times in count.items() if times > 1] == []


def test_a_message_is_found_and_what_is_put_in_is_kept():
    """It fits no other entry before its own, and the Chinese has all that the English has."""
    for english, chinese in SAID.items():
        assert set(parts(chinese)) == set(parts(english)), english
        assert english.endswith(".") == chinese.endswith("。"), english
        put = {name: f"<{number}>" for number, name in enumerate(parts(english))}
        assert told(english.format(**put), "zh") == chinese.format(**put)
        within = f"its mate cannot be read: a.md:3: {english.format(**put)}"
        said = f"另一种语言的那一页读不了：a.md:3: {chinese.format(**put)}"
        assert told(within, "zh") == said


def found(code: str) -> set[str]:
    """What is told by a file of this code."""
    source = Source("handbook/x.py", code)
    return source.told(PARAMETERS | dict(source.parameters()))


@pytest.mark.parametrize(
    "code, texts",
    [
        ("Mistake(path, 1, 'so', f'{a} of {b!r}')", {"so", "{} of {}"}),
        ("what = 'x y' if z else 'u'\nMistake(path, 1, what, 'w')", {"x y", "u", "w"}),
        ("if what := f'is {{#{a}}}': Mistake(path, 1, what)", {"is {{#{}}}"}),
        ("what, remedy = 'a', 'b'\nMistake(path, line, what, remedy)", {"a", "b"}),
        ("def f(x) -> Fault:\n    return 'a', 'b'", {"a", "b"}),
        ("def f(x) -> Iterator[Fault]:\n    yield 3, 'a', 'b'", {"a", "b"}),
        ("def at(page, what, remedy='c'): ...\nat(page, 'a')", {"a", "c"}),
        ("class E(Exception):\n    def __init__(self, why): ...\nE('a')", {"a"}),
        ("Failure('kind', {'why': 'a'})", {"a"}),
        (
            "LAST = 'the last'\nSAID = {'x': ('it {is}', f'so {LAST}')}",
            {"it {}", "so {}", "the last"},
        ),
        ("print(told(f'{n} pages'))", {"{} pages"}),
    ],
)
def test_a_new_message_is_seen_however_it_is_told(code, texts):
    assert found(code) == texts


def test_a_message_made_in_a_way_that_nobody_can_follow_is_named():
    source = Source("handbook/x.py", "Mistake(path, 1, ' '.join(words))")
    source.told(PARAMETERS)
    assert source.unknown == ["' '.join(words)"]


@pytest.mark.parametrize(
    "environment, language",
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANGUAGE": "fr:zh_CN"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(monkeypatch, environment, language):
    for name in messages.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = {
        "en": "a.md:3: this heading has no id. Take it out.",
        "zh": "a.md:3: 这个标题没有 id。去掉它。",
    }
    assert str(Mistake("a.md", 3, "this heading has no id", "Take it out.")) == said[language]


def test_words_that_are_put_in_are_chinese_too_and_those_of_tools_stay():
    said = "the program was ended by signal 9 before its last line"
    assert told(said, "zh") == "程序没有运行到最后一行：被信号 9 终止"
    assert told("level is 7 in the front matter", "zh") == "页首的 level 写成了 7"
    assert told("Write 1, 2 or 3.", "zh") == "要写 1、2 或 3。"
    assert told("NameError: name 'x' is not defined", "zh") == "NameError: name 'x' is not defined"


def test_a_sentence_of_a_tool_keeps_its_full_stop(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert (
        str(Mistake("a.py", 3, "KeyError: 'x'", "Mend this line."))
        == "a.py:3: KeyError: 'x'. 改正这一行。"
    )


def test_a_chinese_terminal_is_answered_in_chinese(handbook):
    """By the commands, and in the report of pytest."""
    handbook.environment = {"LANGUAGE": "zh_CN"}
    gone = handbook.command("handbook", "rm", "lessons/gone")
    assert gone.stdout == "docs/zh/lessons/gone.md:1: 没有这一页。写一个已有的。\n"
    (handbook.root / "docs" / "zh" / "case.md").write_text("# A\n", "utf-8")
    report = handbook.run("docs/zh/case.md")
    assert "docs/zh/case.md:1: 页面开头没有页首（front matter）。第一行写 ---，" in report.stdout


def test_help_names_the_same_commands_in_both_languages():
    said = []
    for language in ("en", "zh"):
        environment = os.environ | {"LANGUAGE": language}
        run = ["make", "help"]
        lines = subprocess.run(
            run, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8"
        )
        said.append([x.split()[0] for x in lines.stdout.splitlines() if not x.startswith(" ")])
    assert said[0] == said[1] and "check" in said[0]
