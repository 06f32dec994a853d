# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""A kill rule is two error rates, fixed before the first pilot."""

# --8<-- [start:needed]
import math

# Example inputs in US$; put in your own.
cost_per_pilot = 1_000  # founder time, integration, model bill
contribution_per_month = 350  # price minus what serving one customer costs
payback_months = 12  # how long your cash lets you wait

from_one = contribution_per_month * payback_months
needed = cost_per_pilot / from_one
print(f"pilots that must convert: {needed:.1%}")
for rate in (0.10, 0.20, 0.40, 0.60):
    dollars = rate * from_one - cost_per_pilot
    print(f"a market of {rate:.0%}: US${dollars:+,.0f} per pilot on average")
# --8<-- [end:needed]


# --8<-- [start:silence]
def at_most(k, n, p):
    """Probability of k or fewer yeses in n pilots at rate p."""
    ways = (math.comb(n, i) for i in range(k + 1))
    return sum(w * p**i * (1 - p) ** (n - i) for i, w in enumerate(ways))


def silent_pilots(p, risk=0.05):
    """Smallest n at which n noes in a row have probability at most risk."""
    return math.ceil(math.log(risk) / math.log(1 - p))


for p in (0.1, needed, 0.4):
    print(f"true rate {p:.0%}: {silent_pilots(p)} noes in a row", end=" ")
    print("happen at most 5% of the time")
silent = silent_pilots(needed)
assert at_most(0, silent, needed) <= 0.05 < at_most(0, silent - 1, needed)
poor = 0.10  # a market that loses money
kept_poor = 1 - at_most(0, silent, poor)
print(f"rule '0 of {silent}': a {poor:.0%} market survives {kept_poor:.0%}")
assert poor < needed and kept_poor > 0.5  # silence alone is too weak a rule
# --8<-- [end:silence]


# --8<-- [start:rule]
def kill_rule(good, bad=needed, risk=0.10, most=500):
    """Smallest n, with k: stop at k or fewer yeses, both errors <= risk."""
    for n in range(1, most + 1):
        for k in range(n):
            killed_good = at_most(k, n, good)
            survived_bad = 1 - at_most(k, n, bad)
            if killed_good <= risk and survived_bad <= risk:
                return n, k
    raise ValueError(f"no rule up to {most} pilots")


rules = {good: kill_rule(good) for good in (0.40, 0.50, 0.60, 0.70)}
for good, (n, k) in rules.items():
    print(f"{good:.0%} against {needed:.0%}: {n} pilots", end=", ")
    print(f"stop at {k} or fewer")
strict, _ = kill_rule(0.60, risk=0.05)
print(f"60% against {needed:.0%} with both errors at 5%: {strict} pilots")
assert rules[0.40][0] > 2 * rules[0.60][0]  # a smaller gap costs more pilots

pilots, stop_at = rules[0.60]
goes_on = 1 - at_most(stop_at, pilots, needed)  # and earns nothing
fair_stopped = at_most(stop_at, pilots, 0.40)  # although it pays back
print(f"stop at {stop_at} of {pilots}:")
for rate in (poor, needed, 0.40, 0.60):
    stops = at_most(stop_at, pilots, rate)
    print(f"a market of {rate:.0%} is stopped {stops:.1%} of the time")
assert goes_on <= 0.10 and at_most(stop_at, pilots, 0.60) <= 0.10
assert fair_stopped > 0.5 and 0.40 > needed
# --8<-- [end:rule]
