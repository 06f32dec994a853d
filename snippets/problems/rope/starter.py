# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: rotary position embeddings."""

# --8<-- [start:starter]
import numpy as np


def rotate(q, k, start, base, rotary, halves):
    """q: (heads, time, width); k: (kv_heads, time, width); returns both, rotated."""
    return np.zeros_like(q), np.zeros_like(k)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
q, k = np.array([[[0.0, 0, 1, 0]]]), np.array([[[0.0, 1, 0, 0]]])
print("wanted [0. 0. 0.5403 0.8415], got", rotate(q, k, 100, 10_000, 4, False)[0][0, 0])
print("wanted [0. 0.5403 0. 0.8415], got", rotate(q, k, 100, 10_000, 4, True)[1][0, 0])
# --8<-- [end:example]
