# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""A milestone is a test with two errors, and precision costs months of cash."""

# --8<-- [start:inputs]
import itertools
import math
import random

good, bad = 2.0, 0.75  # customers signed a month: worth going on; should stop
gain, loss = 30.0, 12.0  # months of costs: a good company brings, a bad one that goes on burns
share = 0.30  # of such companies are good, you believe
# --8<-- [end:inputs]


# --8<-- [start:milestone]
def fewer(k, mean):
    """Probability of fewer than k events, Poisson."""
    return sum(math.exp(-mean) * mean**i / math.factorial(i) for i in range(k))


def errors(k, months):
    """A good company fails, a bad one passes: k customers within the months."""
    return fewer(k, good * months), 1 - fewer(k, bad * months)


tests = {(k, half / 2): errors(k, half / 2) for half in range(1, 25) for k in range(1, 25)}
strict = min((test for test in tests if max(tests[test]) <= 0.10), key=lambda test: test[1])


def value(test, share, gain=gain, loss=loss):
    """Months of costs won on average, against stopping now."""
    missed, passed = tests[test]
    return share * (1 - missed) * gain - (1 - share) * passed * loss - test[1]


def wrong(test):
    """Share of companies, good or bad, about which it is wrong."""
    missed, passed = tests[test]
    return share * missed + (1 - share) * passed


best = max(tests, key=lambda test: value(test, share))
for said, test in (("strict", strict), ("best", best)):
    missed, passed = tests[test]
    print(f"{said:6s}: {test[0]} customers in {test[1]:g} months, wrong about {wrong(test):.0%}")
    print(
        f"  good fails {missed:.0%}, bad passes {passed:.0%}, worth {value(test, share):.1f} months"
    )
draw, won, n = random.Random(0), 0.0, 200_000
for _ in range(n):
    is_good = draw.random() < share
    wait = sum(draw.expovariate(good if is_good else bad) for _ in range(best[0]))
    won += (gain if is_good else -loss) * (wait <= best[1]) - best[1]
assert abs(won / n - value(best, share)) < 0.15
assert strict[1] >= 3 * best[1] and value(best, share) > value(strict, share) + 1
# --8<-- [end:milestone]

# --8<-- [start:extended]
later = {}
for more in (0, 1, 2, 3):
    missed, later[more] = errors(best[0], best[1] + more)
    print(f"{more} months more: good fails {missed:.0%}, bad passes {later[more]:.0%}")
assert later[1] > 1.8 * later[0] and later[3] > 0.6
# --8<-- [end:extended]


# --8<-- [start:choice]
def choice(share):
    """Stop, go on without a test, or set the best milestone first."""
    tested = max(value(test, share) for test in tests)
    values = {"stop": 0.0, "milestone": tested, "go on": share * gain - (1 - share) * loss}
    return max(values, key=values.get)


def flip(low, high):
    """The share between two at which the choice changes."""
    now = choice(low)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if choice(middle) == now else (low, middle)
    return high


from_here, up_to = flip(0.01, share), flip(share, 0.99)
print(f"milestone first from {from_here:.0%} to {up_to:.0%} good companies")
for limit, below, above in ((from_here, "stop", "milestone"), (up_to, "milestone", "go on")):
    assert (choice(limit - 0.001), choice(limit + 0.001)) == (below, above)
others = itertools.product((20.0, 30.0, 40.0), (8.0, 12.0, 18.0))
ranges = {max(tests, key=lambda test: value(test, share, *pair))[1] for pair in others}
print(f"the best takes {min(ranges):g} to {max(ranges):g} months at other stakes")
assert max(ranges) < strict[1] / 1.5
# --8<-- [end:choice]

# --8<-- [start:order]
experiments = {  # months of cash, chance that it says stop
    "build the product": (3.0, 0.10),
    "three customers, a full run": (0.33, 0.40),
    "questions someone signs": (0.5, 0.25),
    "model against today's way": (0.67, 0.25),
    "pilots with a price": (1.0, 0.50),
    "margin from real bills": (0.5, 0.20),
    "ask the provincial office": (0.1, 0.15),
}


def expected(order):
    """Months spent until the first stop, or to the end."""
    spent, alive = 0.0, 1.0
    for name in order:
        spent += alive * experiments[name][0]
        alive *= 1 - experiments[name][1]
    return spent


per_stop = sorted(experiments, key=lambda name: experiments[name][0] / experiments[name][1])
for name in per_stop:
    print(f"{experiments[name][0] / experiments[name][1]:5.1f} months per stop: {name}")
product, *table = experiments
orders = {"this order": per_stop, "product last": [*table, product], "product first": experiments}
spent = {said: expected(order) for said, order in orders.items()}
for said, months in spent.items():
    print(f"{said:13s}: {months:.2f} months on average")
least = min(map(expected, itertools.permutations(experiments)))
assert abs(spent["this order"] - least) < 1e-9
assert spent["product first"] > 2 * spent["this order"]
# --8<-- [end:order]
