# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: multi-head attention with a padding mask, in NumPy."""

# --8<-- [start:starter]
import numpy as np


def attend(q, k, v, mask, heads):
    """q, k, v: (batch, time, features); mask: (batch, time), 1 for a token, 0 for padding."""
    return np.zeros_like(q)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
q, k, v = np.zeros((3, 1, 3, 4))
q[0, :, 0], k[0, 0, 0] = np.sqrt(2) * np.log(3), 1
v[0] = [[8, 0, 4, 0], [0, 4, 0, 2], [9, 9, 9, 9]]
print("wanted [6. 1. 2. 1.], got", attend(q, k, v, np.array([[1, 1, 0]]), heads=2)[0, 0])
# --8<-- [end:example]
