"""Pages on the smallest phone."""

from tests.support.sideways import sideways


def test_nothing_stands_outside_the_smallest_phone(browser, address, published_whole):
    assert not [*sideways(browser, address, (published_whole.root / "site").resolve())]
