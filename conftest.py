"""Loads the plugin for `pytest`, `pytest docs/zh/problems/cnn.md` and `pytest tests` alike."""

pytest_plugins = ["handbook.testing.plugin"]
