"""The page for what is missing leads home on every kind of host."""

import pytest

from tests.support.handbooks import FIRST_COMMIT, commit, copy_of, git
from tests.support.serving import serving

FOLDER = "handbook/"


@pytest.fixture(scope="module")
def told_its_folder(published, tmp_path_factory):
    """A site that was built for an address in a folder."""
    handbook = copy_of(published, tmp_path_factory.mktemp("told"))
    (handbook.root / ".gitignore").write_text("/.handbook/\n/site\n", "utf-8")
    git(handbook.root, "init", "--quiet")
    commit(handbook.root, FIRST_COMMIT)
    base = f"https://example.org/{FOLDER}"
    handbook.environment = {"SITE_URL": base, "SITE_URL_EN": f"{base}en/"}
    result = handbook.publish()
    assert result.returncode == 0, result.stdout
    return handbook


@pytest.fixture(params=["at the root", "at the root, told", "in a folder", "in a folder, told"])
def host(request, published, published_whole, tmp_path):
    """Where a site stands, which was told its address or was not."""
    if request.param == "in a folder, told":
        handbook = request.getfixturevalue("told_its_folder")
    else:
        handbook = published_whole if request.param == "at the root, told" else published
    folder = FOLDER if "folder" in request.param else ""
    site = (handbook.root / "site").resolve()
    served = tmp_path / "served"
    if folder:
        served.mkdir()
        (served / "index.html").write_text("<h1>Another site</h1>", "utf-8")
        (served / FOLDER.strip("/")).symlink_to(site, target_is_directory=True)
    with serving(served if folder else site, missing=site / "404.html") as address:
        yield f"{address}/{folder}"


@pytest.mark.parametrize("path", ["none/", "en/none/deep/", "none"])
def test_missing_page_leads_home_in_both_languages(page, host, path):
    for choose, home in (
        ("article a:not([lang]) >> nth=0", ""),
        ("article a >> nth=1", "en/"),
        ("a.language-switch", "en/"),
        (".md-header a.md-logo", ""),
    ):
        assert page.goto(host + path, wait_until="networkidle").status == 404
        page.locator(choose).click()
        page.wait_for_url(host + home)
        assert page.locator(".md-header").count() == 1


def test_missing_page_has_its_style(page, host):
    page.goto(host + "none/", wait_until="networkidle")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.md-header')).position === 'sticky'"
    )
