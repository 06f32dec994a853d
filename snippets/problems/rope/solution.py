# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Rotary position embeddings with both pairings, an offset and a part that does not turn."""

# --8<-- [start:solution]
import numpy as np


def rotate(q, k, start, base, rotary, halves):
    i = np.arange(rotary // 2)  # the pairs
    positions = start + np.arange(q.shape[1])
    angles = positions[:, None] * base ** (-2 * i / rotary)  # (time, rotary / 2)
    one, two = (i, i + rotary // 2) if halves else (2 * i, 2 * i + 1)

    def turned(x, angles):
        a, b = x[..., one], x[..., two]  # (heads, time, rotary / 2)
        y = x.copy()
        y[..., one] = a * np.cos(angles) - b * np.sin(angles)
        y[..., two] = a * np.sin(angles) + b * np.cos(angles)
        return y

    return turned(q, angles), turned(k, angles)


# --8<-- [end:solution]
# --8<-- [start:example]
q, k = np.array([[[0.0, 0, 1, 0]]]), np.array([[[0.0, 1, 0, 0]]])  # one token, at position 100
neighbours, _ = rotate(q, k, 100, 10_000, 4, halves=False)
_, halves = rotate(q, k, 100, 10_000, 4, halves=True)
print(neighbours[0, 0].round(4), halves[0, 0].round(4))
assert np.allclose(neighbours, [[[0, 0, np.cos(1), np.sin(1)]]])
assert np.allclose(halves, [[[0, np.cos(1), 0, np.sin(1)]]])
# --8<-- [end:example]
