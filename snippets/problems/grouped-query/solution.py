# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Grouped-query attention without copies of keys and values."""

# --8<-- [start:solution]
import math

import numpy as np


def attend(q, k, v):
    batch, heads, new, width = q.shape
    kv_heads, time, depth = v.shape[1:]
    group = heads // kv_heads
    q = q.reshape(batch, kv_heads, group, new, width)
    k, v = k[:, :, None], v[:, :, None]  # (batch, kv_heads, 1, time, width or depth)
    visible = np.arange(time) <= time - new + np.arange(new)[:, None]  # (new, time)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(width)
    scores = np.where(visible, scores, -1e30)  # (batch, kv_heads, group, new, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).reshape(batch, heads, new, depth)


# --8<-- [end:solution]
# --8<-- [start:example]
q = np.zeros((1, 4, 1, 1))  # four query heads, one new token
v = np.array([[[[2.0], [4.0]], [[10.0], [30.0]]]])  # two KV heads, two tokens
answer = attend(q, np.zeros_like(v), v)
print(answer[0, :, 0, 0])
assert np.allclose(answer[0, :, 0, 0], [3, 3, 20, 20])
# --8<-- [end:example]
