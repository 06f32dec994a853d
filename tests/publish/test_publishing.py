"""A site is published whole or not at all, by the commands a contributor uses."""

import collections
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.support.forked import TIMEOUT
from tests.support.handbooks import ROOT, copy_of


def test_unchanged_handbook_runs_no_program_and_says_so(handbook):
    result = handbook.site()
    assert result.returncode == 0, result.stdout
    assert "no program needs to run: all 2 have a valid record" in handbook.run().stdout
    assert "site/ published: 6 pages" in result.stdout


def test_site_is_not_built_again_until_something_it_is_made_from_changes(handbook):
    up_to_date = "site/ is up to date"
    build = (handbook.root / "site").resolve().name
    assert up_to_date in handbook.command("handbook", "site").stdout
    assert (handbook.root / "site").resolve().name == build
    for file in (
        "docs/en/index.md",
        "docs/overrides/assets/handbook.css",
        "snippets/lessons/waves.py",
        "mkdocs.en.yml",
        "handbook/site/extension.py",
        str(handbook.records()[0].relative_to(handbook.root)),
    ):
        path = handbook.root / file
        kept = path.read_text("utf-8")
        path.write_text(kept + "\n", "utf-8")
        assert up_to_date not in handbook.command("handbook", "site").stdout, file
        path.write_text(kept, "utf-8")
    assert handbook.publish().returncode == 0
    handbook.environment = {"SITE_VERSION": "another"}
    assert up_to_date not in handbook.command("handbook", "site").stdout


def test_site_that_is_gone_is_built_again(handbook):
    (handbook.root / "site").unlink()
    assert "site/ published" in handbook.command("handbook", "site").stdout
    assert handbook.html("en/index.html")


def test_missing_record_stops_the_build_and_leaves_the_old_site(handbook):
    before = os.readlink(handbook.root / "site")
    for record in handbook.records():
        if json.loads(record.read_text("utf-8"))["result"]["figures"] != [[]]:
            record.unlink()
    result = handbook.publish()
    assert result.returncode == 1
    for language in ("zh", "en"):
        assert (
            f"docs/{language}/lessons/waves.md:13: this block has not been run. Run make site."
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


def test_two_builds_of_the_same_records_are_the_same_bytes(handbook):
    def files() -> dict[str, bytes]:
        # Gzip and the sitemap hold the time of the build.
        timed = ("sitemap.xml", "sitemap.xml.gz")
        return {k: v for k, v in handbook.files().items() if not k.endswith(timed)}

    before = files()
    assert handbook.publish().returncode == 0
    assert files() == before


def test_build_killed_at_many_moments_leaves_a_whole_site(handbook):
    """A reader of site/ finds each file of the old site or each of the new one, at every moment."""
    kills, whole = int(os.environ.get("KILLS", 25)), set(handbook.files())
    driver = ROOT / "tests" / "support" / "kill_builds.py"
    killed = subprocess.run(
        [sys.executable, str(driver), str(kills)],
        cwd=handbook.root,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    assert killed.returncode == 0, killed.stdout + killed.stderr
    finished = int(re.search(r"(\d+) of them finished", killed.stdout)[1])
    assert finished < kills / 2, "hardly any build was interrupted"
    assert handbook.site().returncode == 0
    assert set(handbook.files()) == whole
    assert not list(handbook.root.glob(".site-*")), "a link was left behind"
    assert len(list((handbook.root / ".handbook" / "sites").iterdir())) == 2


KILLED_BEFORE_ITS_RENAME = """
import os
from handbook.publish import publishing
from handbook.settings import ROOT

rename = os.replace
os.replace = lambda old, new: os._exit(9) if new == ROOT / "site" else rename(old, new)
publishing.publish(ROOT)
"""


def test_build_killed_before_its_one_rename_leaves_nothing_for_the_next(handbook):
    build = [sys.executable, "-c", KILLED_BEFORE_ITS_RENAME]
    assert subprocess.run(build, cwd=handbook.root).returncode == 9
    assert handbook.publish().returncode == 0
    assert not list(handbook.root.glob(".site-*"))
    assert len(list((handbook.root / ".handbook" / "sites").iterdir())) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each language reads for itself")
def test_each_page_and_lab_is_read_once_in_a_build(published_whole, tmp_path):
    """In all its processes together: what was read before they fork is handed on to them."""
    handbook = copy_of(published_whole, tmp_path)
    handbook.environment = published_whole.environment
    note = tmp_path / "read.txt"
    reading = "raw = file.read_bytes()\n"
    noting = f"    with open({str(note)!r}, 'a') as note:\n        print(path, file=note)\n"
    handbook.replace("handbook/pages/text.py", reading, reading + noting)
    result = handbook.publish()
    assert "site/ published" in result.stdout, result.stdout
    found = [
        *(handbook.root / "docs").glob("[ze][hn]/**/*.md"),
        *(handbook.root / "snippets" / "labs").glob("*.py"),
    ]
    read = collections.Counter(note.read_text("utf-8").splitlines())
    assert len(found) > 10
    for file in found:
        path = file.relative_to(handbook.root).as_posix()
        assert read[path] == 1, f"{path} is read {read[path]} times"


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
        whole = set(handbook.files())
        (sites / "filler").write_bytes(bytes(shutil.disk_usage(sites).free - 2**19))
        result = handbook.publish()
        assert result.returncode == 1 and "Traceback" not in result.stdout, result.stdout
        assert "No space left on device" in result.stdout
        assert os.readlink(handbook.root / "site") == old and set(handbook.files()) == whole


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
    command = [sys.executable, "-m", "handbook", "site"]
    builds = [
        subprocess.Popen(command, cwd=handbook.root, stdout=subprocess.PIPE) for _ in range(2)
    ]
    assert [build.communicate() and build.returncode for build in builds] == [0, 0]
    assert handbook.html("en/index.html")
