# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Stable softmax cross-entropy with ignored labels, and its gradient."""

# --8<-- [start:solution]
import math

import numpy as np


def cross_entropy(logits, labels, ignore=-100):
    counted = labels != ignore  # (batch, time)
    count = max(counted.sum(), 1)
    safe = np.where(counted, labels, 0)[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(log_p, safe, axis=-1)[..., 0]  # (batch, time)
    loss = -np.where(counted, picked, 0.0).sum() / count
    one_hot = np.arange(logits.shape[-1]) == safe
    gradient = (np.exp(log_p) - one_hot) * counted[..., None] / count
    return loss, gradient


# --8<-- [end:solution]
# --8<-- [start:example]
logits = np.array([[[math.log(3), 0.0], [5.0, 9.0]]])  # (batch 1, time 2, vocabulary 2)
labels = np.array([[0, -100]])
loss, gradient = cross_entropy(logits, labels)
print(f"{loss:.4f}", gradient[0].tolist())
assert np.isclose(loss, math.log(4 / 3))
assert np.allclose(gradient, [[[-0.25, 0.25], [0, 0]]])
# --8<-- [end:example]
