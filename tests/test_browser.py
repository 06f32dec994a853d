"""The published pages in a real browser: the policy in each page lets it work, and nothing more."""

import functools
import http.server
import pathlib
import shutil
import sys
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PAGES = ["", "lessons/waves/", "labs/light/", "about/verification/", "404.html"]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def executable() -> str:
    """The browser of this machine; a missing one fails, for a skipped check checks nothing."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [MAC] if sys.platform == "darwin" and pathlib.Path(MAC).exists() else []
    assert found, "no Chromium or Chrome was found. Install one: sudo apt-get install chromium"
    return found[0]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(published_with_lab):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(published_with_lab.root / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def page(browser: Browser):
    """A page that keeps what its policy refused, and every address it asked for."""
    opened = browser.new_page()
    opened.add_init_script(
        "window.refused = []; document.addEventListener('securitypolicyviolation', "
        "event => window.refused.push(event.violatedDirective + ' ' + event.blockedURI))"
    )
    opened.asked, opened.said = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.said.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: opened.said.append(f"error: {error}"))
    yield opened
    opened.close()


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES[:-1])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(page, address, scheme, path, language):
    page.emulate_media(color_scheme=scheme)
    page.goto(address + language + path, wait_until="networkidle")
    folded = page.locator("details:not([open]) > summary")
    for number in range(folded.count()):
        folded.first.click()
    found = Axe().run(page).response["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found]


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES[:-1])
def test_page_fits_a_phone(page, address, path, language):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + language + path, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_lab_figure_follows_the_palette(page, address):
    page.emulate_media(color_scheme="dark")
    page.goto(address + "labs/light/", wait_until="networkidle")
    ink = "getComputedStyle(document.querySelector('figure.drawing svg text')).fill"
    text = "getComputedStyle(document.querySelector('article p')).color"
    assert page.evaluate(ink) == page.evaluate(text)


def refused(page: Page) -> list[str]:
    return page.evaluate("window.refused")


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES)
def test_page_keeps_its_policy(page, address, language, path):
    if language and path == "404.html":
        language = ""  # one page for both languages, at the root
    page.goto(address + language + path, wait_until="networkidle")
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
    page.locator("label[for=__palette_1]").first.click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert refused(page) == []
    # A mouth full of 404s would be one too: the page for what is missing names addresses at the root.
    assert not [line for line in page.said if line.startswith("error")], page.said
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        address.split("/")[2]
    }


@pytest.mark.parametrize("language, word", [("", "正弦"), ("en/", "sine")])
def test_search_works_under_the_policy(page, address, language, word):
    page.goto(f"{address}{language}?q={word}", wait_until="networkidle")
    page.wait_for_selector(".md-search-result__link")
    assert "lessons/waves/" in page.locator(".md-search-result__link").first.get_attribute("href")
    assert refused(page) == []


def test_code_can_be_copied_and_figures_are_drawn_under_the_policy(page, address):
    page.goto(address + "lessons/waves/", wait_until="networkidle")
    page.locator("summary").first.click()
    box = page.locator("figure.drawing svg").bounding_box()
    assert box["width"] > 200 and box["height"] > 100
    page.locator(".md-code__button, .md-clipboard").first.click()
    assert refused(page) == []


@pytest.mark.parametrize(
    "code, directive",
    [
        ("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))", "script-src"),
        ("new Image().src = 'https://example.org/x.png'", "img-src"),
        ("fetch('https://example.org/').catch(() => 0)", "connect-src"),
        ("document.body.setAttribute('onclick', '1')", "script-src"),
    ],
)  # fmt: skip
def test_policy_refuses_what_was_not_in_the_page(page, address, code, directive):
    page.goto(address, wait_until="networkidle")
    page.evaluate(code)
    page.wait_for_function("window.refused.length > 0", timeout=5000)
    assert refused(page)[0].startswith(directive)
