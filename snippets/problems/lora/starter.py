# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: the LoRA layer."""

# --8<-- [start:starter]
import numpy as np


def lora(w, a, alpha, x, dy, rate):
    """w: (fan_out, fan_in); a: (rank, fan_in); x, dy: (steps, tokens, fan_in or fan_out)."""
    steps, fan_out, rank = len(x), len(w), len(a)
    da, db = np.zeros((steps, *a.shape)), np.zeros((steps, fan_out, rank))
    return np.zeros_like(dy), np.zeros_like(x), da, db, w.copy()  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
w, a = np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]])
x, dy = np.array([[[3.0, 1.0]]] * 2), np.ones((2, 1, 1))
y, _, _, _, merged = lora(w, a, 2, x, dy, 0.25)
print("wanted [5.0, 1.0] and [[-9.0, 4.0]]; got", y.ravel().tolist(), "and", merged.tolist())
# --8<-- [end:example]
