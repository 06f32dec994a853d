# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Attention with a KV cache that takes several tokens at once, step by step."""

# --8<-- [start:solution]
import math

import numpy as np


def step(q, k, v, cache):
    if cache is not None:
        k = np.concatenate([cache[0], k], axis=1)
        v = np.concatenate([cache[1], v], axis=1)
    new, time = q.shape[1], k.shape[1]
    past = time - new
    visible = np.arange(time) <= past + np.arange(new)[:, None]  # (new, time)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    scores = np.where(visible, scores, -1e30)  # (heads, new, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v, (k, v)


# --8<-- [end:solution]
# --8<-- [start:example]
q = np.zeros((1, 3, 1))  # with queries of zero each token takes the mean of what it sees
v = np.array([[[3.0], [5.0], [10.0]]])
first, cache = step(q[:, :1], q[:, :1], v[:, :1], None)
rest, cache = step(q[:, 1:], q[:, 1:], v[:, 1:], cache)
print(first[0, :, 0], rest[0, :, 0])
assert np.allclose([*first[0, :, 0], *rest[0, :, 0]], [3, 4, 6])
# --8<-- [end:example]
