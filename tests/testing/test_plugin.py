"""Pages are collected as pytest collects files of tests."""


def test_one_page_can_be_listed_and_run(handbook):
    result = handbook.run("docs/zh/lessons/waves.md", "--collect-only")
    assert "line 13 · waves:data" in result.stdout and "index" not in result.stdout


def test_pytest_without_arguments_collects_pages_and_labs(published_whole):
    result = published_whole.command("pytest", "-q", "-p", "no:cacheprovider", "--collect-only")
    assert result.returncode == 0, result.stdout
    for path, item in (
        ("docs/zh/lessons/waves.md", "line 13 · waves:data"),
        ("docs/en/lessons/waves.md", "line 13 · waves:data"),
        ("snippets/labs/light.py", "line 43 · light"),
    ):
        assert f"{path}::{item}" in result.stdout
        assert f"{path}::both languages agree" in result.stdout


def test_a_lab_is_collected_by_its_name_too(published_whole):
    result = published_whole.run("snippets/labs/light.py", "--collect-only")
    assert "snippets/labs/light.py::line 43 · light" in result.stdout
    assert "waves" not in result.stdout
