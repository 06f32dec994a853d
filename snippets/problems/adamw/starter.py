# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: AdamW with a warm-up and a cosine."""

# --8<-- [start:starter]
import numpy as np


def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    """w: (count,); gradients: (steps, count); decays: (count,), boolean."""
    return np.zeros(len(gradients)), np.zeros_like(gradients)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
w, gradients = np.array([1.0, 1.0]), np.array([[3.0, -0.5], [3.0, -0.5]])
decays = np.array([True, False])
rates, weights = train(w, gradients, decays, 0.1, 0.05, 1, 0.9, 0.999, 1e-8, 0.5)
print("wanted [0.1 0.05], got", rates)
print("wanted [0.85 1.1], then [0.77875 1.15], got", *weights)
# --8<-- [end:example]
