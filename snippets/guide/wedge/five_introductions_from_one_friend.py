# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Pilots from one introducer resemble each other: both errors of a kill rule grow."""

# --8<-- [start:friends]
import functools
import math

import numpy as np

good, bad = 0.60, 1_000 / (350 * 12)  # a good market, and break-even
pilots, stop_at = 11, 4  # the rule for independent pilots
each = 5  # pilots that one person introduces
alike = 0.20  # correlation of two of them, an assumption


def one_friend(m, p, alike):
    """Chances of 0 to m yeses among m pilots that one person introduces."""
    pull = alike / (1 - alike) * np.arange(m)  # a yes makes the next likelier
    yes, no, order = (np.cumprod(np.r_[1, x + pull]) for x in (p, 1 - p, 1))
    ways = np.array([math.comb(m, j) for j in range(m + 1)], float)
    return ways * yes * no[::-1] / order[-1]


@functools.cache
def yeses(n, p, each, alike):
    """Chances of 0 to n yeses: full groups of each, and the rest."""
    if n <= each:
        return one_friend(n, p, alike)
    return np.convolve(yeses(n - each, p, each, alike), one_friend(each, p, alike))


def errors(n, k, each, alike, good=good, bad=bad):
    """Chance to stop a good market, chance to keep one at break-even."""
    stopped = yeses(n, good, each, alike)[: k + 1].sum()
    return stopped, yeses(n, bad, each, alike)[k + 1 :].sum()


alone, five = errors(pilots, stop_at, 1, 0), errors(pilots, stop_at, each, alike)
for name, (killed, kept) in (("one by one", alone), (f"{each} from each friend", five)):
    print(f"{name}: good market stopped {killed:.1%}, break-even kept {kept:.1%}")
assert max(alone) <= 0.10 < 0.14 < min(five)
# --8<-- [end:friends]

# --8<-- [start:check]
# Another way to the same numbers: each friend draws one rate for all five.
rng, runs = np.random.default_rng(0), 200_000
groups = [each] * (pilots // each) + [pilots % each]
drawn = []
for p in (good, bad):
    spread = (1 - alike) / alike  # Beta(p * spread, (1 - p) * spread)
    rates = rng.beta(p * spread, (1 - p) * spread, (runs, len(groups)))
    paid = rng.binomial(groups, rates).sum(axis=1)
    drawn.append(np.mean(paid <= stop_at))
print(f"drawn: {drawn[0]:.1%} stopped, {1 - drawn[1]:.1%} kept")
assert abs(drawn[0] - five[0]) < 0.004 and abs(1 - drawn[1] - five[1]) < 0.004
# The variance is that of independent pilots times 1 + (m - 1) * correlation.
count = np.arange(each + 1)
chances = one_friend(each, good, alike)
variance = chances @ count**2 - (chances @ count) ** 2
plain = each * good * (1 - good)
assert math.isclose(variance, plain * (1 + (each - 1) * alike))
# --8<-- [end:check]


# --8<-- [start:rule]
def kill_rule(each, alike, good=good, bad=bad, risk=0.10, most=40):
    """Smallest n, with k: both errors at most risk; None up to most pilots."""
    for n in range(1, most + 1):
        stopped = yeses(n, good, each, alike).cumsum()  # at 0, 1, … n yeses
        kept = yeses(n, bad, each, alike)[::-1].cumsum()[::-1]  # at 0 or more, …
        for k in range(n):
            if stopped[k] <= risk and kept[k + 1] <= risk:
                return n, k
    return None


print("pilots that keep both errors at 10%:")
sizes = {}
for share in (0.05, 0.10, 0.20, 0.30):
    sizes[share] = [kill_rule(m, share, most=80) for m in (1, 2, 5)]
    single, pairs, fives = (rule[0] for rule in sizes[share])
    print(f"correlation {share:.0%}: {single} alone, {pairs} in pairs, {fives} in fives")
assert all(row[0] == (pilots, stop_at) for row in sizes.values())
assert sizes[alike][2][0] > 1.5 * pilots
# All from one friend: more pilots do not help, for the friend is one draw.
least = []
for n in (10, 20, 40, 80):
    stopped, kept = (yeses(n, p, n, alike).cumsum() for p in (good, bad))
    least.append(np.maximum(stopped, 1 - kept).min())
print("all from one friend, larger error at the best k:", end=" ")
print(", ".join(f"{x:.0%}" for x in least), "with 10, 20, 40, 80 pilots")
assert min(least) > 0.15


def verdict(cost, contribution, months, good, risk, can_run, each, alike):
    """What the form says; good, risk and alike in percent."""
    bad = cost / (contribution * months)  # at break-even
    told = dict(needed=100 * bad, pilots=None, stop_at=None, killed_good=None, kept_bad=None)
    if bad >= good / 100:
        return told | dict(decision="never pays")
    rule = kill_rule(each, alike / 100, good / 100, bad, risk / 100)
    if rule is None:
        return told | dict(decision="too close")
    killed, kept = errors(*rule, each, alike / 100, good / 100, bad)
    told |= dict(pilots=rule[0], stop_at=rule[1])
    told |= dict(killed_good=100 * float(killed), kept_bad=100 * float(kept))
    return told | dict(decision="run them" if rule[0] <= can_run else "too many")


start = dict(cost=1_000, contribution=350, months=12, good=60, risk=10, can_run=15)
form = {"alone": start | dict(each=1, alike=0)}
form["friends"] = start | dict(each=each, alike=100 * alike)
for name, numbers in form.items():
    said = verdict(**numbers)
    print(f"{name}: {said['pilots']} pilots, {said['decision']}")
assert verdict(**form["alone"])["decision"] == "run them"
assert verdict(**form["friends"])["decision"] == "too many"
# --8<-- [end:rule]
