"""Python for the browser: its files in the site, and the programs that pages offer to run with it."""

import posixpath
from collections.abc import Iterator

from handbook import runtime
from handbook.audit.documents import Document, Site
from handbook.languages import PREFIXES
from handbook.mistakes import Mistake


def runtime_is_listed(site: Site) -> Iterator[Mistake]:
    """Each file below the folder of Python is one of the list, by its hash; all of them or none."""
    own = PREFIXES[site.language]
    found = [name for name in site.own("") if name.startswith(own + runtime.BELOW)]
    listed = {runtime.folder() + runtime.served(name): name for name in runtime.files()}
    for name in found:
        if name not in listed or not runtime.is_listed(listed[name], site.folder / name):
            what = "this is no file of Python for the browser"
            yield Mistake(
                name, 1, what, f"handbook/{runtime.LIST.name} lists what may stand there."
            )
    if found and not own:
        for name in sorted(listed.keys() - site.files):
            yield Mistake(
                name, 1, "this file of Python for the browser is missing", "Run make site."
            )


def programs_run_here(document: Document, site: Site) -> Iterator[Mistake]:
    """What a page offers to run is a program of it that has a button, with the files that it needs."""
    runs = runtime.runs(site.handbook.root)
    own = {part.file for p in (document.page.programs if document.page else ()) for part in p.parts}
    offered = []
    for node in document.tree.css("[data-program], .run-here:not([data-program])"):
        file = _target(document, node.attributes.get("data-program"))
        folder = _target(document, node.attributes.get("data-runtime"))
        offered.append(file)
        if file not in own & runs & site.files or f"{folder}/" != runtime.folder():
            what = (
                f"the page offers to run {file!r}, which is no program of it that runs in a browser"
            )
            line = document.line("run-here")
            yield Mistake(document.source, line, what, f"{runtime.PROGRAMS} lists those that do.")
    if sorted(offered) != sorted(own & runs):
        what = f"{len(own & runs)} programs run in a browser and {len(offered)} are offered"
        yield Mistake(document.source, 1, what, "Run make site.")


CHECKS = (programs_run_here,)


def _target(document: Document, link: str | None) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(document.name), link or "."))
