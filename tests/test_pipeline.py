"""From pages to a published site, by the commands a contributor uses."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest


def test_site_shows_what_the_programs_gave(published):
    for path, word in (
        ("lessons/waves/index.html", "输出"),
        ("en/lessons/waves/index.html", "Output"),
    ):
        html = published.html(path)
        assert re.search(
            rf'<span class="output-label">{word}</span>.*?largest error 2e-16', html, re.S
        )
        assert '<span class="value" title="lessons/waves.py">1.0</span>' in html
        assert '<span class="value" title="lessons/waves.py">50</span>' in html
        assert html.count("<figure") == 1 and "currentColor" in html
        assert "<math" in html and "\\sin" not in html
        assert re.search(r'class="stamp".*?<time datetime=".*?Python 3', html, re.S)
    assert 'aria-label="一条正弦曲线"' in published.html("lessons/waves/index.html")
    assert 'aria-label="a sine curve"' in published.html("en/lessons/waves/index.html")


def test_code_is_marked_only_where_it_has_a_colour(published_whole):
    for path in ("lessons/waves/index.html", "labs/light/index.html"):
        html = published_whole.html(path)
        assert '<span class="kn">import</span>' in html
        assert not re.search(r'<span class="[nop]">', html)


def test_language_switch_stays_on_the_page(published):
    assert 'href="../../en/lessons/waves/"' in published.html("lessons/waves/index.html")
    assert 'href="../../../lessons/waves/"' in published.html("en/lessons/waves/index.html")


def test_chinese_and_english_share_one_run(published):
    assert len(published.records()) == 2


def test_unchanged_handbook_runs_no_program_and_says_so(handbook):
    result = handbook.site()
    assert result.returncode == 0, result.stdout
    assert "no program needs to run: all 2 have a valid record" in handbook.run().stdout
    assert "site/ published: 6 pages" in result.stdout


def test_site_is_not_built_again_until_something_it_is_made_from_changes(handbook):
    up_to_date = "site/ is up to date"
    build = (handbook.root / "site").resolve().name
    assert up_to_date in handbook.command("verify.publishing").stdout
    assert (handbook.root / "site").resolve().name == build
    for file in (
        "docs/en/index.md",
        "docs/overrides/assets/handbook.css",
        "snippets/lessons/waves.py",
        "mkdocs.en.yml",
        "verify/showing.py",
        str(handbook.records()[0].relative_to(handbook.root)),
    ):
        path = handbook.root / file
        kept = path.read_text("utf-8")
        path.write_text(kept + "\n", "utf-8")
        assert up_to_date not in handbook.command("verify.publishing").stdout, file
        path.write_text(kept, "utf-8")
    assert handbook.publish().returncode == 0
    handbook.environment = {"SITE_VERSION": "another"}
    assert up_to_date not in handbook.command("verify.publishing").stdout


def test_site_that_is_gone_is_built_again(handbook):
    (handbook.root / "site").unlink()
    assert "site/ published" in handbook.command("verify.publishing").stdout
    assert handbook.html("en/index.html")


def test_one_changed_literal_runs_that_program_alone_and_changes_both_pages(handbook):
    handbook.replace("snippets/lessons/waves.py", "np.linspace(0, 6, 50)", "np.linspace(0, 6, 40)")
    ran = handbook.run()
    assert "1 to run" in ran.stdout and "lessons/waves.py" in ran.stdout, ran.stdout
    assert handbook.publish().returncode == 0
    for path in ("lessons/waves/index.html", "en/lessons/waves/index.html"):
        assert 'title="lessons/waves.py">40</span>' in handbook.html(path)


def test_changed_comment_runs_nothing(handbook):
    handbook.replace(
        "snippets/lessons/waves.py", "import numpy as np", "import numpy as np  # numbers"
    )
    assert "no program needs to run" in handbook.run().stdout


def test_one_page_can_be_listed_and_run(handbook):
    result = handbook.run("docs/zh/lessons/waves.md", "--collect-only")
    assert "line 14 · waves:data" in result.stdout and "index" not in result.stdout


def test_missing_record_stops_the_build_and_leaves_the_old_site(handbook):
    before = os.readlink(handbook.root / "site")
    for record in handbook.records():
        if json.loads(record.read_text("utf-8"))["result"]["figures"] != [[]]:
            record.unlink()
    result = handbook.publish()
    assert result.returncode == 1
    for language in ("zh", "en"):
        assert (
            f"docs/{language}/lessons/waves.md:14: this block has not been run. Run make site."
            in result.stdout
        )
    assert os.readlink(handbook.root / "site") == before
    assert handbook.html("index.html")


def test_site_folder_made_by_hand_is_not_lost(handbook):
    (handbook.root / "site").unlink()
    (handbook.root / "site").mkdir()
    (handbook.root / "site" / "mine.txt").write_text("mine", "utf-8")
    result = handbook.publish()
    assert (
        result.returncode == 1 and "site/ is a folder that make site did not make" in result.stdout
    )
    assert (handbook.root / "site" / "mine.txt").is_file()


def test_page_whose_mate_changed_says_so(handbook):
    handbook.replace("docs/zh/lessons/waves.md", "浮点误差", "舍入误差")
    assert handbook.site().returncode == 0
    assert 'class="admonition warning behind"' in handbook.html("en/lessons/waves/index.html")
    assert 'class="admonition warning behind"' not in handbook.html("lessons/waves/index.html")
    assert handbook.command("verify.languages", "lessons/waves.md").returncode == 0
    assert handbook.site().returncode == 0
    assert 'class="admonition warning behind"' not in handbook.html("en/lessons/waves/index.html")


def test_two_builds_of_the_same_records_are_the_same_bytes(handbook):
    def files() -> dict[str, bytes]:
        site = (handbook.root / "site").resolve()
        found = {
            p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()
        }
        # Gzip and the sitemap hold the time of the build.
        return {k: v for k, v in found.items() if not k.endswith(("sitemap.xml", "sitemap.xml.gz"))}

    before = files()
    assert handbook.publish().returncode == 0
    assert files() == before


def test_build_killed_at_a_hundred_moments_leaves_a_whole_site(handbook):
    """A reader of site/ finds each file of the old site or each of the new one, at every moment."""
    whole = names_in(handbook)
    driver = pathlib.Path(__file__).with_name("kill_builds.py")
    killed = subprocess.run(
        [sys.executable, str(driver), "100"],
        cwd=handbook.root,
        capture_output=True,
        encoding="utf-8",
        timeout=500,
    )
    assert killed.returncode == 0, killed.stdout + killed.stderr
    finished = int(re.search(r"(\d+) of them finished", killed.stdout)[1])
    assert finished < 50, "hardly any build was interrupted"
    assert handbook.site().returncode == 0
    assert names_in(handbook) == whole
    assert not list(handbook.root.glob(".site-*")), "a link was left behind"
    assert len(list((handbook.root / ".handbook" / "sites").iterdir())) == 2


def names_in(handbook) -> set[str]:
    """Every file of the published site."""
    site = (handbook.root / "site").resolve()
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


@pytest.fixture
def unwritable(handbook):
    """Make the handbook's folder unwritable, for root too; one program has no record."""
    handbook.replace("docs/zh/index.md", "sum(x))", "sum(x), x)")
    handbook.replace("docs/en/index.md", "sum(x))", "sum(x), x)")
    with mounted(handbook.root, ["--bind", str(handbook.root)]):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(handbook.root)], check=True)
        yield handbook


@contextlib.contextmanager
def mounted(place, arguments: list[str]):
    """Mount something at `place` for a while."""
    if os.geteuid() or sys.platform != "linux":
        pytest.skip("mounting needs root on Linux; README says so")
    subprocess.run(["mount", *arguments, str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_read_only_checkout_is_named(unwritable):
    assert unwritable.run("docs/zh/lessons/waves.md").returncode == 0
    for command in (unwritable.run, unwritable.publish):
        result = command()
        assert result.returncode != 0
        assert ".handbook:1: cannot be written" in result.stdout, result.stdout
        assert "Traceback" not in result.stdout and "INTERNALERROR" not in result.stdout


def test_full_disk_is_named_and_the_old_site_stays(handbook):
    sites = handbook.root / ".handbook" / "sites"
    old = os.readlink(handbook.root / "site")
    shutil.move(sites, handbook.root / "kept")
    sites.mkdir()
    with mounted(sites, ["-t", "tmpfs", "-o", "size=12m", "tmpfs"]):
        shutil.copytree(handbook.root / "kept", sites, dirs_exist_ok=True)
        whole = names_in(handbook)
        (sites / "filler").write_bytes(bytes(shutil.disk_usage(sites).free - 2**19))
        result = handbook.publish()
        assert result.returncode == 1 and "Traceback" not in result.stdout, result.stdout
        assert "No space left on device" in result.stdout
        assert os.readlink(handbook.root / "site") == old and names_in(handbook) == whole


def test_full_disk_while_records_are_written_is_named(handbook):
    records = handbook.root / ".handbook" / "records"
    shutil.rmtree(records)
    records.mkdir()
    with mounted(records, ["-t", "tmpfs", "-o", "size=64k", "tmpfs"]):
        (records / "filler").write_bytes(bytes(shutil.disk_usage(records).free))
        result = handbook.run()
        assert result.returncode != 0 and "No space left on device" in result.stdout
        assert "Traceback" not in result.stdout and "INTERNALERROR" not in result.stdout
    assert handbook.run().returncode == 0


def test_two_builds_at_once_both_publish(handbook):
    (handbook.root / ".handbook" / "published").unlink()
    command = [sys.executable, "-m", "verify.publishing"]
    builds = [
        subprocess.Popen(command, cwd=handbook.root, stdout=subprocess.PIPE) for _ in range(2)
    ]
    assert [build.communicate() and build.returncode for build in builds] == [0, 0]
    assert handbook.html("en/index.html")


def test_runner_that_passes_everything_is_found_out(handbook):
    handbook.replace(
        "verify/sessions.py", "result.error = _explain(", "result.value_errors[''] = _explain("
    )
    result = handbook.run()
    assert result.returncode != 0
    assert "verify/sessions.py:1: the runner passes a program that must fail" in result.stdout
