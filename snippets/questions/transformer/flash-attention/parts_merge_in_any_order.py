# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Attention over parts of the keys merges exactly, in any order."""

# --8<-- [start:merge]
import numpy as np

CONTEXT, WIDTH, WORKERS = 4096, 64, 8
rng = np.random.default_rng(0)
q = rng.normal(size=WIDTH)  # One new token.
k, v = rng.normal(size=(2, CONTEXT, WIDTH))


# --8<-- [end:merge]


# --8<-- [start:pair]
def attend(q, k, v):  # Answer over some keys, and the log of their total weight.
    scores = k @ q / WIDTH**0.5
    high = scores.max()
    weights = np.exp(scores - high)
    return weights @ v / weights.sum(), high + np.log(weights.sum())


def merge(left, right):  # Needs nothing but the two pairs.
    size = np.logaddexp(left[1], right[1])
    mixed = np.exp(left[1] - size) * left[0] + np.exp(right[1] - size) * right[0]
    return mixed, size


# --8<-- [end:pair]

# --8<-- [start:orders]
whole, _ = attend(q, k, v)
pairs = zip(np.split(k, WORKERS), np.split(v, WORKERS), strict=True)
parts = [attend(q, *pair) for pair in pairs]
gaps, averaged = [], np.mean([answer for answer, _ in parts], axis=0)
for _ in range(20):
    heap = [parts[i] for i in rng.permutation(WORKERS)]
    while len(heap) > 1:
        heap.append(merge(heap.pop(0), heap.pop(0)))  # A tree of merges.
    gaps.append(np.abs(heap[0][0] - whole).max())
wrong = np.abs(averaged - whole).max() / np.abs(whole).max()
print(f"20 orders: error at most {max(gaps):.0e}; plain average: off by {wrong:.0%}")
assert max(gaps) < 1e-14 and wrong > 0.02
# --8<-- [end:orders]

# --8<-- [start:share]
share = {}
layouts = {"multi-head": (1, 128, 128), "grouped": (8, 128, 128), "latent": (128, 576, 0)}
for name, (queries, width, value_width) in layouts.items():
    keys = np.ones((CONTEXT, width))  # of one key head; the latent is its own value
    scores = np.ones((queries, width)) @ keys.T  # (queries that share, context)
    cache = keys.size + CONTEXT * value_width
    share[name] = 4 * scores.size / cache  # Scores and weights, written and read.
    print(f"{name:10s}: scores move {share[name]:.1%} of what keys and values move")
assert share["multi-head"] < 0.02 and 0.1 < share["grouped"] < 0.2
assert share["latent"] > 0.8
# --8<-- [end:share]
