"""A reader's attempt, judged on the page: the verdict is that of the command."""

import json
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from handbook.pages.sections import sections
from handbook.words import words
from tests.content.judges import JUDGES, ROOT, beside
from tests.support.visit import PATIENCE

PROBLEM = "causal-attention"
FOLDER = ROOT / "snippets/problems" / PROBLEM
MISTAKE = """
import numpy as np

def attend(q, k, v, real):
    print("no padding", q.shape)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    scores = np.where(np.tri(q.shape[-2], dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v
"""

ENDLESS = """
def attend(q, k, v, real):
    print("time", q.shape[2])
    while q.shape[2] > 1: pass
    return v
"""


def told_by_the_command(tmp_path, attempt: str, *arguments: str) -> str:
    file = tmp_path / "my_attempt.py"
    file.write_text(attempt, "utf-8")
    call = [sys.executable, FOLDER / "judge.py", file, *arguments]
    return subprocess.run(call, capture_output=True, encoding="utf-8", timeout=120).stdout


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def judged(visit, attempt: str, status: str):
    """The verdict on an attempt, which replaces the one before."""
    visit.code.fill(attempt)
    visit.press("judge run")
    verdict = visit.panel.locator(f".verdict.{status}")
    expect(verdict).to_be_visible(timeout=PATIENCE)
    return verdict


def test_attempt_is_judged_as_the_command_judges_it_and_kept(visit, tmp_path):
    language = "en" if visit.base.endswith("/en/") else "zh"
    visit.open(f"problems/{PROBLEM}/")
    assert visit.loaded() == [] and visit.workers() == []
    opener = visit.page.get_by_role("button", name=visit.words["judge open"])
    opener.click()
    expect(visit.code).to_be_focused()
    starter = visit.code.input_value()
    judged(visit, starter, "fail")
    said = visit.page.locator(".answer-here [role=status]")
    expect(said).to_have_text(visit.words["judge tried"])

    verdict = judged(visit, MISTAKE, "fail")
    *wanted, _more = lines(told_by_the_command(tmp_path, MISTAKE, "--language", language))
    assert lines("\n".join(verdict.locator("> div").all_inner_texts()))[: len(wanted)] == wanted
    expect(verdict.get_by_text("no padding")).to_have_count(1)
    expect(visit.printed).to_be_hidden()
    hints = json.loads(told_by_the_command(tmp_path, MISTAKE, "--json"))["hints"]
    for number, hint in enumerate(hints, 1):
        expect(verdict.locator("li")).to_have_count(number - 1)
        verdict.get_by_role("button").click()
        expect(verdict.locator("li").last).to_have_text(hint[language])
    expect(verdict.get_by_role("button")).to_have_count(0)
    found = Axe().run(visit.page, {"include": [".run-panel"]}).response["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found]

    judged(visit, (FOLDER / "solution.py").read_text("utf-8"), "pass")
    expect(said).to_have_text(visit.words["judge solved"])
    assert visit.page.evaluate("window.refused") == []

    judged(visit, MISTAKE, "fail")
    expect(said).to_have_text(visit.words["judge before"])
    visit.page.reload()
    expect(said).to_have_text(visit.words["judge solved"])  # once is enough
    opener.click()
    expect(visit.code).to_have_value(MISTAKE)
    visit.press("run reset")
    expect(visit.code).to_have_value(starter)
    visit.press("run undo")
    expect(visit.code).to_have_value(MISTAKE)
    visit.press("judge passed")
    expect(visit.code).to_have_value((FOLDER / "solution.py").read_text("utf-8"))


def test_attempt_without_an_end_is_stopped_and_the_next_one_judged(visit):
    visit.page.clock.install()
    visit.open(f"problems/{PROBLEM}/")
    visit.page.get_by_role("button", name=visit.words["judge open"]).click()
    judged(visit, "def", "error")
    visit.code.fill("print('on', flush=True)\nwhile True: pass")
    visit.press("judge run")
    expect(visit.printed).to_contain_text("on", timeout=PATIENCE)
    visit.page.clock.fast_forward(31_000)
    visit.ended("run slow")
    expect(visit.panel.locator(".verdict")).to_be_hidden()
    visit.code.fill(f"print('read')\n{ENDLESS}")
    visit.press("judge run")
    expect(visit.printed).to_have_text("read\ntime 2\n", timeout=PATIENCE)
    visit.page.clock.fast_forward(31_000)
    visit.ended("run slow")
    expect(visit.printed).to_have_text("read\ntime 2\n")
    visit.page.clock.resume()
    judged(visit, "x = 1", "error")


def test_what_is_typed_is_kept_before_it_is_judged(visit):
    visit.open(f"problems/{PROBLEM}/")
    opener = visit.page.get_by_role("button", name=visit.words["judge open"])
    opener.click()
    visit.code.fill("def attend(q, k, v, real):")
    visit.code.press("End")
    visit.code.press("Enter")
    visit.code.type("return v")
    written = "def attend(q, k, v, real):\n    return v"
    expect(visit.code).to_have_value(written)
    kept = "JSON.parse(localStorage.getItem('handbook.attempts'))?.['causal-attention'].code"
    visit.page.wait_for_function(f"written => {kept} === written", arg=written)
    visit.page.reload()
    opener.click()
    expect(visit.code).to_have_value(written)


LAYERS = [judge for judge in JUDGES if beside(judge, "starter").name == "layer_starter.py"]


@pytest.mark.parametrize("judge", LAYERS, ids=lambda path: path.parent.name)
def test_page_that_has_a_model_to_train_too_offers_the_layer(visit, judge):
    problem, file = judge.parent.name, beside(judge, "starter")
    visit.open(f"problems/{problem}/")
    visit.page.get_by_role("button", name=visit.words["judge open"]).click()
    starter = sections(file.read_text("utf-8"), file.name)["starter"].code.strip()
    expect(visit.code).to_have_value(f"{starter}\n")
    judged(visit, starter, "fail")
    judged(visit, beside(judge, "solution").read_text("utf-8"), "pass")


def test_page_that_keeps_nothing_says_so(visit):
    visit.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    visit.open(f"problems/{PROBLEM}/")
    visit.page.get_by_role("button", name=visit.words["judge open"]).click()
    judged(visit, "x = 1", "error")
    language = "en" if visit.base.endswith("/en/") else "zh"
    said = visit.page.locator(".answer-here [role=status]")
    expect(said).to_have_text(words("browser", language)["not kept"])
