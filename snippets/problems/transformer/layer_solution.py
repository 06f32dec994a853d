# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Multi-head attention with a padding mask, in NumPy, step by step."""

# --8<-- [start:solution]
import math

import numpy as np


def attend(q, k, v, mask, heads):
    batch, time, features = q.shape
    width = features // heads

    def split(x):
        return x.reshape(batch, time, heads, width).swapaxes(1, 2)

    q, k, v = split(q), split(k), split(v)  # (batch, heads, time, width)
    scores = q @ k.swapaxes(2, 3) / math.sqrt(width)  # (batch, heads, time, time)
    scores = np.where(mask[:, None, None, :] == 1, scores, -1e30)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    mixed = weights @ v  # (batch, heads, time, width)
    return mixed.swapaxes(1, 2).reshape(batch, time, features)


# --8<-- [end:solution]
# --8<-- [start:example]
q, k, v = np.zeros((3, 1, 3, 4))
q[0, :, 0], k[0, 0, 0] = math.sqrt(2) * math.log(3), 1
v[0] = [[8, 0, 4, 0], [0, 4, 0, 2], [9, 9, 9, 9]]
answer = attend(q, k, v, np.array([[1, 1, 0]]), heads=2)  # the last token is padding
print("two heads of width 2:", answer[0, 0])
assert np.allclose(answer[0], [6, 1, 2, 1])
q[0, :, 0] = 2 * math.log(3)
answer = attend(q, k, v, np.array([[1, 1, 0]]), heads=1)
print("one head of width 4: ", answer[0, 0])
assert np.allclose(answer[0], [6, 1, 3, 0.5])
# --8<-- [end:example]
