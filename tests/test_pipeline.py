"""From pages to a published site, by the commands a contributor uses."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time


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


def test_killed_build_leaves_a_whole_site(handbook):
    whole = len(list((handbook.root / "site").rglob("*")))
    delays = random.Random(0)
    for _ in range(8):
        build = subprocess.Popen(
            [sys.executable, "-m", "verify.publishing"],
            cwd=handbook.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(delays.uniform(0.2, 4))
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        assert len(list((handbook.root / "site").rglob("*"))) == whole
    assert handbook.site().returncode == 0
    assert len(list((handbook.root / "site").rglob("*"))) == whole


def test_two_builds_at_once_both_publish(handbook):
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
