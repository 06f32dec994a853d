"""From Markdown pages to a published site on which every Python block has run.

A folder is a step, in this order: pages find, sandbox runs, runs remembers, book knows, checks
judges, testing reports to pytest, site shows, audit compares, publish publishes. Which of them may
import which stands in pyproject.toml, under `[tool.importlinter]`, and `make lint` holds it.
"""
