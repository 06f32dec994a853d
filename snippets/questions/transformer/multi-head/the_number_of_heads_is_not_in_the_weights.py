# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Heads are a sum that does not know their order, and no weight tells how many there are."""

# --8<-- [start:sum]
import numpy as np

WIDTH, TIME, HEADS = 64, 10, 8
rng = np.random.default_rng(0)
x = rng.normal(size=(TIME, WIDTH))
w_q, w_k, w_v, w_o = rng.normal(size=(4, WIDTH, WIDTH)) / WIDTH**0.5


def attend(q, k, v):  # one head: (time, width / heads) each
    scores = q @ k.T / q.shape[1] ** 0.5
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ v


def multi_head(x, heads, order=None):
    slices = np.split(np.arange(WIDTH), heads)  # Columns that belong to each head.
    slices = slices if order is None else [slices[i] for i in order]
    outputs = [attend(*(x @ w[:, s] for w in (w_q, w_k, w_v))) for s in slices]
    joined = np.concatenate(outputs, axis=1) @ w_o[np.concatenate(slices)]
    summed = sum(output @ w_o[s] for output, s in zip(outputs, slices, strict=True))
    return joined, summed  # (time, width) each


joined, summed = multi_head(x, HEADS)
shuffled, _ = multi_head(x, HEADS, order=rng.permutation(HEADS))
print(f"concatenate and project, against a sum: {np.abs(joined - summed).max():.0e}")
print(f"heads in another order: {np.abs(joined - shuffled).max():.0e}")
assert np.allclose(joined, summed) and np.allclose(joined, shuffled)
# --8<-- [end:sum]

# --8<-- [start:wrong]
other, _ = multi_head(x, heads=4)  # The same arrays, another number of heads.
wrong = np.linalg.norm(other - joined) / np.linalg.norm(joined)
print(f"read with 4 heads instead of 8: shape {other.shape}, output off by {wrong:.0%}")
assert other.shape == joined.shape and wrong > 0.3
# --8<-- [end:wrong]
