"""A page at each address that a page had before: it leads on, by itself and by a link."""

import html
import posixpath

from handbook.pages.page import Page
from handbook.site import policy

FORM = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" \
content="{policy}"><meta http-equiv="refresh" content="0; url={way}"><meta name="robots" \
content="noindex"><title>{title}</title></head><body><a href="{way}">{title}</a></body></html>
"""


def of(page: Page) -> dict[str, str]:
    """Path below the language's root → HTML, for each address that the page had before."""
    found = {}
    for name in page.was:
        told = {
            "language": page.language,
            "way": posixpath.relpath(f"/{page.url}", f"/{name}") + "/",
            "title": html.escape(page.title),
        }
        rules = policy.policy_of(FORM.format(policy="", **told))
        found[f"{name}/index.html"] = FORM.format(policy=rules, **told)
    return found
