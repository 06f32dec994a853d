# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A model trained on its own outputs keeps its averages and loses its rare cases."""

# --8<-- [start:world]
import math

import numpy as np

kinds, n, generations, seeds = 500, 1000, 10, 20
share = 1 / np.arange(1, kinds + 1)
share /= share.sum()  # Zipf: a few common kinds of case, many rare ones
policies = {"own outputs only": 0, "100 real kept": 100, "500 real kept": 500}
policies |= {"everything kept": None, "100 new real": None}


def runs(policy, seed):
    """Kinds that the model knows after each generation; it repeats its training shares."""
    rng = np.random.default_rng(seed)
    real = rng.multinomial(n, share)  # the records you have
    stay = policies[policy] or 0  # of them in every later training set
    hold = rng.multivariate_hypergeometric(real, stay)
    train, known = real, []
    for _ in range(generations + 1):
        known.append(train > 0)
        if policy == "everything kept":
            train = train + rng.multinomial(n, train / train.sum())
        elif policy == "100 new real":
            train = rng.multinomial(100, share) + rng.multinomial(n - 100, train / n)
        else:
            train = hold + rng.multinomial(n - stay, train / n)
    return np.array(known)  # (generations + 1, kinds)


# --8<-- [end:world]

# --8<-- [start:table]
left, came = {}, {}
print("kinds in generation  0      1      5     10")
for policy in policies:
    known = np.array([runs(policy, seed) for seed in range(seeds)])
    left[policy] = known.sum(axis=2)[:, [0, 1, 5, 10]]
    came[policy] = np.sum(known[:, 1:].any(axis=1) & ~known[:, 0])
    row = "  ".join(f"{x:5.0f}" for x in left[policy].mean(axis=0))
    print(f"{policy:17s}{row}")
own, tenth, half, everything, new = (left[policy][:, -1] for policy in policies)
first = left["own outputs only"][:, 0]
assert np.all(own < 0.5 * first) and np.all(own < half) and np.all(half < first)
assert np.mean(tenth) < 1.25 * np.mean(own)  # a tenth of the set hardly helps
assert np.all(everything == left["everything kept"][:, 0])  # what was seen stays
assert [came[p] for p in policies] == [0, 0, 0, 0, came["100 new real"]]
assert came["100 new real"] > 0  # only new real records bring in a new kind
# --8<-- [end:table]


# --8<-- [start:exact]
def binomial(k, n, p):
    """Chance of k in n draws at p, for whole arrays of k up to 200."""
    ways = np.array([float(math.comb(n, x)) for x in k])
    return ways * p**k * (1 - p) ** (n - k)


def lost(p, m, n=n, generations=generations):
    """Chance that a kind of share p is gone, m real records staying in each set of n.

    Follows every count up to 200, far above where a kind this rare gets to.
    """
    size = n - m
    states = np.arange(min(size, 200) + 1)
    step = binomial(states, size, states[:, None] / n)
    at = binomial(states, size, p)  # not among the m that stay
    for _ in range(generations):
        at = at @ step
    return (1 - p) ** m * at[0]


gone = {p: lost(p, 0) for p in (0.001, 0.002, 0.005, 0.01, 0.02)}
for p, chance in gone.items():
    print(f"share {p:.1%}: {n * p:3.0f} at first, gone {chance:.0%} of the time")
rng = np.random.default_rng(0)
for m in (0, 100):
    stays = rng.binomial(m, 0.01, 50_000)
    drawn = stays + rng.binomial(n - m, 0.01, stays.size)
    for _ in range(generations):
        drawn = stays + rng.binomial(n - m, drawn / n)
    assert abs(drawn.mean() / n - 0.01) < 0.0005  # on average nothing shrinks
    assert abs(np.mean(drawn == 0) - lost(0.01, m)) < 0.01
# --8<-- [end:exact]


# --8<-- [start:decision]
def keep(p, risk=0.05, **more):
    """Fewest real records to keep, so that a kind of share p is gone at most so often."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if lost(p, middle, **more) <= risk else (middle + 1, high)
    return low


needed = {p: keep(p) for p in (0.005, 0.01, 0.02)}
alone = {p: int(np.ceil(np.log(0.05) / np.log(1 - p))) for p in needed}  # nothing else
for p, m in needed.items():
    print(f"share {p:.1%}: keep {m} real; with no outputs, {alone[p]}")
    assert m == 0 or lost(p, m) <= 0.05 < lost(p, m - 1)
assert all(0 <= alone[p] - needed[p] < 15 for p in (0.005, 0.01)) and needed[0.02] == 0
flip = next(p for p in np.arange(1, 40) / n if lost(p, 0) <= 0.05)
sooner = next(p for p in np.arange(1, 40) / n if lost(p, 0, generations=1) <= 0.05)
print(f"none from {flip:.1%} on; after one generation, {sooner:.1%}")
assert lost(flip - 1 / n, 0) > 0.05 and sooner < flip / 3
# --8<-- [end:decision]
