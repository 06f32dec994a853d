"""From a block to the program that it is part of."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

PAGE = "lessons/waves/"


@pytest.mark.parametrize("language", ["", "en/"])
def test_title_of_a_block_leads_to_its_program_and_says_which_part_it_is(page, address, language):
    page.goto(address + language + PAGE)
    titles = page.locator(".highlight .filename")
    expect(titles.locator("small")).to_have_text(["1/2", "2/2"])
    answer = page.request.get(titles.first.locator("a").evaluate("link => link.href"))
    assert answer.ok and "total = np.sin(x)" in answer.text()


@pytest.mark.parametrize("language", ["", "en/"])
def test_block_that_continues_a_program_is_copied_with_what_stands_before(
    page, address, language, tmp_path
):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + language + PAGE)
    copiers = page.locator(".highlight .filename button")
    expect(copiers).to_have_count(1)  # Material's own button copies the first block.
    page.locator("article summary").first.click()
    before = copiers.inner_text()
    copiers.click()
    expect(copiers).not_to_have_text(before)
    copied = tmp_path / "copied.py"
    copied.write_text(page.evaluate("navigator.clipboard.readText()"), "utf-8")
    ran = subprocess.run([sys.executable, copied], capture_output=True, encoding="utf-8")
    assert ran.returncode == 0 and "largest error 2e-16" in ran.stdout, ran.stderr
