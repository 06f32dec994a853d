"""The published site, in a browser."""

import pytest

from handbook.languages import PREFIXES
from handbook.settings import ROOT
from tests.support.browser import launched
from tests.support.serving import serving
from tests.support.visit import Visit


@pytest.fixture(scope="module")
def address():
    assert (ROOT / "site" / "index.html").is_file(), "there is no site. Run make site first"
    with serving(ROOT / "site") as served:
        yield f"{served}/"


@pytest.fixture(scope="module")
def browser():
    with launched() as started:
        yield started


@pytest.fixture(params=PREFIXES)
def visit(request, browser, address):
    page = browser.new_page()
    yield Visit(page, address, request.param)
    page.close()
