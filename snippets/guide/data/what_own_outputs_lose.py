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
policies = {"own outputs only": 0, "100 real kept": 100, "100 real redrawn": None}
policies |= {"500 real kept": 500, "everything kept": None, "100 new real": None}


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
        elif policy == "100 real redrawn":
            again = rng.multivariate_hypergeometric(real, 100)
            train = again + rng.multinomial(n - 100, train / n)
        elif policy == "100 new real":
            train = rng.multinomial(100, share) + rng.multinomial(n - 100, train / n)
        else:
            train = hold + rng.multinomial(n - stay, train / n)
    return np.array(known)  # (generations + 1, kinds)


# --8<-- [end:world]

# --8<-- [start:table]
left, came, cases = {}, {}, {}
print("kinds in generation  0      1      5     10   real cases of a known kind")
for policy in policies:
    known = np.array([runs(policy, seed) for seed in range(seeds)])
    left[policy] = known.sum(axis=2)[:, [0, 1, 5, 10]]
    came[policy] = np.sum(known[:, 1:].any(axis=1) & ~known[:, 0])
    cases[policy] = (known @ share).mean(axis=0)  # share of real cases, by generation
    row = "  ".join(f"{x:5.0f}" for x in left[policy].mean(axis=0))
    print(f"{policy:17s}{row}   {cases[policy][0]:.0%} -> {cases[policy][-1]:.0%}")
own, tenth, redrawn, half, everything, new = (left[policy][:, -1] for policy in policies)
first = left["own outputs only"][:, 0]
assert np.all(own < 0.5 * first) and np.all(own < half) and np.all(half < first)
assert cases["own outputs only"][-1] < cases["own outputs only"][0] - 0.2
assert np.mean(tenth) < 1.25 * np.mean(own)  # the same tenth of the set hardly helps
assert np.all(redrawn > 1.25 * own) and np.all(redrawn < first)  # a new tenth each time does
assert np.all(everything == left["everything kept"][:, 0])  # what was seen stays
assert [came[p] for p in policies] == [0, 0, 0, 0, 0, came["100 new real"]]
assert came["100 new real"] > 0  # only new real records bring in a new kind
# --8<-- [end:table]


# --8<-- [start:exact]
def binomial(k, p):
    """Chance of k in n draws at p, for whole arrays of k up to 200."""
    ways = np.array([float(math.comb(n, x)) for x in k])
    return ways * p**k * (1 - p) ** (n - k)


def lost(p):
    """Chance that a kind of share p is gone after ten generations on own outputs.

    Follows every count up to 200, far above where a kind this rare gets to.
    """
    states = np.arange(201)
    at, step = binomial(states, p), binomial(states, states[:, None] / n)
    for _ in range(generations):
        at = at @ step
    return at[0]


for p in (0.001, 0.002, 0.005, 0.01, 0.02):
    print(f"share {p:.1%}: {n * p:3.0f} at first, gone {lost(p):.0%} of the time")
rng = np.random.default_rng(0)
drawn = rng.binomial(n, 0.01, 50_000)
for _ in range(generations):
    drawn = rng.binomial(n, drawn / n)
assert abs(drawn.mean() / n - 0.01) < 0.0005  # on average nothing shrinks
assert abs(np.mean(drawn == 0) - lost(0.01)) < 0.01
# --8<-- [end:exact]
