"""What the proof costs whoever works on the handbook: every check, the first page, one page more."""

import contextlib
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from benchmarks.measure import Row, Run, module, must, run, say
from benchmarks.verification import copy
from handbook.book.handbook import Handbook
from handbook.book.questions import question_of
from handbook.pages.page import Page
from handbook.settings import ROOT

# Before mutations were programs, faults ran in forked processes and the preview ran what is open.
BASE = "d7088a2"
FIRST_PAGE = 60  # seconds
ONE_PAGE = 40  # seconds of processor time
PROSE = 400  # MB
KILLS = 100


def rows(folder: pathlib.Path) -> list[Row]:
    """All of it; `folder` is empty. Packages have to be in uv's cache: each clone installs them."""
    first, prose = _first_page(folder / "first"), _prose(folder / "prose")
    page, kills = _one_page(folder / "page"), _kills()
    cold, warm = _everything(folder)
    return [first, *prose, page, kills, cold, warm, three_times(cold, page)]


def _clone(target: pathlib.Path, commit: str = "HEAD") -> pathlib.Path:
    must(run("git", "clone", "-q", str(ROOT), str(target), cwd=ROOT))
    must(run("git", "checkout", "-q", commit, cwd=target))
    return target


def three_times(cold: Row, page: Row) -> Row:
    """How long every check would take of a book with three times as many questions; computed."""
    questions = len(Handbook.at(ROOT).questions("en"))
    cores = os.cpu_count()
    return Row(
        {"zh": "题目是现在三倍时的全部检查（推算）", "en": "Every check of a book with three times as many questions (computed)"},
        {"zh": "", "en": ""},
        cold.ours + 2 * questions * page.ours / cores,
        0,
        "s",
        {"zh": "", "en": ""},
        True,
        {
            "zh": f"再加 {2 * questions} 道题，每道 {page.ours:.1f} 秒处理器时间，{cores} 核；流水线自己的测试不变",
            "en": f"{2 * questions} questions more, at {page.ours:.1f} s of processor time each, on {cores} cores; the pipeline's own tests stay as they are",
        },
    )  # fmt: skip


def _everything(folder: pathlib.Path) -> list[Row]:
    """Every check on a fresh clone, then again with nothing changed; before and now."""
    took: dict[str, list[Run]] = {}
    for commit in ("HEAD", BASE):
        clone = _clone(folder / commit, commit)
        took[commit] = []
        for command in (("bash", ".ci/run"), ("make", "test")):
            say(f"{' '.join(command)} at {commit}")
            done = run(*command, cwd=clone, CI="true")
            say(f"  {done.seconds:.0f} s, exit code {done.code}")
            if commit == "HEAD":
                must(done)
            took[commit].append(done)
        shutil.rmtree(clone)
    (cold, warm), (old_cold, old_warm) = took["HEAD"], took[BASE]
    against = {"zh": f"提交 {BASE}，那时的内容", "en": f"commit {BASE}, with its content"}
    return [
        Row(
            {"zh": "全部检查，新克隆，包已下载", "en": "Every check, on a fresh clone, packages downloaded"},
            against,
            cold.seconds,
            old_cold.seconds,
            "s",
            {"zh": "不超过一半", "en": "at most half"},
            cold.seconds <= old_cold.seconds / 2,
            contents(old_cold),
        ),
        Row(
            {"zh": "再来一次 `make test`，什么都没改", "en": "`make test` again, nothing changed"},
            against,
            warm.seconds,
            old_warm.seconds,
            "s",
            {"zh": "不超过三分之一", "en": "at most a third"},
            warm.seconds <= old_warm.seconds / 3,
            contents(old_warm),
        ),
    ]  # fmt: skip


def contents(other: Run | None) -> dict[str, str]:
    """How much is checked on either side, and whether the other side's tests failed."""
    (ours, programs), (theirs, other_programs) = _contents("HEAD"), _contents(BASE)
    zh = f"现在 {programs} 个程序、{ours} 处故意改错，那时 {other_programs} 个、{theirs} 处"
    en = (
        f"{programs} programs and {ours} changes on purpose now, {other_programs} and {theirs} then"
    )
    if other and other.code:
        return {"zh": f"{zh}；那一边有测试没有通过", "en": f"{en}; on the other side a test failed"}
    return {"zh": zh, "en": en}


def _contents(commit: str) -> tuple[int, int]:
    """Changes on purpose and programs of a commit."""
    claims = run("git", "grep", "-h", "-E", "^(- | *)claim:", commit, "--", "*.yml", cwd=ROOT)
    files = must(run("git", "ls-tree", "-r", "--name-only", commit, "snippets", cwd=ROOT))
    programs = [name for name in files.output.split() if name.endswith(".py")]
    return len(claims.output.splitlines()), len(programs)


@contextlib.contextmanager
def _serving(root: pathlib.Path, target: str):
    """Run `make serve` or `make preview`; yields the seconds until it answered with a page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.monotonic()
    process = subprocess.Popen(
        ("make", target, f"PORT={port}"),
        cwd=root,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/en/problems/cnn/"):
            if process.poll() is not None or time.monotonic() > start + 600:
                raise RuntimeError(f"make {target} shows nothing")
            time.sleep(0.1)
        yield time.monotonic() - start
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(address: str) -> bool:
    with contextlib.suppress(urllib.error.URLError, ConnectionError):
        with urllib.request.urlopen(address, timeout=60) as answer:
            return b"<article" in answer.read()
    return False


def _first_page(clone: pathlib.Path) -> Row:
    _clone(clone)
    must(run("make", ".venv/ready", cwd=clone))
    say("make serve on a fresh clone, packages installed")
    with _serving(clone, "serve") as seconds:
        say(f"  {seconds:.1f} s to the first page")
    return Row(
        {"zh": "新克隆上的 `make serve`：装好包之后多久看到页面", "en": "`make serve` on a fresh clone: the first page, once packages are installed"},
        {"zh": "", "en": ""},
        seconds,
        0,
        "s",
        {"zh": f"{FIRST_PAGE} 秒以内", "en": f"under {FIRST_PAGE} s"},
        seconds <= FIRST_PAGE,
        {"zh": "此时还没有程序运行过；输出随后自己出现", "en": "no program has run by then; outputs appear by themselves"},
    )  # fmt: skip


def _prose(clone: pathlib.Path) -> list[Row]:
    _clone(clone)
    say("the packages of make preview")
    seconds = must(run("make", ".venv-prose/ready", cwd=clone)).seconds
    size = int(must(run("du", "-sk", ".venv-prose", cwd=clone)).output.split()[0]) / 1000
    with _serving(clone, "preview") as first:
        say(f"  {size:.0f} MB, {seconds:.1f} s, then {first:.1f} s to the first page")
    return [
        Row(
            {"zh": "只改文字要装多少（`make preview`）", "en": "What editing text alone installs (`make preview`)"},
            {"zh": "", "en": ""},
            size,
            0,
            "MB",
            {"zh": f"{PROSE} MB 以内", "en": f"under {PROSE} MB"},
            size < PROSE,
            {
                "zh": f"包已下载时安装用 {seconds:.1f} 秒，再过 {first:.1f} 秒看到页面",
                "en": f"installed in {seconds:.1f} s when downloaded; the first page {first:.1f} s later",
            },
        )
    ]  # fmt: skip


def _one_page(folder: pathlib.Path) -> Row:
    """Its programs and mutations by their records, and its share of a build."""
    copy(folder)
    must(module("handbook", "run", "--mutations", cwd=folder))
    handbook = Handbook.at(folder)
    costs = sorted(_cost(page, handbook) for page in handbook.pages("en") if question_of(page))
    middle, most = costs[len(costs) // 2], costs[-1]
    pages = len(handbook.pages("zh")) + len(handbook.pages("en"))
    say("one more question page: a whole build, in processor time")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    must(run(sys.executable, "-m", "handbook", "site", cwd=folder))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    build = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    ours, largest = (cost + 2 * build / pages for cost in (middle, most))
    say(f"  {ours:.1f} s, of which the build {2 * build / pages:.1f} s")
    return Row(
        {"zh": "多一道题（程序、变异、两种语言的构建），处理器时间", "en": "One more question (programs, mutations, build in both languages), processor time"},
        {"zh": "", "en": ""},
        ours,
        0,
        "s",
        {"zh": f"{ONE_PAGE} 秒以内", "en": f"under {ONE_PAGE} s"},
        ours <= ONE_PAGE,
        {
            "zh": f"{len(costs)} 道题的中位数；最贵的一道 {largest:.1f} 秒",
            "en": f"the median of {len(costs)} questions; the dearest takes {largest:.1f} s",
        },
    )  # fmt: skip


def _cost(page: Page, handbook: Handbook) -> float:
    """Processor time of a question's programs and mutations."""
    files = {part.file for program in page.programs for part in program.parts}
    mutated = [m.program for m in handbook.mutations() if m.program.parts[0].file in files]
    found = [handbook.record(program) for program in (*page.programs, *mutated)]
    if not all(found):
        raise RuntimeError(f"{page.path} has not run. Run: make test")
    return sum(record.result.cpu_seconds for record in found)


def _kills() -> Row:
    say(f"builds killed at {KILLS} moments")
    must(module("pytest", "tests/publish", "-q", "-k", "killed_at", cwd=ROOT, KILLS=str(KILLS)))
    return Row(
        {"zh": "在不同时刻杀掉构建，每次站点都完整", "en": "Builds killed at moments of all kinds, the site whole each time"},
        {"zh": "", "en": ""},
        KILLS,
        0,
        "",
        {"zh": "每一次", "en": "every time"},
        True,
    )  # fmt: skip
