# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Stopping early is free when the result is certain, and costs errors when it only looks so."""

# --8<-- [start:walk]
import functools
import math

good, bad = 0.60, 1_000 / (350 * 12)  # a good market, and break-even
pilots, stop_at = 11, 4  # go on when more than 4 of 11 pay


def run(p, decide):
    """Chance to go on, and pilots on average; decide says None to wait."""

    @functools.cache
    def after(n, yes):
        said = decide(n, yes)
        if said is not None:
            return float(said), 0.0
        up, down = after(n + 1, yes + 1), after(n + 1, yes)
        go = p * up[0] + (1 - p) * down[0]
        return go, 1 + p * up[1] + (1 - p) * down[1]

    return after(0, 0)


def at_the_end(n, yes):
    """No look before the last pilot."""
    return yes > stop_at if n == pilots else None


def when_certain(n, yes):
    """Stop when the pilots that are left cannot turn the result."""
    if yes > stop_at or n - yes >= pilots - stop_at:
        return yes > stop_at
    return None


def when_it_looks_bad(n, yes, first=3):
    """Stop at any look from the third on with no larger share than 4 of 11."""
    if n >= first and yes * pilots <= stop_at * n:
        return False
    return at_the_end(n, yes)


def until_it_suits(n, yes, most=2 * pilots):
    """After a no at 11, add pilots until the share looks right."""
    if n < pilots:
        return None
    if yes * pilots > stop_at * n:
        return True
    return False if n == most else None


# --8<-- [end:walk]


# --8<-- [start:looks]
rules = (at_the_end, when_certain, when_it_looks_bad, until_it_suits)
told = {}
for rule in rules:
    (go, used), (kept, short) = run(good, rule), run(bad, rule)
    told[rule.__name__] = killed, kept, used, short = 1 - go, kept, used, short
    print(f"{rule.__name__:17s} good stopped {killed:5.1%}", end=", ")
    print(f"break-even kept {kept:5.1%}, pilots {used:.1f} and {short:.1f}")
end, certain = told["at_the_end"], told["when_certain"]
ways = [math.comb(pilots, i) * good**i * (1 - good) ** (pilots - i) for i in range(stop_at + 1)]
assert math.isclose(end[0], sum(ways))  # the walk gives the binomial
assert math.isclose(end[0], certain[0]) and math.isclose(end[1], certain[1])
assert certain[2] < 0.75 * pilots
assert told["when_it_looks_bad"][0] > 2 * end[0]
assert told["until_it_suits"][1] > 1.5 * end[1]
# --8<-- [end:looks]
