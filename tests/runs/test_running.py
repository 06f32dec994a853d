"""What has a record does not run again, and a runner that calls everything good is found out."""


def test_chinese_and_english_share_one_run(published):
    assert len(published.records()) == 2


def test_one_changed_literal_runs_that_program_alone_and_changes_both_pages(handbook):
    handbook.replace("snippets/lessons/waves.py", "np.linspace(0, 6, 50)", "np.linspace(0, 6, 40)")
    ran = handbook.run()
    assert "1 to run" in ran.stdout and "lessons/waves.py" in ran.stdout, ran.stdout
    assert handbook.publish().returncode == 0
    for path in ("lessons/waves/index.html", "en/lessons/waves/index.html"):
        assert 'title="lessons/waves.py">40</span>' in handbook.html(path)


def test_changed_comment_runs_nothing(handbook):
    handbook.replace(
        "snippets/lessons/waves.py", "import numpy as np", "import numpy as np  # numbers"
    )
    assert "no program needs to run" in handbook.run().stdout


def test_runner_that_passes_everything_is_found_out(handbook):
    failure = "result.failure = failure\n"
    passed = "result.value_errors[''] = str(error)\n"
    handbook.replace("handbook/sandbox/script.py", failure, passed)
    result = handbook.run()
    assert result.returncode != 0
    assert (
        "handbook/sandbox/script.py:1: the runner passes a program that must fail" in result.stdout
    )
