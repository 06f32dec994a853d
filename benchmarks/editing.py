"""Editing while `make serve` runs: how long until the browser shows a sentence, or a program's output."""

import contextlib
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time

from playwright.sync_api import Page, sync_playwright

from benchmarks import handbooks
from benchmarks.building import PUBLISH
from benchmarks.measure import BIN, Row, module, must, run, say
from benchmarks.verification import copy

SERVE = """
import pathlib, sys
from handbook.publish import serving
serving.serve(pathlib.Path.cwd(), int(sys.argv[1]), prose=False)
"""
SIZES = {100: 1.0, 500: 3.0}  # pages per language → seconds that a change may take
TIMES = 5
# A TensorFlow program of a question: what is changed in it, and where it is shown.
PROGRAM = "questions/foundations/gradients/float16_loses_small_gradients.py"
ADDRESS = "en/questions/foundations/gradients/"


def rows(folder: pathlib.Path) -> list[Row]:
    """All of it; `folder` is empty."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox"],
        )
        page = chromium.new_page()
        found = [_program(folder / "whole", page)]
        found += [_sentence(folder / f"s{size}", size, page) for size in SIZES]
        chromium.close()
    return found


@contextlib.contextmanager
def serving(root: pathlib.Path):
    """Serve a handbook with its preview; yields the address once it has read both languages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    try:
        if not any(line.startswith("ready") for line in process.stdout):
            raise RuntimeError("the preview did not start")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def _shown(page: Page, file: pathlib.Path, old: str, new: str, text: str) -> float:
    """Seconds from saving a file until the open page shows some text."""
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    start = time.monotonic()
    page.wait_for_function(
        "text => document.body && document.body.textContent.includes(text)", arg=text, polling=20, timeout=60_000
    )  # fmt: skip
    return time.monotonic() - start


def _program(root: pathlib.Path, page: Page) -> Row:
    copy(root)
    for command in ("run", "site"):
        must(module("handbook", command, cwd=root))
    file = root / "snippets" / PROGRAM
    last = file.read_text("utf-8")
    marker = last.rstrip().splitlines()[-1]
    say("one program changed: the preview against the program in a fresh interpreter")
    with serving(root) as address:
        page.goto(address + ADDRESS)
        time.sleep(20)  # TensorFlow is loaded beside, as for someone who is still writing.
        times = []
        for number in range(TIMES):
            changed = f'print("change {number}")\n{marker}'
            file.write_text(last, "utf-8")
            page.wait_for_timeout(3000)
            times.append(_shown(page, file, marker, changed, f"change {number}"))
    alone = [
        must(run(str(BIN / "python"), str(file), cwd=root, MPLBACKEND="agg")).seconds
        for _ in range(3)
    ]
    ours, theirs = statistics.median(times), statistics.median(alone)
    say(f"  {ours:.1f} s; alone {theirs:.1f} s")
    return Row(
        {"zh": "改一个程序，浏览器显示新的输出", "en": "One program changed, its new output in the browser"},
        {"zh": "用新的解释器单独运行这个程序", "en": "that program alone in a fresh interpreter"},
        ours,
        theirs,
        "s",
        {"zh": "更快", "en": "faster"},
        ours < theirs,
        {"zh": "`make serve` 正在运行", "en": "with `make serve` running"},
    )  # fmt: skip


def _sentence(root: pathlib.Path, size: int, page: Page) -> Row:
    handbooks.synthetic(root, size, shared=True)
    must(module("pytest", "docs/zh", "-q", cwd=root))
    must(run(sys.executable, "-c", PUBLISH, cwd=root))
    file = root / "docs" / "en" / "topics" / "page_7.md"
    say(f"one sentence changed at {size} pages per language")
    with serving(root) as address:
        page.goto(address + "en/topics/page_7/")
        times, old = [], "# Page 7"
        for number in range(TIMES):
            new = f"# Page 7, change {number}"
            times.append(_shown(page, file, f"\n{old}\n", f"\n{new}\n", new[2:]))
            old = new
    seconds = statistics.median(times)
    say(f"  {seconds:.2f} s, at most {max(times):.2f} s")
    return Row(
        {"zh": f"改一句话，浏览器显示它（每种语言 {size} 页）", "en": f"One sentence changed, in the browser ({size} pages per language)"},
        {"zh": "", "en": ""},
        seconds,
        0,
        "s",
        {"zh": f"{SIZES[size]:g} 秒以内", "en": f"under {SIZES[size]:g} s"},
        seconds < SIZES[size],
        {"zh": f"{TIMES} 次的中位数，最慢 {max(times):.2f} 秒", "en": f"median of {TIMES}, the slowest {max(times):.2f} s"},
    )  # fmt: skip
