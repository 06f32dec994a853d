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


def needed_share(cost, contribution, months):
    """Share of pilots that must start to pay for pilots to pay back."""
    return cost / (contribution * months)


needed = needed_share(
    cost_per_pilot,
    contribution_per_month,
    payback_months,
)
print(f"pilots that must convert: {needed:.1%}")
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
    print(f"true rate {p:.0%}: {silent_pilots(p)} noes in a row are 5% luck")
silent = silent_pilots(needed)
assert at_most(0, silent, needed) <= 0.05 < at_most(0, silent - 1, needed)
bad = 0.10  # a rate at which you lose money on every pilot
kept_bad = 1 - at_most(0, silent, bad)
print(f"rule '0 of {silent}': a {bad:.0%} market survives {kept_bad:.0%}")
assert bad < needed and kept_bad > 0.5  # silence alone is too weak a rule
# --8<-- [end:silence]


# --8<-- [start:rule]
def kill_rule(good, bad, risk=0.10):
    """Smallest n, with k: stop at k or fewer yeses, both errors <= risk."""
    for n in range(1, 500):
        for k in range(n):
            killed_good = at_most(k, n, good)
            survived_bad = 1 - at_most(k, n, bad)
            if killed_good <= risk and survived_bad <= risk:
                return n, k, killed_good, survived_bad
    raise ValueError("no rule below 500 pilots")


rules = {good: kill_rule(good, bad) for good in (0.25, 0.30, 0.40, 0.50)}
for good, (n, k, killed_good, survived_bad) in rules.items():
    print(f"{good:.0%} against {bad:.0%}: {n:2d} pilots", end=", ")
    print(f"stop at {k} or fewer", end=" ")
    print(f"(wrong stop {killed_good:.1%}, wrong go {survived_bad:.1%})")
assert rules[0.25][0] > 3 * rules[0.50][0]
# --8<-- [end:rule]
