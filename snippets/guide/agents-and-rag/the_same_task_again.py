# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Runs of one task fail together: what that does to a retry and to a budget."""

# --8<-- [start:chain]
import math

import numpy as np

rng = np.random.default_rng(0)
finished = np.mean([(rng.random(20) < 0.95).all() for _ in range(100_000)])
half = math.log(0.5) / math.log(0.95)
each = 0.5 ** (1 / 20)
print(f"0.95**20 = {0.95**20:.1%}, counted {finished:.1%}")
print(f"half finish with {half:.1f} steps")
print(f"or with {each:.1%} of the steps right")
assert abs(finished - 0.95**20) < 0.005
# --8<-- [end:chain]

# --8<-- [start:inputs]

# tau-bench: share of tasks of which 1, 2, 3, 4 runs are all right, as published;
# Sonnet is Claude 3.5 of June or October 2024, 4o is gpt-4o.
published = {
    "retail Sonnet Oct": (0.692, 0.576, 0.509, 0.462),
    "retail Sonnet June": (0.626, 0.506, 0.435, 0.387),
    "retail gpt-4o": (0.604, 0.491, 0.430, 0.383),
    "airline Sonnet Oct": (0.460, 0.326, 0.263, 0.225),
    "airline gpt-4o": (0.420, 0.273, 0.220, 0.200),
    "airline Sonnet June": (0.360, 0.224, 0.169, 0.139),
    "airline 4o Act": (0.365, 0.217, 0.160, 0.140),
    "airline 4o ReAct": (0.325, 0.233, 0.185, 0.160),
    "airline 4o-mini": (0.225, 0.140, 0.110, 0.100),
}
fails, again = 0.05, 0.60  # one try of a step; a retry after a failure
# --8<-- [end:inputs]


# --8<-- [start:repeats]
def all_alike(p, alike, k):
    """P(k runs all come out so), each with p; the tasks' own p are Beta (alike: correlation)."""
    i = np.arange(k)
    return np.prod((p * (1 - alike) + i * alike) / (1 - alike + i * alike))


repeats, errors = {}, {"independent": [], "alike": []}
print("fails, fails again, four runs right:")
print("independent, alike, published")
for name, (one, two, _, four) in published.items():
    repeats[name] = 1 - (one - two) / (1 - one)
    alike = (two - one**2) / (one * (1 - one))  # from one and two runs only
    guess = all_alike(one, alike, 4)
    errors["independent"].append(abs(one**4 - four))
    errors["alike"].append(abs(guess - four))
    print(f"{name:19s} {1 - one:.0%} {repeats[name]:.0%}", end=" ")
    print(f"{one**4:.3f} {guess:.3f} {four:.3f}")
assert min(repeats.values()) > 0.60
assert max(errors["alike"]) < 0.04 < 0.09 < min(errors["independent"])
# --8<-- [end:repeats]

# --8<-- [start:budget]
alike = (again - fails) / (1 - fails)  # a retry fails with chance `again`
weight = (1 - alike) / alike
draws = rng.beta(fails * weight, (1 - fails) * weight, 400_000)
assert abs(np.mean(draws**3) - all_alike(fails, alike, 3)) < 0.001


def budget(cap, alike):
    """With a perfect check: share unsolved after `cap` tries, mean tries used."""
    i = np.arange(cap)
    failed = np.cumprod((fails * (1 - alike) + i * alike) / (1 - alike + i * alike))
    return failed[-1], 1 + failed[:-1].sum()  # try i + 1 takes place if i have failed


print("tries: unsolved and used, on average")
print("   cap    independent   failing alike")
for cap in (1, 2, 3, 5, 10, 100, 10_000):
    (left, used), (left_alike, used_alike) = budget(cap, 0), budget(cap, alike)
    print(f"{cap:6,d} {left:8.1e} {used:5.3f}", end=" ")
    print(f"{left_alike:8.2%} {used_alike:5.2f}")
endless = fails + (1 - fails) ** 2 / (2 - fails)  # a retry fails this often: no finite mean


def added(again):
    """Tries that each tenfold cap adds to the mean, from 1,000 to 1,000,000."""
    used = [budget(10**n, (again - fails) / (1 - fails))[1] for n in (3, 4, 5, 6)]
    return np.diff(used)


assert abs(budget(10_000, 0)[1] - 1 / (1 - fails)) < 1e-9  # independent: the geometric mean
assert np.all(np.diff(added(endless + 0.05)) > 0) and np.all(np.diff(added(endless - 0.05)) < 0)
print(f"without a cap no mean from {endless:.1%} again")
# --8<-- [end:budget]
