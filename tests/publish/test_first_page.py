"""On a fresh clone the preview shows pages at once, and what programs give when they have run."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.publish.test_preview import started
from tests.support.browser import launched
from tests.support.handbooks import TinyHandbook

PAGE = """---
title: {title}
description: Slow.
cpu_seconds: 20
cpu_seconds_because: it has to take longer than a browser
---

# {title}

```python
total = sum(range({steps}))
print("the {title} page has run")
```
"""


@pytest.fixture
def fresh(handbook: TinyHandbook) -> TinyHandbook:
    """The tiny handbook as it was cloned: nothing has run, nothing is published."""
    shutil.rmtree(handbook.root / ".handbook")
    (handbook.root / "site").unlink()
    return handbook


def write(handbook: TinyHandbook, title: str, seconds: int) -> None:
    """A page whose program computes for about so long on a quiet machine, and longer on a busy one,
    as the browser does that has to be faster.
    """
    for language in ("zh", "en"):
        file = handbook.root / "docs" / language / f"{title}.md"
        file.write_text(PAGE.format(title=title, steps=seconds * 60_000_000), "utf-8")


def test_an_open_page_runs_first_and_its_outputs_appear_by_themselves(fresh):
    for number in range(6):
        write(fresh, f"before{number}", 2)
    write(fresh, "zebra", 1)  # the last of all, by its name
    assert fresh.command("handbook", "in-line", "all").returncode == 0
    with launched() as browser, browser.new_page() as page, started(fresh) as preview:
        assert not (fresh.root / "site").exists()
        errors = []
        page.on("pageerror", lambda error: errors.append(error))
        page.goto(f"{preview.address}en/zebra/")
        block = page.locator("[data-program]")
        expect(block).to_have_text(
            re.compile("Waiting to run: number 1 |Running …"), timeout=300_000
        )
        page.evaluate("window.still = 'the same page, not loaded again'")
        output = page.get_by_text("the zebra page has run", exact=True)
        expect(output).to_be_visible(timeout=600_000)
        expect(block).to_have_count(0)
        assert page.evaluate("window.still")
        assert "before5.md:10" not in preview.said  # It did not wait until the others had run.
        expect(page.locator(".stamp")).to_be_visible()
        expect(page.locator("article .md-code__nav")).to_have_count(1)  # Material's copy button
        assert not errors
        page.goto(f"{preview.address}zebra/")  # The other language has it too.
        expect(page.get_by_text("the zebra page has run", exact=True)).to_be_visible()
        preview.wait(lambda: "site/ published" in preview.said)
        assert "the zebra page has run" in fresh.html("en/zebra/index.html")
        assert "data-program" not in fresh.html("en/zebra/index.html")


def test_a_program_that_fails_says_so_on_its_page_and_publishes_nothing(fresh):
    fresh.replace("docs/en/index.md", "assert sum(x) == 6", "assert sum(x) == 7")
    with started(fresh) as preview, launched() as browser:
        page = browser.new_page()
        page.goto(f"{preview.address}en/")
        said = page.get_by_text("It did not run to its end: AssertionError")
        expect(said.first).to_be_visible(timeout=600_000)
        assert "docs/en/index.md:" in preview.said and "Traceback" not in preview.said
        assert not (fresh.root / "site").exists()
        fresh.replace("docs/en/index.md", "assert sum(x) == 7", "assert sum(x) == 6")
        expect(page.locator("[data-program]")).to_have_count(0, timeout=600_000)
        preview.wait(lambda: "site/ published" in preview.said)
