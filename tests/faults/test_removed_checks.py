"""Each check is needed: with it taken out, a case of tests/faults/cases/ passes wrongly."""

import pytest

from handbook.checks import cases
from tests.support.faults import CASES, apply, changes_of, good_handbook, judge
from tests.support.handbooks import ROOT, copy_of, started
from tests.support.removal import all_checks, take_out

# The case that passes without it, the check. In the order of handbook/__init__.py.
REMOVED = [
    # pages
    ("not-run/unclosed_fence_of_another_language", "reading.unrendered_fences"),
    ("green-though-wrong/figure_line_above_every_block", "reading.figures_without_block"),
    ("not-run/section_left_out", "reading.incomplete_programs"),
    ("green-though-wrong/figure_that_nobody_shows", "reading.drawings_end_with_show"),
    ("green-though-wrong/title_of_another_program", "reading.titles_name_their_program"),
    ("not-run/include_in_a_fence_of_text", "reading.includes_stand_in_python"),
    ("not-run/fence_indented_by_three", "reading.blocks_are_indented_by_fours"),
    ("not-run/fence_of_another_tool", "reading.languages_are_known"),
    ("languages/front_matter_with_an_unknown_name", "front_matter.names_are_known"),
    ("languages/front_matter_with_a_name_twice", "front_matter.names_stand_once"),
    ("questions/level_out_of_range", "front_matter.values_are_of_their_kind"),
    ("questions/review_before_the_facts", "front_matter.review_follows_the_facts"),
    ("questions/facts_checked_in_the_future", "front_matter.facts_were_checked"),
    ("labs/unknown_tag", "cells.tags_are_known"),
    ("labs/code_of_one_language", "cells.code_is_of_both_languages"),
    ("labs/text_without_language", "cells.text_is_of_one_language"),
    ("labs/note_in_a_text", "cells.text_holds_no_note"),
    ("labs/include_in_code", "cells.nothing_is_included"),
    ("labs/head_without_title", "cells.head_is_whole"),
    ("labs/code_in_a_text", "cells.text_holds_no_code"),
    ("labs/name_of_jupyter", "cells.names_are_not_only_jupyters"),
    # sandbox
    ("reaches-out/token_from_the_process_table", "server.clean_environment"),
    ("reaches-out/looks_for_its_parent", "walls.network"),
    ("reaches-out/reads_the_repository", "walls.files"),
    ("never-ends/computes_too_long", "watched.within_cpu"),
    ("never-ends/sleeps_too_long", "watched.within_time"),
    ("never-ends/too_much_output", "watched.within_output"),
    ("never-ends/too_large_a_value", "watched.within_report"),
    ("never-ends/too_many_processes", "watched.within_processes"),
    ("green-though-wrong/patches_the_runner_by_its_frames", "script.names_are_intact"),
    ("green-though-wrong/exception_in_a_thread", "script.threads_ended_well"),
    ("never-ends/too_many_figures", "script.figures_are_few"),
    ("green-though-wrong/leaves_a_process_behind", "script.no_process_is_left"),
    ("green-though-wrong/writes_to_standard_error", "script.nothing_is_lost"),
    ("labs/exception_in_a_thread", "notebook.threads_ended_well"),
    ("labs/leaves_a_process_behind", "notebook.no_process_is_left"),
    # runs
    ("records/lock_file_changed", "records.lock_file"),
    ("records/runner_changed", "records.runner"),
    ("records/limits_changed", "records.limits"),
    ("records/python_changed", "records.python"),
    ("records/machine_changed", "records.machine"),
    ("records/record_edited_by_hand", "records.is_as_written"),
    ("questions/record_of_another_question", "records.is_of_this_program"),
    # book
    ("questions/round_of_a_long_program", "rounds.program_is_short"),
    ("questions/round_without_a_wrong_line", "rounds.a_line_is_wrong"),
    ("questions/round_with_a_wide_line", "rounds.width_tells_nothing"),
    ("questions/round_in_an_assert", "rounds.asserts_are_right"),
    # checks
    ("green-though-wrong/figure_without_description", "blocks.figures_are_described"),
    ("green-though-wrong/inline_value_that_fails", "blocks.values_are_computed"),
    ("languages/level_different", "pairs.front_matter_agrees"),
    ("site/page_and_folder_of_one_name", "pairs.address_is_its_own"),
    ("site/old_address_named_twice", "pairs.old_addresses_are_free"),
    ("languages/agreement_never_noted", "pairs.agreement_is_noted"),
    ("languages/heading_without_id", "pairs.headings_agree"),
    ("languages/program_different", "pairs.programs_agree"),
    ("labs/figure_without_description", "pairs.figures_agree"),
    ("languages/inline_value_different", "pairs.values_agree"),
    ("languages/table_with_other_rows", "pairs.tables_agree"),
    ("languages/term_in_its_wrong_form", "pairs.terms_are_right"),
    ("languages/section_missing", "every.check_pair"),
    ("site/form_without_its_list", "every.check_calculator"),
    ("questions/unknown_topic", "questions.topic_exists"),
    ("questions/next_question_missing", "questions.neighbours_exist"),
    ("questions/circle", "questions.path_is_no_circle"),
    ("questions/circle_of_next_questions", "questions.next_is_no_circle"),
    ("questions/without_why", "questions.sections_are_whole"),
    ("green-though-wrong/nearly_a_value", "prose.values_are_written_as_values"),
    ("site/heading_by_a_line_of_dashes", "prose.headings_are_written_as_headings"),
    ("site/footnote_explained_twice", "prose.definitions_stand_once"),
    ("green-though-wrong/formula_of_another_dialect", "prose.brackets_are_no_formulas"),
    ("site/row_with_too_many_cells", "prose.rows_fit_their_table"),
    ("languages/sentence_still_to_write", "prose.nothing_is_left_to_write"),
    ("languages/paragraph_not_translated", "prose.text_is_in_its_language"),
    ("not-run/full_width_backquotes", "prose.marks_are_half_width"),
    ("site/dollars_with_spaces_inside", "prose.dollars_come_in_pairs"),
    ("questions/nothing_breaks_its_asserts", "asserts.asserts_are_broken"),
    ("questions/exception_for_an_assert_that_is_broken", "asserts.exceptions_are_needed"),
    ("questions/round_in_an_assert", "asserts.rounds_can_be_played"),
    ("questions/empty_section", "every.check_question"),
    ("questions/answer_too_long_to_say", "spoken.answer_takes_thirty_seconds"),
    ("questions/must_say_without_a_link", "spoken.must_say_has_three_points"),
    ("questions/follow_up_without_a_short_answer", "spoken.follow_ups_begin_with_a_sentence"),
    ("questions/answer_beside_its_box", "spoken.follow_ups_hold_their_answer"),
    ("never-ends/more_seconds_without_a_reason", "cost.more_is_explained"),
    ("never-ends/page_costs_too_much", "cost.programs_cost_little"),
    ("questions/mutations_cost_too_much", "cost.mutations_cost_little"),
    ("green-though-wrong/program_without_a_head", "programs.head_is_there"),
    ("green-though-wrong/head_without_an_import", "programs.head_lists_what_is_imported"),
    ("green-though-wrong/head_with_another_version", "programs.head_fits_the_lock"),
    ("green-though-wrong/head_with_any_python", "programs.head_names_a_python_that_works"),
    ("green-though-wrong/program_without_a_lesson", "programs.docstring_states_the_lesson"),
    ("green-though-wrong/program_that_no_page_shows", "whole.programs_are_shown"),
    ("green-though-wrong/program_without_a_head", "whole.programs_run_when_taken_away"),
    ("questions/changes_without_a_program", "whole.changes_can_be_read"),
    ("site/program_in_neither_list_of_buttons", "whole.buttons_are_decided"),
    ("site/search_for_a_page_that_is_gone", "whole.searches_find_pages"),
    ("languages/agreement_of_a_page_that_is_gone", "whole.noted_pages_are_there"),
    ("workflows/rights_for_every_job", "workflows.rights_are_named_by_jobs"),
    ("workflows/unpinned_action", "workflows.zizmor_finds_nothing"),
    ("workflows/deploy_job_checks_out_code", "workflows.checks_out_and_writes"),
    ("workflows/deploy_job_runs_commands", "workflows.runs_commands_and_writes"),
    ("workflows/write_right_in_a_pull_request", "workflows.pull_request_writes"),
    ("workflows/secret_in_a_pull_request", "workflows.pull_request_gets_secret"),
    ("workflows/cache_written_by_a_pull_request", "workflows.pull_request_writes_cache"),
    ("workflows/one_commit_cloned", "workflows.dates_have_their_history"),
    # site
    ("not-run/indented_code", "code.IndentedCodeProcessor"),
    ("labs/notebook_by_hand", "hook.no_notebook_by_hand"),
    ("not-run/file_that_is_no_page", "hook.no_other_page"),
    ("site/formula_that_is_a_price", "mathml.is_no_price"),
    ("site/formula_with_a_comment", "mathml.nothing_is_lost"),
    ("site/formula_whose_lines_run_together", "mathml.rows_are_kept"),
    ("site/formula_with_a_rest_of_a_command", "mathml.no_latex_is_left"),
    ("site/formula_with_what_browsers_do_not_draw", "mathml.browsers_draw_it"),
    # audit
    ("site/page_left_out_of_the_site", "every.pages_are_there"),
    ("not-run/html_of_the_theme", "every.documents_are_known"),
    ("site/style_of_another_host", "every.styles_ask_nobody"),
    ("site/language_wrong", "markup.language_is_named"),
    ("site/description_cut_off", "markup.head_says_what_the_page_is"),
    ("site/second_title", "markup.title_is_that_of_the_page"),
    ("site/policy_missing", "markup.policy_is_there"),
    ("site/event_handler", "markup.no_handler"),
    ("site/duplicate_id", "markup.ids_are_unique"),
    ("site/placeholder_left", "markup.no_placeholder"),
    ("site/page_too_heavy", "markup.weight_is_bounded"),
    ("site/word_in_angle_brackets", "elements.elements_are_known"),
    ("site/note_without_its_text", "elements.notes_hold_text"),
    ("site/list_below_a_paragraph", "elements.lists_are_lists"),
    ("site/mark_of_another_dialect", "elements.nothing_is_left_over"),
    ("site/dead_link_in_raw_html", "links.links_lead_somewhere"),
    ("site/link_without_words", "links.links_are_whole"),
    ("site/style_that_the_policy_blocks", "links.styles_are_permitted"),
    ("not-run/fence_in_html_comment", "blocks.blocks_are_those_that_ran"),
    ("green-though-wrong/drawing_by_hand", "blocks.figures_are_shown"),
    ("green-though-wrong/output_by_hand", "blocks.outputs_are_shown"),
    ("green-though-wrong/value_by_hand", "blocks.values_are_shown"),
    ("site/file_beside_the_browsers_python", "every.runtime_is_listed"),
    ("site/round_that_nobody_recorded", "every.rounds_are_recorded"),
    ("site/button_for_a_program_that_does_not_run_here", "running.programs_run_here"),
    ("site/form_of_raw_html", "calculators.forms_are_those_of_the_lists"),
]  # fmt: skip

# Checks without which no case passes, sorted, and why.
WITHOUT_CASE = {
    "script.figures_are_taken": "it takes the figures: without it no page that draws one passes",
}


@pytest.mark.parametrize("name, check", REMOVED, ids=[check for _, check in REMOVED])
def test_case_passes_wrongly_without_its_check(name, check, tmp_path, forked, request):
    file = CASES / f"{name}.case"
    case = cases.read(file)
    start = started if case.environment else forked
    handbook = copy_of(good_handbook(case, request), tmp_path, start)
    take_out(handbook.root, check)
    # Where a clean environment is taken out, this one has to name the package.
    handbook.environment = {"PYTHONPATH": str(handbook.root)}
    if case.step == "publish":  # The check is part of the key: store the records under it.
        assert handbook.run().returncode == 0
    apply(changes_of(file.read_text("utf-8")), handbook.root)

    result = judge(case, handbook)

    assert result.returncode == 0, result.stdout


def test_every_check_has_a_case_that_needs_it():
    rows = {check for _, check in REMOVED}
    assert set(all_checks(ROOT)) - rows == set(WITHOUT_CASE)
    assert list(WITHOUT_CASE) == sorted(WITHOUT_CASE)


def test_check_that_is_not_there_cannot_be_taken_out():
    with pytest.raises(AssertionError, match="0 lines are 'nothing' in a file watched.py"):
        take_out(ROOT, "watched.nothing")
