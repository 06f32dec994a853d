# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A flat price lives on the mean user; how heavy the tail is says whom a cap stops."""

# --8<-- [start:inputs]
from statistics import NormalDist

import numpy as np

MARGIN = 0.60  # what you ask for, fixed beforehand
flat, mean, spread = 20.0, 2.6, 1.2  # US$ a month; mean cost of a user; sigma of its logarithm
grown = 4  # times: longer tasks, or agents left running
allowed = (1 - MARGIN) * flat  # US$, what the mean user may cost
normal = NormalDist()
# --8<-- [end:inputs]


# --8<-- [start:heavy]
def top_share(spread, top=0.05):
    """Share of the cost that the heaviest users make, lognormal use."""
    return normal.cdf(spread - normal.inv_cdf(1 - top))


def over(cap, mean, spread):
    """Mean cost of a user if use stops at the cap, and the share of users it stops."""
    middle = np.log(mean) - spread**2 / 2
    d = (np.log(cap) - middle) / spread
    return mean * normal.cdf(d - spread) + cap * (1 - normal.cdf(d)), 1 - normal.cdf(d)


def cap_for(target, mean, spread):
    """The cap at which users cost target on average."""
    low, high = 1e-9, 1e6
    for _ in range(100):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if over(middle, mean, spread)[0] < target else (low, middle)
    return low


rng = np.random.default_rng(0)
use = np.exp(rng.normal(np.log(mean) - spread**2 / 2, spread, 1_000_000))
top = np.sort(use)[-50_000:].sum() / use.sum()
cap = cap_for(allowed, grown * mean, spread)
stopped = over(cap, grown * mean, spread)[1]
print(f"flat {flat:.0f}: margin {1 - mean / flat:.0%}, the top 5% cost {top_share(spread):.0%}")
print(f"use times {grown}: margin {1 - grown * mean / flat:.0%}", end=", ")
print(f"under 60% from {allowed / mean:.1f} on")
print(f"a cap at {cap:.2f} brings 60% back, stops {stopped:.1%}")
touched = {s: over(cap_for(allowed, grown * mean, s), grown * mean, s)[1] for s in (0.6, 1.2, 1.8)}
for s, x in touched.items():
    print(f"spread {s}: top 5% cost {top_share(s):.0%}, cap stops {x:.1%}")
assert abs(top - top_share(spread)) < 0.01
assert abs(np.minimum(grown * use, cap).mean() - allowed) < 0.05
assert touched[0.6] > touched[1.2] > touched[1.8]
# --8<-- [end:heavy]
