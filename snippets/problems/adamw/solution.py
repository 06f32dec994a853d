# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""AdamW with a warm-up and a cosine, step by step."""

# --8<-- [start:solution]
import math

import numpy as np


def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    steps, m, v = len(gradients), np.zeros(w.shape), np.zeros(w.shape)
    rates, weights = [], []
    for t, g in enumerate(gradients, start=1):
        if t <= warmup:
            rate = peak * t / warmup
        else:
            done = (t - warmup) / (steps - warmup)
            rate = floor + (peak - floor) * (1 + math.cos(math.pi * done)) / 2
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        mean, square = m / (1 - beta1**t), v / (1 - beta2**t)
        w = w - rate * (mean / (np.sqrt(square) + epsilon) + decay * decays * w)
        rates.append(rate)
        weights.append(w)
    return np.array(rates), np.array(weights)


# --8<-- [end:solution]
# --8<-- [start:example]
w, gradients = np.array([1.0, 1.0]), np.array([[3.0, -0.5], [3.0, -0.5]])
decays = np.array([True, False])
rates, weights = train(w, gradients, decays, 0.1, 0.05, 1, 0.9, 0.999, 1e-8, 0.5)
print(rates, weights, sep="\n")
assert np.allclose(rates, [0.1, 0.05])
assert np.allclose(weights, [[0.85, 1.1], [0.77875, 1.15]])
# --8<-- [end:example]
