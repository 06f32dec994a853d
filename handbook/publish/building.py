"""Both languages built at once, each in a process of its own, and audited before anyone sees them."""

import concurrent.futures
import contextlib
import importlib
import logging
import multiprocessing
import os
import pathlib
import sys

import material.plugins.search.plugin  # noqa: F401 (imported for both builds at once)
import mkdocs.commands.build
import mkdocs.config

from handbook.audit.every import audit
from handbook.book.handbook import Handbook
from handbook.checks.every import check_handbook
from handbook.languages import CONFIGURATIONS, LANGUAGES
from handbook.mistakes import Mistake, Mistakes
from handbook.publish.warnings import Collector, failure, no_room
from handbook.sandbox import walls
from handbook.site import policy
from handbook.site.exports import every


def build(root: pathlib.Path, target: pathlib.Path) -> None:
    """Build the Chinese site into `target` and the English one into `target/en`, and audit both.

    Raises:
        Mistakes: in the pages, in what MkDocs warned of, or in the finished site.
    """
    handbook = Handbook.at(root)
    wrong = [m for language in LANGUAGES for m in check_handbook(handbook, language)]
    if wrong:
        raise Mistakes(wrong)
    aside = target.with_name(target.name + "-en")
    builds = {"zh": target, "en": aside}
    # What MkDocs imports takes longer than a small site: it is imported once, for both.
    if "mkdocs-jupyter" in (root / "mkdocs.yml").read_text("utf-8"):
        importlib.import_module("mkdocs_jupyter.plugin")
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    # Each language keeps its process. A forked one has every page that was read above.
    with contextlib.ExitStack() as stack:
        processes = {
            language: stack.enter_context(
                concurrent.futures.ProcessPoolExecutor(1, context, walls.die_with_parent)
            )
            for language in builds
        }
        _together(processes, lambda language: (_mkdocs, root, language, builds[language]))
        aside.rename(target / "en")
        _together(processes, lambda language: (_add, root, language, target))
        # Last, for each language links to what was added to the other.
        _together(processes, lambda language: (_audit, root, language, target))


def _together(processes: dict[str, concurrent.futures.Executor], task) -> None:
    """Do the same for every language at once; raise what any of them found wrong."""
    running = [process.submit(*task(language)) for language, process in processes.items()]
    try:
        wrong = [mistake for future in running for mistake in future.result()]
    except concurrent.futures.process.BrokenProcessPool:
        what = "a build was ended from outside"
        lost = Mistake("handbook/publish/building.py", 1, what, "Run it again.")
        raise Mistakes([lost]) from None
    if wrong:
        raise Mistakes(wrong)


def _mkdocs(root: pathlib.Path, language: str, target: pathlib.Path) -> list[Mistake]:
    """Build one language; returns what MkDocs found wrong."""
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


def _add(root: pathlib.Path, language: str, site: pathlib.Path) -> list[Mistake]:
    """Add to one language what MkDocs does not make."""
    policy.apply(site, language)
    every.write(site, Handbook.at(root), language)
    return []


def _audit(root: pathlib.Path, language: str, site: pathlib.Path) -> list[Mistake]:
    return audit(site, Handbook.at(root), language)
