"""Show: what the programs gave, in the pages and beside them."""

import logging

from handbook.mistakes import Mistake

# Under `mkdocs.`, or a strict build would not count the warnings.
_log = logging.getLogger("mkdocs.handbook")


def warn(mistake: Mistake) -> None:
    """Name a mistake that stops a strict build."""
    _log.warning(mistake)
