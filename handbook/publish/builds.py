"""Both languages built by MkDocs at once, each in a process of its own."""

import concurrent.futures
import contextlib
import importlib
import logging
import multiprocessing
import os
import pathlib
import sys
from collections.abc import Callable, Iterator

import material.plugins.search.plugin  # noqa: F401 (imported for both builds at once)
import mkdocs.commands.build
import mkdocs.config

from handbook.languages import CONFIGURATIONS, LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.publish.warnings import Collector, failure, no_room
from handbook.sandbox import walls

# Does a task for every language at once, and gives what they found wrong.
Together = Callable[[Callable[[str], tuple]], list[Mistake]]


@contextlib.contextmanager
def processes(root: pathlib.Path) -> Iterator[Together]:
    """A process for each language, which it keeps.

    Args:
        root: the handbook's folder. A forked process has every page of it that has been read.
    """
    # What MkDocs imports takes longer than a small site: it is imported once, for both.
    if "mkdocs-jupyter" in (root / "mkdocs.yml").read_text("utf-8"):
        importlib.import_module("mkdocs_jupyter.plugin")
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with contextlib.ExitStack() as stack:
        started = {
            language: stack.enter_context(
                concurrent.futures.ProcessPoolExecutor(1, context, walls.die_with_parent)
            )
            for language in LANGUAGES
        }

        def together(task: Callable[[str], tuple]) -> list[Mistake]:
            running = [process.submit(*task(language)) for language, process in started.items()]
            try:
                return [mistake for future in running for mistake in future.result()]
            except concurrent.futures.process.BrokenProcessPool:
                what = "a build was ended from outside"
                lost = Mistake("handbook/publish/builds.py", 1, what, "Run it again.")
                raise Mistakes([lost]) from None

        yield together


def mkdocs_build(root: pathlib.Path, language: str, target: pathlib.Path) -> list[Mistake]:
    """Build one language into `target`; returns what MkDocs found wrong."""
    os.chdir(root)
    file = CONFIGURATIONS[language]
    collector = Collector(root, language)
    logging.getLogger("jieba").setLevel(logging.WARNING)  # it tells how long its dictionary took
    logging.getLogger("mkdocs").addHandler(collector)
    try:
        config = mkdocs.config.load_config(file, site_dir=str(target), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs.commands.build.build(config)
        finally:
            config.plugins.on_shutdown()
    except (Exception, SystemExit) as error:  # MkDocs' own, and that of a plugin that gives up
        return no_room(error) or collector.found or [failure(error, file)]
    return collector.found
