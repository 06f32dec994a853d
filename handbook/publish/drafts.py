"""The site as the preview shows it: what has not run is shown as such, and nothing is audited."""

import pathlib

from handbook.book.handbook import Handbook
from handbook.checks.every import check_handbook
from handbook.mistakes import Mistake
from handbook.publish import builds


def build(root: pathlib.Path, target: pathlib.Path, borrows: bool) -> list[Mistake]:
    """Build the Chinese site into `target` and the English one into `target/en`.

    Args:
        root: the handbook's folder.
        target: a folder that does not exist.
        borrows: whether records of the published site may fill in for those that are missing.

    Returns:
        What is wrong in the pages, and what MkDocs warned of. `target` has both languages, unless
        MkDocs could not finish.
    """
    handbook = Handbook.at(root)
    handbook.drafts, handbook.borrows = True, borrows
    wrong = check_handbook(handbook)
    aside = target.with_name(target.name + "-en")
    into = {"zh": target, "en": aside}
    with builds.processes(root) as together:
        wrong += together(lambda language: (builds.mkdocs_build, root, language, into[language]))
    if all((folder / "index.html").is_file() for folder in into.values()):
        aside.rename(target / "en")
    return wrong
