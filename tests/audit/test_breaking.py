"""Asserts that no recorded change breaks are listed, and changes that break them are proposed."""

import pytest
import yaml

from handbook.audit import breaking
from handbook.book.handbook import Handbook
from handbook.mistakes import Mistakes
from handbook.pages.mutations import read_mutations
from tests.support.handbooks import assemble

FILE = "snippets/questions/sums/odd-numbers/add_odd_numbers.py"


@pytest.fixture
def handbook(tmp_path) -> Handbook:
    return Handbook(assemble(tmp_path / "handbook", whole=True).root)


def test_an_assert_is_listed_until_a_change_is_recorded(handbook):
    assert FILE not in {mistake.path for mistake in breaking.unbroken(handbook)}
    (handbook.root / FILE).with_name("mutations.yml").write_text("[]\n", "utf-8")
    handbook.forget([])
    assert [m.line for m in breaking.unbroken(handbook) if m.path == FILE] == [10]


def test_a_proposal_breaks_the_assert_that_it_names(handbook):
    mutations = (handbook.root / FILE).with_name("mutations.yml")
    mutations.write_text("[]\n", "utf-8")
    (found,) = breaking.propose(handbook, FILE, 20)
    (entry,) = yaml.safe_load(found)
    assert entry["stops"] == "assert total == 10**2" and not entry["claim"]
    mutations.write_text(yaml.safe_dump([entry | {"claim": "A sum."}]), "utf-8")
    (mutation,) = read_mutations(mutations, handbook.root)
    assert mutation.program.stops == 10
    handbook.forget([])
    assert not list(breaking.propose(handbook, FILE, 20))


def test_changes_are_other_programs_and_leave_asserts_alone():
    code = "import math\n\nx = 2 * max(3, 4)  # 数\nassert x == 8\n"
    changes = list(breaking.changes_of(code))
    assert {change.old for change in changes} == {"x = 2 * max(3, 4)  # 数"}
    assert {"x = (2 / max(3, 4))  # 数", "x = 2 * min(3, 4)  # 数", "x = (2)  # 数"} <= {
        change.new for change in changes
    }


def test_a_program_that_is_not_there_is_named(handbook):
    with pytest.raises(Mistakes, match="there is no such program"):
        list(breaking.propose(handbook, "snippets/nothing.py", 1))
