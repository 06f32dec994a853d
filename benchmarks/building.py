"""Building: when nothing changed, at a thousand pages, and finding the programs of two thousand."""

import pathlib
import sys

from benchmarks import handbooks
from benchmarks.measure import BIN, Row, in_turn, module, must, run, say
from benchmarks.verification import copy
from handbook.languages import CONFIGURATIONS

SIZES = (250, 500, 1000)
PRUNE = "    - navigation.prune"
# Publishes the handbook in this folder, whose handbook/ is a link to this repository's.
PUBLISH = """
import pathlib
from handbook.publish import publishing
print(publishing.publish(pathlib.Path.cwd()))
"""
KEYS = """
import pathlib, time
from handbook.book.handbook import Handbook
from handbook.languages import LANGUAGES
handbook, start = Handbook(pathlib.Path.cwd()), time.monotonic()
programs = [p for x in LANGUAGES for page in handbook.pages(x) for p in page.programs]
keys = [handbook.key(program) for program in programs]
print(len(keys), time.monotonic() - start)
"""


def rows(folder: pathlib.Path) -> list[Row]:
    """All of it; `folder` is empty."""
    return [*_nothing_changed(folder), *_thousand(folder), _keys(folder)]


def _mkdocs(folder: pathlib.Path) -> float:
    """Seconds that stock MkDocs takes for both languages, one command each."""
    return sum(
        must(
            run(str(BIN / "mkdocs"), "build", "-q", "--no-strict", "-f", name, "-d", target, cwd=folder)
        ).seconds
        for name, target in zip(CONFIGURATIONS.values(), ("out", "out/en"), strict=True)
    )  # fmt: skip


def _nothing_changed(folder: pathlib.Path) -> list[Row]:
    whole, bare = folder / "whole", folder / "bare"
    copy(whole)
    for command in ("run", "site"):
        must(module("handbook", command, cwd=whole))
    handbooks.stock(whole, bare)
    (whole / ".venv").symlink_to(pathlib.Path(sys.prefix))
    say("nothing changed: make site against bare mkdocs build, three times each")
    site = ("make", "-o", ".venv/ready", "site")
    again = whole / ".handbook" / "published"

    def anew() -> float:
        again.unlink(missing_ok=True)
        return must(run(*site, cwd=whole)).seconds

    ours, built, theirs = in_turn(
        3, lambda: must(run(*site, cwd=whole)).seconds, anew, lambda: _mkdocs(bare)
    )
    say(f"  {ours:.1f} s; built anew {built:.1f} s; mkdocs {theirs:.1f} s")
    return [
        Row(
            {"zh": "什么都没改，`make site` 全程", "en": "Nothing changed, the whole of `make site`"},
            {"zh": "同样页面的 `mkdocs build`，两种语言", "en": "`mkdocs build` of the same pages, both languages"},
            ours,
            theirs,
            "s",
            {"zh": "不超过 1.3 倍", "en": "within 1.3 times"},
            ours <= 1.3 * theirs,
            {
                "zh": f"它核对过一切输入之后不再构建；强制重建用 {built:.1f} 秒",
                "en": f"it compares every input and builds nothing; made to build again it takes {built:.1f} s",
            },
        )
    ]  # fmt: skip


def _thousand(folder: pathlib.Path) -> list[Row]:
    ours, theirs, pruned = {}, {}, {}
    for size in SIZES:
        handbook, bare, bare_pruned = (folder / f"{name}-{size}" for name in ("s", "b", "p"))
        handbooks.synthetic(handbook, size, shared=True)
        must(module("pytest", "docs/zh", "-q", cwd=handbook))
        handbooks.stock(handbook, bare_pruned)
        handbooks.stock(handbook, bare)
        settings = bare / CONFIGURATIONS["zh"]
        lines = settings.read_text("utf-8").splitlines(keepends=True)
        settings.write_text("".join(x for x in lines if not x.startswith(PRUNE)), "utf-8")
        say(f"{size} synthetic pages per language")
        ours[size] = must(run(sys.executable, "-c", PUBLISH, cwd=handbook)).seconds
        theirs[size] = _mkdocs(bare)
        pruned[size] = _mkdocs(bare_pruned)
        say(f"  {ours[size]:.0f} s; mkdocs {theirs[size]:.0f} s, pruned {pruned[size]:.0f} s")
    small, large = SIZES[0], SIZES[-1]
    growth = ours[large] / ours[small]
    return [
        Row(
            {"zh": f"每种语言 {large} 个合成页：构建、导出、审查", "en": f"{large} synthetic pages per language: build, exports, audit"},
            {"zh": "同一主题的原版 mkdocs", "en": "stock mkdocs with the same theme"},
            ours[large],
            theirs[large],
            "s",
            {"zh": "不超过一半", "en": "at most half"},
            ours[large] <= theirs[large] / 2,
            {
                "zh": f"原版也打开 navigation.prune 时用 {pruned[large]:.0f} 秒",
                "en": f"with navigation.prune on as well, stock mkdocs takes {pruned[large]:.0f} s",
            },
        ),
        Row(
            {"zh": f"页数从 {small} 到 {large}，时间长多少", "en": f"Growth of that time from {small} to {large} pages"},
            {"zh": f"页数长 {large // small} 倍", "en": f"{large // small} times the pages"},
            growth,
            large / small,
            "",
            {"zh": "线性", "en": "linear"},
            growth <= 1.15 * large / small,
            {
                "zh": f"原版 mkdocs 长 {theirs[large] / theirs[small]:.1f} 倍",
                "en": f"stock mkdocs grows {theirs[large] / theirs[small]:.1f} times",
            },
        ),
    ]  # fmt: skip


def _keys(folder: pathlib.Path) -> Row:
    target = folder / "keys"
    handbooks.synthetic(target, 1000, shared=False)
    say("finding and keying the programs of 2,000 pages")
    count, seconds = must(run(sys.executable, "-c", KEYS, cwd=target)).output.split()
    say(f"  {count} programs, {float(seconds):.1f} s")
    return Row(
        {"zh": "在 2000 页里找出程序并算键", "en": "Finding and keying the programs of 2,000 pages"},
        {"zh": "", "en": ""},
        float(seconds),
        0,
        "s",
        {"zh": "10 秒以内", "en": "under 10 s"},
        float(seconds) < 10,
    )  # fmt: skip
