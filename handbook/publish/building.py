"""The site that is published: built from what has run, and audited before anyone sees it."""

import pathlib

from handbook.audit.every import audit
from handbook.book.handbook import Handbook
from handbook.checks.every import check_handbook
from handbook.mistakes import Mistake, Mistakes
from handbook.publish import builds
from handbook.site import policy
from handbook.site.exports import every


def build(root: pathlib.Path, target: pathlib.Path) -> None:
    """Build the Chinese site into `target` and the English one into `target/en`, and audit both.

    Raises:
        Mistakes: in the pages, in what MkDocs warned of, or in the finished site.
    """
    handbook = Handbook.at(root)
    _stop_at(check_handbook(handbook))
    aside = target.with_name(target.name + "-en")
    into = {"zh": target, "en": aside}
    with builds.processes(root) as together:
        _stop_at(together(lambda language: (builds.mkdocs_build, root, language, into[language])))
        aside.rename(target / "en")
        _stop_at(together(lambda language: (_add, root, language, target)))
        # Last, for each language links to what was added to the other.
        _stop_at(together(lambda language: (_audit, root, language, target)))


def _stop_at(wrong: list[Mistake]) -> None:
    if wrong:
        raise Mistakes(wrong)


def _add(root: pathlib.Path, language: str, site: pathlib.Path) -> list[Mistake]:
    """Add to one language what MkDocs does not make."""
    policy.apply(site, language)
    try:
        every.write(site, Handbook.at(root), language)
    except Mistakes as error:  # It cannot pass from one process to another.
        return list(error.found)
    return []


def _audit(root: pathlib.Path, language: str, site: pathlib.Path) -> list[Mistake]:
    return audit(site, Handbook.at(root), language)
