# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A LoRA layer: output, gradients, steps of A and B, and the merged weight."""

# --8<-- [start:solution]
import numpy as np


def lora(w, a, alpha, x, dy, rate):
    b = np.zeros((len(w), len(a)))  # (fan_out, rank)
    scale = alpha / len(a)
    y, dx, da, db = [], [], [], []
    for x_t, dy_t in zip(x, dy, strict=True):
        low = x_t @ a.T  # (tokens, rank)
        dlow = scale * dy_t @ b  # (tokens, rank)
        y.append(x_t @ w.T + scale * low @ b.T)
        dx.append(dy_t @ w + dlow @ a)
        da.append(dlow.T @ x_t)
        db.append(scale * dy_t.T @ low)
        a, b = a - rate * da[-1], b - rate * db[-1]
    merged = w + scale * b @ a
    return np.array(y), np.array(dx), np.array(da), np.array(db), merged


# --8<-- [end:solution]
# --8<-- [start:example]
w, a = np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]])  # (fan_out 1, fan_in 2), (rank 1, fan_in 2)
x, dy = np.array([[[3.0, 1.0]]] * 2), np.ones((2, 1, 1))  # two steps of one token
y, dx, da, db, merged = lora(w, a, 2, x, dy, 0.25)
print(y.ravel().tolist(), dx.tolist(), da.tolist(), db.ravel().tolist(), merged.tolist())
assert np.allclose(y.ravel(), [5, 1])
assert np.allclose(da, [[[0, 0]], [[-6, -2]]]) and np.allclose(db.ravel(), [4, 4])
assert np.allclose(dx, [[[1, 2]], [[-1, 4]]])
assert np.allclose(merged, [[-9, 4]])
# --8<-- [end:example]
