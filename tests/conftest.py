"""A tiny handbook to break: the project's own pipeline on two small pages."""

import contextlib
import functools
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Handbook:
    """A copy of the tiny handbook, driven as a contributor drives it: by commands."""

    def __init__(self, root: pathlib.Path, environment: dict[str, str] | None = None) -> None:
        self.root = root
        self.environment = environment or {}
        self.address = ""  # where its site is served, if it is

    def command(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a Python module in the handbook's folder; its output has both streams."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.root,
            env=kept | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )

    def run(self, *pages: str) -> subprocess.CompletedProcess:
        """Run the programs of the pages, or of all of them."""
        everything = [x for x in ("docs", "snippets/labs") if (self.root / x).is_dir()]
        return self.command("pytest", "-q", "-p", "no:cacheprovider", *(pages or everything))

    def publish(self) -> subprocess.CompletedProcess:
        """Build, audit and publish, whether anything has changed or not."""
        with contextlib.suppress(OSError):
            (self.root / ".handbook" / "published").unlink(missing_ok=True)
        return self.command("verify.publishing")

    def workflows(self) -> subprocess.CompletedProcess:
        """Check the workflows."""
        return self.command("verify.workflows")

    def site(self) -> subprocess.CompletedProcess:
        """What `make site` does: run, then publish if that went well."""
        ran = self.run()
        return ran if ran.returncode else self.publish()

    def replace(self, path: str, old: str, new: str) -> None:
        """Change the text of a file; the old text must stand in it."""
        file = self.root / path
        text = file.read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), "utf-8")

    def html(self, path: str) -> str:
        """A file of the published site."""
        return (self.root / "site" / path).read_text("utf-8")

    def records(self) -> list[pathlib.Path]:
        """The records on disk."""
        return sorted((self.root / ".handbook" / "records").glob("*.json"))


def assemble(root: pathlib.Path, whole: bool = False) -> Handbook:
    """Put the tiny handbook together at `root`, with a lab and questions or, faster, without."""
    shutil.copytree(ROOT / "tests" / "handbook", root)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "verify", root / "verify", ignore=ignore)
    shutil.copytree(ROOT / "docs" / "overrides", root / "docs" / "overrides")
    shutil.copytree(ROOT / ".github" / "workflows", root / ".github" / "workflows")
    for name in ("conftest.py", "uv.lock"):
        shutil.copy(ROOT / name, root / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (ROOT / name).read_text("utf-8")
        text = text[: text.index("\nnav:")] + "\n"
        # A dictionary of a few words: the whole one takes a second to load.
        text = text.replace(
            "    lang: [zh, en]\n", "    lang: [zh, en]\n    jieba_dict: words.txt\n"
        )
        if not whole:  # What labs need takes a second to load.
            text = re.sub(r"\n  mkdocs-jupyter:.*?(?=\n\n|\n  \w)", "", text, flags=re.DOTALL)
        (root / name).write_text(text, "utf-8")
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    settings = re.sub(
        r"preload = \[.*?\]", 'preload = ["matplotlib.pyplot"]', settings, flags=re.DOTALL
    )
    settings = re.sub(r"files_gib = \d+", "files_gib = 0.05", settings)
    seconds = 20 if whole else 4  # a kernel has to start
    settings = re.sub(r"seconds = \d+", f"seconds = {seconds}", settings)
    (root / "pyproject.toml").write_text(settings, "utf-8")
    if whole:
        shutil.copytree(ROOT / "tests" / "whole", root, dirs_exist_ok=True)
    handbook = Handbook(root)
    assert handbook.command("verify.languages", "all").returncode == 0
    return handbook


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    """The tiny handbook, run and published once; copy it before you change it."""
    handbook = assemble(tmp_path_factory.mktemp("handbooks") / "good")
    result = handbook.site()
    assert result.returncode == 0, result.stdout
    return handbook


@pytest.fixture(scope="session")
def published_whole(tmp_path_factory: pytest.TempPathFactory):
    """The same with a lab and questions, which take longer, served and built for its address."""
    handbook = assemble(tmp_path_factory.mktemp("handbooks") / "whole", whole=True)
    with serving(handbook.root / "site") as address:
        handbook.address = address
        handbook.environment = {
            "SITE_URL": f"{address}/",
            "SITE_URL_EN": f"{address}/en/",
            "REPOSITORY_URL": "https://example.org/repository",
            "SITE_VERSION": "1a2b3c",
        }
        result = handbook.site()
        assert result.returncode == 0, result.stdout
        yield handbook


@contextlib.contextmanager
def serving(folder: pathlib.Path):
    """Serve a folder on this machine; yields its address, without a slash at the end."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def handbook(published: Handbook, tmp_path: pathlib.Path) -> Handbook:
    """A copy of the published tiny handbook, to be broken."""
    return copy_of(published, tmp_path)


def copy_of(good: Handbook, folder: pathlib.Path) -> Handbook:
    """A copy of a handbook below `folder`, in a path with a space and Chinese."""
    root = folder / "my 手册"
    shutil.copytree(good.root, root, symlinks=True)
    return Handbook(root)
