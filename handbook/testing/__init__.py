"""Report: the pytest plugin that gives pytest-markdown-docs our pages and our results."""
