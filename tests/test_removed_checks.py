"""Each check is needed: with it taken out, a case of tests/faults/ is no longer caught by name."""

import pytest
from test_faults import ROOT, apply, changes_of, good_handbook

from conftest import copy_of
from verify import faults

# case, file of the check, its text, what is left without it
REMOVED = [
    ("not-run/unclosed_fence_of_another_language", "pages.py", "errors = _misread_fences(lines, origins, inside, path)", "errors = []"),
    ("not-run/fence_in_html_comment", "audit.py", "errors += _blocks(", "_blocks("),
    ("not-run/indented_code", "showing.py", "        if page:\n            first", "        if not page:\n            first"),
    ("green-though-wrong/figure_without_description", "testing.py", "if drawn != described", "if False"),
    ("green-though-wrong/exception_in_a_thread", "sessions.py", "raise thread_errors[0]", "pass"),
    ("green-though-wrong/leaves_a_process_behind", "sessions.py", "                _check_no_process_left()", "                pass"),
    ("green-though-wrong/patches_the_runner_by_its_frames", "sessions.py", "            _check_intact(intact)", "            pass"),
    ("never-ends/too_much_output", "sessions.py", "> limits.output_kib * 1024", "< 0"),
    ("reaches-out/reads_the_repository", "sessions.py", "confinement.close_files(home)", "pass"),
    ("reaches-out/token_from_the_process_table", "sessions.py", "_environment(_clean() |", "_environment(dict(os.environ) |"),
    ("records/record_edited_by_hand", "records.py", "digest != _digest(content) or ", ""),
    ("records/lock_file_changed", "records.py", "hashlib.sha256(lock).hexdigest()", "''"),
    ("languages/table_with_other_rows", "languages.py", "*_tables(page, mate),", ""),
    ("languages/term_in_its_wrong_form", "languages.py", "*_wrong_terms(page, root),", ""),
    ("labs/leaves_a_process_behind", "kernels.py", "result.error = _left_over(client, program)", "pass"),
    ("labs/name_of_jupyter", "labs.py", "errors += _only_jupyter(next(iter(pages.values())))", "pass"),
    ("labs/notebook_by_hand", "lab_pages.py", 'if file.src_uri.endswith((".ipynb", ".py"))', "if False"),
    ("questions/circle", "catalogue.py", "if question.name in _before(question.name, found):", "if False:"),
    ("site/duplicate_id", "audit.py", "if count > 1", "if False"),
    ("site/script_in_the_text", "audit.py", "article script, ", ""),
    ("site/formula_with_an_unknown_command", "mathematics.py", 'raise ValueError(f"{unknown[1]} is unknown")', "pass"),
    ("workflows/unpinned_action", "workflows.py", "not PINNED.fullmatch(action)", "False"),
    ("workflows/deploy_job_runs_commands", "workflows.py", 'rights and "run" in step', "False"),
]  # fmt: skip


@pytest.mark.parametrize("name, file, text, left", REMOVED, ids=[row[0] for row in REMOVED])
def test_case_passes_wrongly_without_its_check(name, file, text, left, tmp_path, request):
    case = faults.read(ROOT / "tests" / "faults" / f"{name}.case")
    handbook = copy_of(good_handbook(case, request), tmp_path)
    handbook.replace(f"verify/{file}", text, left)
    if case.step == "publish":  # The check is part of the key: store the records under it.
        assert handbook.run().returncode == 0
    apply(
        changes_of((ROOT / "tests" / "faults" / f"{name}.case").read_text("utf-8")), handbook.root
    )
    handbook.environment = case.environment
    steps = {"run": handbook.run, "publish": handbook.publish, "workflows": handbook.workflows}

    result = steps.get(case.step, handbook.site)()

    assert result.returncode == 0, result.stdout
