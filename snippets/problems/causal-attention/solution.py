# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Causal attention with scale and padding, step by step."""

# --8<-- [start:solution]
import math

import numpy as np


def attend(q, k, v, real):
    time, width = q.shape[-2:]
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(width)  # (batch, heads, time, time)
    causal = np.tril(np.ones((time, time), bool))
    visible = causal & real[:, None, None, :]  # (batch, 1, time, time)
    scores = np.where(visible, scores, -1e30)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v


# --8<-- [end:solution]
# --8<-- [start:example]
q = np.array([[[[0.0], [math.log(3)]]]])  # (batch, heads, time, width), all 1 but time
k = np.array([[[[0.0], [1.0]]]])
v = np.array([[[[8.0], [4.0]]]])
real = np.array([[True, True]])
answer = attend(q, k, v, real)
print(answer[0, 0, :, 0])
assert np.allclose(answer[0, 0, :, 0], [8, 5])
# --8<-- [end:example]
