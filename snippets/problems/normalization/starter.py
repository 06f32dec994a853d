# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: LayerNorm and RMSNorm with backward."""

# --8<-- [start:starter]
import numpy as np


def normalize(x, gain, dy, epsilon, center):
    """x, dy: (batch, time, features); gain: (features,); returns y, dx, dgain."""
    return np.zeros_like(x), np.zeros_like(x), np.zeros_like(gain)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
x, gain = np.array([[[3.0, 4.0]]]), np.array([1.0, 2.0])
y, dx, dgain = normalize(x, gain, np.array([[[1.0, 0.0]]]), 0.0, center=True)
print("wanted [-1.  2.], got", y[0, 0])
# --8<-- [end:example]
