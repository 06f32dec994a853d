"""Formulas of the published handbook are drawn in the font that comes with it."""

import re
import shutil

import pytest

from tests.support.browser import launched
from tests.support.handbooks import ROOT

FONT = ROOT / "docs/overrides/assets/math/math.woff2"
SIGNS = re.compile(r"<(?:mi|mo|mn|mtext)(?: [^>]*)?>[^<]+</\w+>")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
STYLE = "@font-face { font-family: F; src: url(math.woff2) } math { font-family: F }"


@pytest.fixture(scope="module")
def browser():
    with launched() as started:
        yield started


@pytest.fixture
def fonts_of(browser, tmp_path):
    """Asks which fonts the browser draws each of some elements in, by what they hold."""

    def ask(signs: set[str]) -> dict[str, set[str]]:
        shutil.copy(FONT, tmp_path)
        formulas = "".join(f"<p><math>{sign}</math></p>" for sign in sorted(signs))
        (tmp_path / "signs.html").write_text(
            f"<meta charset=utf-8><style>{STYLE}</style>{formulas}"
        )
        page = browser.new_page()
        page.goto((tmp_path / "signs.html").as_uri(), wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        asked = page.context.new_cdp_session(page)
        for domain in ("DOM", "CSS"):
            asked.send(f"{domain}.enable")
        root = asked.send("DOM.getDocument")["root"]["nodeId"]
        found = asked.send("DOM.querySelectorAll", {"nodeId": root, "selector": "math > *"})
        fonts = {}
        for sign, node in zip(sorted(signs), found["nodeIds"], strict=True):
            used = asked.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            fonts[sign] = {font["familyName"] for font in used}
        page.close()
        return fonts

    return ask


def test_font_has_every_character_of_formulas(fonts_of):
    pages = [file.read_text("utf-8") for file in (ROOT / "site").rglob("*.html")]
    formulas = {formula for page in pages for formula in re.findall(r"<math.*?</math>", page, re.S)}
    signs = {CHINESE.sub("x", sign) for formula in formulas for sign in SIGNS.findall(formula)}
    assert len(signs) > 100, "there is no site. Run make site first"
    missing = {sign: used for sign, used in fonts_of(signs).items() if used != {"Handbook Math"}}
    assert not missing, "Add these to docs/overrides/assets/math/subset.py, and run it."


def test_a_character_that_the_font_has_not_is_seen(fonts_of):
    used = fonts_of({"<mi>x</mi>", "<mi>Ж</mi>"})
    assert used.pop("<mi>x</mi>") == {"Handbook Math"} and "Handbook Math" not in used.popitem()[1]
