"""Publish: build both languages aside, audit them, put them in place by one rename; live preview."""
