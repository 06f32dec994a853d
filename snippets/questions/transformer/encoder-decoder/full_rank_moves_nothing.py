# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Causal attention has full rank, full attention too, and the rank does not tell what is mixed."""

# --8<-- [start:exact]
import itertools
import math

import numpy as np


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


TIME = 8
q, k = np.arange(TIME), np.log(np.arange(1, TIME + 1))  # A head of width 1.
full = softmax(np.outer(q, k))  # exp(q_i k_j) = (j + 1)^i: a Vandermonde matrix, rows scaled
sums = (np.arange(1.0, TIME + 1) ** q[:, None]).sum(axis=1)
determinant = np.linalg.det(full) * sums.prod()
exact = math.prod(b - a for a, b in itertools.combinations(range(1, TIME + 1), 2))
print(f"8 tokens, width 1, no mask: determinant {determinant:.6e}, exactly {exact:.6e}")
assert abs(determinant / exact - 1) < 1e-6 and exact > 0
# --8<-- [end:exact]

# --8<-- [start:random]
TIME, WIDTH = 64, 8  # A head much narrower than the text is long.
past = np.tri(TIME, dtype=bool)
smallest = {}
print("\nsmallest singular value, 64 tokens   no mask   causal mask")
for size in (0.1, 1.0):
    for seed in range(3):
        q, k = np.random.default_rng(seed).normal(size=(2, TIME, WIDTH))
        scores = size * q @ k.T / WIDTH**0.5
        ways = softmax(scores), softmax(np.where(past, scores, -np.inf))
        values = [float(np.linalg.svd(way, compute_uv=False)[-1]) for way in ways]
        smallest[size, seed] = values
        print(f"scores of size {size}, seed {seed} {values[0]:19.0e} {values[1]:13.0e}")
        assert (ways[1].diagonal() > 0).all() and not np.triu(ways[1], 1).any()  # Full rank.
assert all(1000 * smallest[0.1, s][0] < smallest[0.1, s][1] for s in range(3))
assert all(smallest[1.0, s][0] > 1000 * smallest[1.0, s][1] for s in range(3))
# --8<-- [end:random]

# --8<-- [start:mixing]
cases = {
    "look only at yourself": np.eye(TIME),
    "average of everything": np.full((TIME, TIME), 1 / TIME),
}
rank = {name: int(np.linalg.matrix_rank(a)) for name, a in cases.items()}
from_others = {name: int((a > 0).sum() - TIME) for name, a in cases.items()}
for name in cases:
    print(f"{name}: rank {rank[name]}, pairs of different tokens {from_others[name]}")
assert list(rank.values()) == [TIME, 1] and list(from_others.values()) == [0, TIME * (TIME - 1)]
# --8<-- [end:mixing]
