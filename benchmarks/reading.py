"""What a reader's browser loads and how it feels: weight over the wire, and Lighthouse."""

import contextlib
import functools
import gzip
import http.server
import json
import pathlib
import shutil
import statistics
import threading

from playwright.sync_api import sync_playwright

from benchmarks import handbooks
from benchmarks.measure import BIN, Row, must, run, say
from handbook.languages import CONFIGURATIONS
from handbook.settings import ROOT

HTML_KIB, FIRST_VIEW_KIB = 30, 300
ASKED = {
    "home": "",
    "question": "questions/positions/rope/",
    "problem": "problems/cnn/",
    "lab": "labs/why_deep_networks_die/",
}
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
WHY_HEAVY = {
    "zh": "程序、输出和图都在页面里，长文章就重；再轻只能拆页",
    "en": "Programs, their output and drawings are part of the page, so long articles are heavy; to be lighter they would have to be split",
}
WHY_SLOW = {
    "zh": "；主题启动时把整页的样式算好几遍，元素多的页面就慢",
    "en": "; the theme computes the style of the whole page several times when it starts, which is slow where a page has many elements",
}
LIGHTHOUSE = ROOT / "benchmarks" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".md", ".txt"}


def rows(folder: pathlib.Path) -> list[Row]:
    """All of it, on the published site; `folder` is empty."""
    bare = folder / "bare"
    handbooks.stock(ROOT, bare)
    for name, target in zip(CONFIGURATIONS.values(), ("out", "out/en"), strict=True):
        must(
            run(str(BIN / "mkdocs"), "build", "-q", "--no-strict", "-f", name, "-d", target, cwd=bare)
        )  # fmt: skip
    with serving((ROOT / "site").resolve()) as ours, serving(bare / "out") as theirs:
        return [*_weights(ours, theirs, bare / "out"), *_lighthouse(ours, theirs, folder)]


@contextlib.contextmanager
def serving(site: pathlib.Path):
    """Serve a folder as a host of static pages does: compressed, and with its type."""

    class Compressed(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            path = pathlib.Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            code = 200 if path.is_file() else 404
            content = path.read_bytes() if path.is_file() else b"not found"
            self.send_response(code)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Cache-Control", "max-age=600")
            if path.suffix in TEXT:
                content = gzip.compress(content)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content)

    handler = functools.partial(Compressed, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def _html_kib(site: pathlib.Path) -> dict[str, float]:
    """Weight of each content page of a site, gzipped, in KiB."""
    files = [f for f in site.rglob("index.html") if "about" not in f.parts]
    return {
        f.parent.relative_to(site).as_posix(): len(gzip.compress(f.read_bytes())) / 1024
        for f in files
    }


def _first_views(address: str) -> dict[str, tuple[float, int]]:
    """For each page asked for: KiB until it rests, everything counted, and requests elsewhere."""
    found = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for name, path in ASKED.items():
            page = chromium.new_context().new_page()  # a new context has an empty cache
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            weights, elsewhere = [], []
            session.on(
                "Network.loadingFinished", lambda e, w=weights: w.append(e["encodedDataLength"])
            )
            page.on("request", lambda r, x=elsewhere: x.append(r.url))
            page.goto(address + path, wait_until="networkidle")
            other = [url for url in elsewhere if not url.startswith((address, "data:"))]
            found[name] = (sum(weights) / 1024, len(other))
        chromium.close()
    return found


def _weights(ours: str, theirs: str, bare: pathlib.Path) -> list[Row]:
    say("weight of every page, and what a first view loads")
    mine, plain = _html_kib((ROOT / "site").resolve()), _html_kib(bare)
    heavy, plain_heavy = (
        [n for n, kib in site.items() if kib > HTML_KIB] for site in (mine, plain)
    )
    views, bare_views = _first_views(ours), _first_views(theirs)
    heaviest = max(views, key=lambda name: views[name][0])
    outside = sum(count for _, count in views.values())
    say(
        f"  median {statistics.median(mine.values()):.0f} KiB, {len(heavy)} above {HTML_KIB}; {views}"
    )
    return [
        Row(
            {"zh": f"一页的 HTML，压缩后（{len(mine)} 页的中位数）", "en": f"HTML of a page, gzipped (median of {len(mine)})"},
            {"zh": "同样的页，原版 Material 与 mkdocs-jupyter", "en": "the same pages, plain Material and mkdocs-jupyter"},
            statistics.median(mine.values()),
            statistics.median(plain.values()),
            "KiB",
            {"zh": f"每页不超过 {HTML_KIB} KiB", "en": f"each under {HTML_KIB} KiB"},
            not heavy,
            {
                "zh": f"{len(heavy)} 页超过，最重 {max(mine.values()):.0f} KiB；原版 {len(plain_heavy)} 页超过，最重 {max(plain.values()):.0f} KiB。{WHY_HEAVY['zh'] if heavy else ''}",
                "en": f"{len(heavy)} pages are above, the heaviest has {max(mine.values()):.0f} KiB; {len(plain_heavy)} plain pages are, the heaviest with {max(plain.values()):.0f} KiB. {WHY_HEAVY['en'] if heavy else ''}",
            },
        ),
        Row(
            {"zh": "首次打开一页，全部下载（首页、面试题、编程题、实验里最重的）", "en": "A first view, everything (the heaviest of home, a question, a problem, a lab)"},
            {"zh": "同一页，原版 Material", "en": "the same page, plain Material"},
            views[heaviest][0],
            bare_views[heaviest][0],
            "KiB",
            {"zh": f"不超过 {FIRST_VIEW_KIB} KiB，不请求别的主机", "en": f"under {FIRST_VIEW_KIB} KiB, nothing from another host"},
            views[heaviest][0] < FIRST_VIEW_KIB and not outside,
            {"zh": f"向别的主机请求 {outside} 次", "en": f"{outside} requests to another host"},
        ),
    ]  # fmt: skip


def _lighthouse(ours: str, theirs: str, folder: pathlib.Path) -> list[Row]:
    found = []
    for name, path in ASKED.items():
        say(f"Lighthouse: {name}")
        mine, plain = _scores(ours + path, folder), _scores(theirs + path, folder)
        say(f"  {mine}; plain {plain}")
        words = {"home": "首页", "question": "面试题", "problem": "编程题", "lab": "实验"}
        others = [key for key in SCORES if key != "performance"]
        why = WHY_SLOW if mine["performance"] < SCORES["performance"] else {"zh": "", "en": ""}
        found.append(
            Row(
                {"zh": f"Lighthouse，手机，限速：{words[name]}", "en": f"Lighthouse, mobile, throttled: {name}"},
                {"zh": "同一页，原版 Material", "en": "the same page, plain Material"},
                mine["performance"],
                plain["performance"],
                "",
                {"zh": "性能 ≥ 95，其余 100", "en": "performance ≥ 95, the others 100"},
                all(mine[key] >= least for key, least in SCORES.items()),
                {
                    "zh": "其余三项 " + " / ".join(f"{mine[key]:.0f}" for key in others) + "；原版 " + " / ".join(f"{plain[key]:.0f}" for key in others) + why["zh"],
                    "en": "the other three " + " / ".join(f"{mine[key]:.0f}" for key in others) + "; plain " + " / ".join(f"{plain[key]:.0f}" for key in others) + why["en"],
                },
            )
        )  # fmt: skip
    return found


def _scores(url: str, folder: pathlib.Path) -> dict[str, float]:
    """The median of three runs of Lighthouse, for each category, from 0 to 100."""
    runs = []
    for _ in range(3):
        report = folder / "lighthouse.json"
        must(
            run(
                str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={report}",
                f"--only-categories={','.join(SCORES)}",
                "--chrome-flags=--headless=new --no-sandbox --disable-background-networking",
                cwd=folder, CHROME_PATH=_chromium(),
            )
        )  # fmt: skip
        categories = json.loads(report.read_text("utf-8"))["categories"]
        runs.append({key: 100 * (categories[key]["score"] or 0) for key in SCORES})
    return {key: statistics.median(scores[key] for scores in runs) for key in SCORES}


def _chromium() -> str:
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not found:
        raise RuntimeError("no Chromium was found. Install it: sudo apt-get install chromium")
    return found
