"""What the Makefile calls: `python -m handbook run`, `site`, `serve` and the others below."""

import argparse
import functools
import os
import pathlib
import sys
import warnings

from handbook.messages import told
from handbook.mistakes import Mistake, Mistakes, show, unwritable
from handbook.settings import ROOT


def run(options: argparse.Namespace) -> int:
    """Run the programs of all pages and labs that have no record, and check the pages."""
    import pytest

    arguments = ["docs", "snippets/labs"] if (ROOT / "snippets" / "labs").is_dir() else ["docs"]
    if options.mutations:
        from handbook.pages.mutations import mutation_files

        arguments += [str(file.relative_to(ROOT)) for file in mutation_files(ROOT)]
    if options.cluster:
        arguments += ["--cluster", options.cluster]
    if options.share:
        arguments += ["--share", options.share]
    return pytest.main([*arguments, "-q"])


def site(_options: argparse.Namespace) -> int:
    """Build both languages and publish them, unless nothing has changed."""
    from handbook.publish import fresh, publishing

    try:
        if fresh.is_published(ROOT):
            print(told("site/ is up to date: nothing that it is made from has changed"), flush=True)
            return 0
        written = fresh.made_from(ROOT, fresh.WRITTEN)
        print(publishing.publish(ROOT), flush=True)
        if fresh.made_from(ROOT, fresh.WRITTEN) == written:  # Nobody saved a page in the meantime.
            fresh.remember(ROOT)
    except Mistakes as error:
        show(error.found)
    except OSError as error:
        show([unwritable(error)])
    else:
        return 0
    print(told("Nothing was published."), file=sys.stderr)
    return 1


def draft(options: argparse.Namespace) -> int:
    """Build both languages for the preview, whether everything has run or not."""
    from handbook.publish import drafts

    target = pathlib.Path(options.target)
    show(drafts.build(ROOT, target, options.prose))
    return 0 if (target / "en" / "index.html").is_file() else 1


def serve(options: argparse.Namespace) -> int:
    """Show the site, what is written, and what programs give when they have run."""
    from handbook.publish import serving

    return serving.serve(ROOT, options.port, options.prose)


def records(options: argparse.Namespace) -> int:
    """Fetch what programs gave from a published site, for a preview that runs nothing."""
    from handbook.book.handbook import Handbook
    from handbook.languages import LANGUAGES
    from handbook.runs import lent

    handbook = Handbook.at(ROOT)
    programs = [p for x in LANGUAGES for page in handbook.pages(x) for p in page.programs]
    try:
        fetched = lent.fetch(options.source, programs, handbook.settings)
    except Mistakes as error:
        show(error.found)
        return 1
    except OSError as error:
        show([unwritable(error)])
        return 1
    show(fetched.refused)
    print(fetched)
    return 0


def check(_options: argparse.Namespace) -> int:
    """Name every mistake that is found without running a program."""
    from handbook.publish.checking import check

    show(found := check(ROOT))
    if not found:
        print(told("no mistake was found; nothing was run"))
    return 1 if found else 0


def in_line(options: argparse.Namespace) -> int:
    """Record that both texts of some pages say the same; `all` means every page."""
    from handbook.book.in_line import all_pairs, bring_in_line
    from handbook.edit import behind, names

    try:
        asked = [f"{names.page_name(page, ROOT)}.md" for page in options.pages if page != "all"]
        for name in asked or all_pairs(ROOT):
            before = behind.before_the_slip(name, ROOT) if options.typo else None
            bring_in_line(name, ROOT, before)
            print(told(f"{name}: Chinese and English are recorded as in line"))
    except Mistakes as error:
        show(error.found)
        return 1
    return 0


def behind(options: argparse.Namespace) -> int:
    """List the pages whose other language has moved on, with what changed there."""
    from handbook.book.handbook import Handbook
    from handbook.edit import behind, names

    try:
        wanted = names.page_name(options.page, ROOT) if options.page else ""
        found = behind.pages_behind(Handbook.at(ROOT))
        for path in found:
            if wanted in ("", path.split("/", 2)[2].removesuffix(".md")):
                print(told(f"{path}: the other language has moved on"))
                unknown = told("git does not have the text it was in line with")
                print(behind.difference(path, ROOT) or f"  {unknown}")
    except Mistakes as error:
        show(error.found)
        return 1
    print(told(f"{len(found)} pages are behind"), file=sys.stderr)
    return 0


def new(options: argparse.Namespace) -> int:
    """Begin a page in both languages, with a program and a change that breaks its assert."""
    from handbook.book.handbook import Handbook
    from handbook.edit.names import page_name
    from handbook.edit.new import begin

    try:
        print(*begin(page_name(options.page, ROOT), Handbook.at(ROOT)), sep="\n")
    except Mistakes as error:
        show(error.found)
        return 1
    print(told("make check names what is left to write"), file=sys.stderr)
    return 0


def mv(options: argparse.Namespace) -> int:
    """Give a page another name, and lead there what named it."""
    from handbook.edit.move import move
    from handbook.edit.names import page_name

    try:
        show(move(page_name(options.old, ROOT), page_name(options.new, ROOT), ROOT))
    except Mistakes as error:
        show(error.found)
        return 1
    return 0


def rm(options: argparse.Namespace) -> int:
    """Delete a page in both languages, with its programs."""
    from handbook.edit.names import page_name
    from handbook.edit.remove import remove

    try:
        show(remove(page_name(options.page, ROOT), ROOT))
    except Mistakes as error:
        show(error.found)
        return 1
    return 0


def workflows(_options: argparse.Namespace) -> int:
    """Check the workflows of .github/."""
    from handbook.checks.workflows import check

    found = check(ROOT)
    show(found)
    if not found:
        print(told("the workflows keep the rules of SECURITY.md"))
    return 1 if found else 0


def alone(_options: argparse.Namespace) -> int:
    """Run each program in a fresh interpreter and compare with the pages."""
    from handbook.audit.alone import compare_all
    from handbook.book.handbook import Handbook

    found = compare_all(Handbook.at(ROOT))
    show(found)
    return 1 if found else 0


def again(_options: argparse.Namespace) -> int:
    """Run each program that has a record once more, and name what is not the same."""
    from handbook.book.handbook import Handbook
    from handbook.languages import LANGUAGES
    from handbook.runs.running import run_again

    handbook = Handbook.at(ROOT)
    runs = [run for language in LANGUAGES for run in handbook.runs(language)]
    programs = {run.record.key: run.program for run in runs}
    found = run_again(programs, handbook.settings, functools.partial(print, flush=True))
    if not programs:
        found = [Mistake("docs/zh", 1, "no program has a record", "Run make site first.")]
    show(found)
    return 1 if found else 0


def unbroken(options: argparse.Namespace) -> int:
    """List the asserts that no recorded change breaks; for one program, propose changes."""
    from handbook.audit import breaking
    from handbook.book.handbook import Handbook

    handbook = Handbook.at(ROOT)
    if not options.file:
        print(*(found := breaking.unbroken(handbook)), sep="\n")
        print(told(f"{len(found)} asserts that no recorded change breaks"), file=sys.stderr)
        return 0
    try:
        for entry in breaking.propose(handbook, options.file, options.seconds):
            print(entry, end="", flush=True)
    except Mistakes as error:
        show(error.found)
        return 1
    return 0


def main(arguments: list[str]) -> int:
    """Run one command."""
    os.environ["NO_MKDOCS_2_WARNING"] = "true"  # printed when Material is imported
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    parser = argparse.ArgumentParser(prog="python -m handbook")
    commands = parser.add_subparsers(required=True)
    made = {}
    for command in (
        *(run, site, serve, draft, records, check, in_line, behind, new, mv, rm),
        *(workflows, alone, again, unbroken),
    ):
        name = command.__name__.replace("_", "-")
        usage = "make in-line PAGE=problems/cnn.md" if command is in_line else None
        made[name] = commands.add_parser(name, help=command.__doc__, usage=usage)
        made[name].set_defaults(command=command)
    made["run"].add_argument(
        "--mutations", action="store_true", help="also those that an assert has to stop"
    )
    made["run"].add_argument("--cluster", metavar="ADDRESS", help="of a Dask scheduler")
    made["run"].add_argument("--share", metavar="K/N", help="only the K-th of N shares")
    made["serve"].add_argument("port", type=int)
    made["draft"].add_argument("target", metavar="FOLDER")
    for name in ("serve", "draft"):
        made[name].add_argument("--prose", action="store_true", help="nothing runs here")
    made["records"].add_argument("source", metavar="FROM", help="its address, or its folder")
    made["in-line"].add_argument("pages", nargs="+", metavar="PAGE", help="problems/cnn.md")
    made["in-line"].add_argument("--typo", action="store_true", help="the meaning is as it was")
    made["behind"].add_argument("page", nargs="?", metavar="PAGE")
    for name in ("new", "rm"):
        made[name].add_argument("page", metavar="PAGE", help="questions/tokenizers/numbers")
    made["mv"].add_argument("old", metavar="FROM")
    made["mv"].add_argument("new", metavar="TO")
    made["unbroken"].add_argument("file", nargs="?", metavar="PROGRAM", help="snippets/….py")
    made["unbroken"].add_argument(
        "--seconds", type=float, default=60, help="processor time that the trials may take"
    )
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    return options.command(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
