"""A Content-Security-Policy in each page, computed from what the page holds.

A browser then runs the scripts that were in the page when it was built and no other, and asks no
other host for anything. Source: Content Security Policy Level 3, W3C.
"""

import base64
import hashlib
import pathlib
import re

from handbook.languages import language_of

# Attributes, then the text, byte for byte as the browser hashes it.
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.S)
STYLE = re.compile(r"<style[^>]*>(?P<text>.*?)</style>", re.S)
DATA = re.compile(r'\bsrc=|\btype="?(?:application/(?:ld\+)?json|text/template)')
START = re.compile(r'<meta charset="?utf-8"?>')
MARK = '<meta http-equiv="Content-Security-Policy" content="'


def policy_of(html: str) -> str:
    """The strictest policy under which a page works as it was built."""
    scripts = {
        _hash(script["text"])
        for script in SCRIPT.finditer(html)
        if not DATA.search(script["attributes"])
    }
    styles = {_hash(style["text"]) for style in STYLE.finditer(html)}
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *sorted(scripts)],
        "style-src": ["'self'", *sorted(styles)],
        # Drawings carry style attributes; these can load nothing, by img-src.
        "style-src-attr": ["'unsafe-inline'"] if ' style="' in html else ["'none'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def apply(site: pathlib.Path, language: str) -> None:
    """Write its policy into each HTML file of a language.

    Args:
        site: the folder with the Chinese site, and the English one in `en/`.
        language: one of `languages.LANGUAGES`.
    """
    for file in site.rglob("*.html"):
        if language_of(file.relative_to(site).as_posix()) != language:
            continue
        html = file.read_text("utf-8")
        if start := START.search(html):
            tag = f'{MARK}{policy_of(html)}">'
            file.write_text(html[: start.end()] + tag + html[start.end() :], "utf-8")


def without(html: str) -> str:
    """The same page without its policy."""
    start = html.find(MARK)
    return html if start < 0 else html[:start] + html[html.index(">", start) + 1 :]


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
