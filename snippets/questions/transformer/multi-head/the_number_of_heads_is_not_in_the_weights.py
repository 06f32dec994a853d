# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Heads are a sum that does not know their order; square matrices do not tell how many."""

# --8<-- [start:heads]
import numpy as np
import tensorflow as tf

WIDTH, TIME = 64, 10
rng = np.random.default_rng(0)
x = rng.normal(size=(TIME, WIDTH))
w_q, w_k, w_v, w_o = rng.normal(size=(4, WIDTH, WIDTH)) / WIDTH**0.5


def attend(q, k, v):  # one head: (time, width / heads) each
    scores = q @ k.T / q.shape[1] ** 0.5
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ v


def outputs(heads):  # a list with what each head reads: (time, width / heads)
    q, k, v = (np.split(x @ w, heads, axis=1) for w in (w_q, w_k, w_v))
    return [attend(*head) for head in zip(q, k, v, strict=True)]


# --8<-- [end:heads]

# --8<-- [start:sum]
parts, rows = outputs(heads=8), np.split(w_o, 8)  # Each head has its own rows of w_o.
joined = np.concatenate(parts, axis=1) @ w_o  # (time, width)
summed = sum(part @ row for part, row in zip(parts, rows, strict=True))
order = rng.permutation(8)
shuffled = np.concatenate([parts[i] for i in order], axis=1)
shuffled = shuffled @ np.concatenate([rows[i] for i in order])
print(f"concatenate and project, against a sum: {np.abs(joined - summed).max():.0e}")
print(f"heads in another order: {np.abs(joined - shuffled).max():.0e}")
assert np.allclose(joined, summed) and np.allclose(joined, shuffled)
# --8<-- [end:sum]

# --8<-- [start:wrong]
other = np.concatenate(outputs(heads=4), axis=1) @ w_o  # the same arrays, read as 4 heads
wrong = np.linalg.norm(other - joined) / np.linalg.norm(joined)
print(f"read with 4 heads instead of 8: shape {other.shape}, output off by {wrong:.0%}")
assert other.shape == joined.shape and wrong > 0.3
# --8<-- [end:wrong]

# --8<-- [start:keras]
layer = tf.keras.layers.MultiHeadAttention(4, WIDTH // 4, use_bias=False)
layer.build((1, TIME, WIDTH), (1, TIME, WIDTH))
eight = [w.reshape(WIDTH, 8, WIDTH // 8) for w in (w_q, w_k, w_v)]
eight.append(w_o.reshape(8, WIDTH // 8, WIDTH))
try:
    layer.set_weights(eight)
    refused = False
except ValueError:
    refused = True
print("Keras, 8 heads into a layer of 4:", "refused" if refused else "accepted")
assert refused
layer.set_weights([a.reshape(b.shape) for a, b in zip(eight, layer.weights, strict=True)])
print("reshaped to fit, they are accepted, and the output is the wrong one")
assert np.allclose(layer(x[None], x[None])[0], other, atol=1e-4)
# --8<-- [end:keras]
