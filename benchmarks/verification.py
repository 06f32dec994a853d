"""Cold verification: every program of some pages, none of which has a record."""

import importlib.util
import pathlib
import re
import shutil

import nbformat.v4

from benchmarks.measure import BIN, Row, Run, module, must, run, say
from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
from handbook.pages.page import Page
from handbook.settings import ROOT

PASSED = re.compile(r"(\d+) passed")
NOTEBOOKS = {
    "zh": "它每页也只导入一次、每段也只运行一次；两种语言共用和两个核合起来，上限约 4 倍，再多只能来自导入",
    "en": "it too imports once for a page and runs each block once; two languages shared on two cores allow about 4 times, and only imports add to that",
}
FAILED = re.compile(r"(\d+) (?:failed|error)")


def rows(folder: pathlib.Path, every: int) -> list[Row]:
    """Compare with stock pytest-markdown-docs and with nbmake, on the same pages.

    Args:
        folder: an empty folder.
        every: take every n-th page that has programs, in both languages; 1 takes them all.
    """
    if importlib.util.find_spec("nbmake") is None:
        raise RuntimeError("nbmake is not installed. Run: make bench")
    ours, chosen = folder / "ours", _chosen(every)
    copy(ours)
    shutil.rmtree(ours / ".handbook")
    addresses = [page.path for page in chosen]
    blocks = sum(len(page.blocks) for page in chosen)
    say(f"cold: {len(chosen)} pages, {blocks} blocks: the handbook")
    cold = must(module("pytest", *addresses, "-q", cwd=ours, memory=True))
    say(f"  {cold.seconds:.0f} s; one TensorFlow process for its memory")
    single = must(
        run(str(BIN / "python"), str(_heaviest(chosen)), cwd=folder, memory=True, MPLBACKEND="agg")
    )
    say(f"  {single.peak_mib:.0f} MiB; stock pytest-markdown-docs")
    # One that takes longer than its goal needs is stopped there: the goal is decided.
    stock = _stock(folder / "stock", chosen, 7 * cold.seconds)
    say(f"  {stock.seconds:.0f} s, {_count(stock)}; nbmake")
    nbmake = _nbmake(folder / "nbmake", chosen, 8 * cold.seconds)
    say(f"  {nbmake.seconds:.0f} s, {_count(nbmake)}")
    sample = {
        "zh": f"{len(chosen)} 页，{blocks} 段代码",
        "en": f"{len(chosen)} pages, {blocks} blocks",
    }
    return [
        Row(
            {"zh": f"从零验证（{sample['zh']}）", "en": f"Cold verification ({sample['en']})"},
            {"zh": "原版 pytest-markdown-docs", "en": "stock pytest-markdown-docs"},
            cold.seconds,
            stock.seconds,
            "s",
            {"zh": "快 6 倍以上", "en": "at least 6 times faster"},
            stock.seconds >= 6 * cold.seconds,
            _failures(stock),
        ),
        Row(
            {"zh": "从零验证，同样的页", "en": "Cold verification, the same pages"},
            {"zh": "nbmake，每页一个内核", "en": "nbmake, one kernel per page"},
            cold.seconds,
            nbmake.seconds,
            "s",
            {"zh": "", "en": ""},
            True,
            NOTEBOOKS if nbmake.code == 0 else _failures(nbmake),
        ),
        Row(
            {"zh": "整次运行的峰值内存", "en": "Peak memory of the whole run"},
            {"zh": "这些页里一个 TensorFlow 程序单独运行", "en": "one TensorFlow program of these pages, run alone"},
            cold.peak_mib,
            single.peak_mib,
            "MiB",
            {"zh": "不到 3 倍", "en": "under 3 times"},
            cold.peak_mib < 3 * single.peak_mib,
        ),
    ]  # fmt: skip


def copy(target: pathlib.Path) -> None:
    """Copy this handbook with its records, without its site and its environment."""
    here = {".venv", ".venv-prose", ".git", "site", "node_modules"}

    def ignored(folder: str, names: list[str]) -> set[str]:
        if pathlib.Path(folder) == ROOT:
            return {name for name in names if name in here or name.startswith(".site-")}
        return {"__pycache__", "sites", "lent"}.intersection(names)

    shutil.copytree(ROOT, target, ignore=ignored)


def _chosen(every: int) -> list[Page]:
    handbook, found = Handbook.at(ROOT), []
    for language in LANGUAGES:
        pages = [page for page in handbook.pages(language) if page.blocks and not page.is_lab]
        found += pages[::every]
    return found


def _heaviest(chosen: list[Page]) -> pathlib.Path:
    """The TensorFlow program of these pages that has the most parts."""
    programs = [p for page in chosen for p in page.programs if p.parts[0].section]
    with_tensorflow = [p for p in programs if any("import tensorflow" in x.code for x in p.parts)]
    return ROOT / max(with_tensorflow, key=lambda p: len(p.parts)).parts[0].file


def _stock(folder: pathlib.Path, chosen: list[Page], limit: float) -> Run:
    """The same blocks as plain fences; a block of a program goes on from the one above it."""
    folder.mkdir()
    for number, page in enumerate(chosen):
        fences = []
        for block in page.blocks:
            goes_on = " continuation" if block.index else ""
            fences.append(f"```python{goes_on}\n{block.part.code}\n```\n")
        (folder / f"page_{number}.md").write_text("\n".join(fences), "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = ("pytest", "--markdown-docs", "-q", "--tb=no")
    return module(*command, cwd=folder, limit=limit, MPLBACKEND="agg")


def _nbmake(folder: pathlib.Path, chosen: list[Page], limit: float) -> Run:
    """The same blocks as the cells of one notebook for each page."""
    folder.mkdir()
    for number, page in enumerate(chosen):
        cells = [nbformat.v4.new_code_cell(block.part.code) for block in page.blocks]
        notebook = nbformat.v4.new_notebook(cells=cells)
        nbformat.write(notebook, folder / f"page_{number}.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = ("pytest", "--nbmake", "-q", "--tb=no")
    return module(*command, cwd=folder, limit=limit, MPLBACKEND="agg")


def _count(done: Run) -> str:
    if done.stopped:
        return "stopped before it ended"
    last = done.output.strip().splitlines()[-1] if done.output.strip() else "nothing"
    return last.strip("= ")


def _failures(done: Run) -> dict[str, str]:
    if done.stopped:
        return {
            "zh": "对方还没有跑完，到这里就停了：目标已有分晓",
            "en": "the other had not ended and was stopped here, since the goal was decided",
        }
    failed = sum(map(int, FAILED.findall(_count(done))))
    if not failed:
        return {"zh": "", "en": ""}
    return {
        "zh": f"它有 {failed} 处失败，时间因此偏少：程序改了同一进程里的设置",
        "en": f"it has {failed} failures, which shorten its time: programs change settings of the process they share",
    }
