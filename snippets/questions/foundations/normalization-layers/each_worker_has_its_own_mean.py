# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Split a batch, and BatchNorm computes another network; LayerNorm does not notice."""

# --8<-- [start:split]
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.normal(size=(64, 8)).astype("float32")  # (batch, features)
target = rng.normal(size=(64, 8)).astype("float32")
w = tf.Variable(rng.normal(size=(8, 8)).astype("float32"))


def gradient(norm, parts):  # The mean over parts of equal size.
    total = tf.zeros_like(w)
    for a, b in zip(np.split(x, parts), np.split(target, parts), strict=True):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((norm(a @ w, training=True) - b) ** 2)
        total += tape.gradient(loss, w) / parts
    return total


# --8<-- [end:split]

# --8<-- [start:compare]
error = {}
for name in ("BatchNormalization", "LayerNormalization", "RMSNormalization"):
    norm = getattr(tf.keras.layers, name)()
    whole, shards = gradient(norm, 1), gradient(norm, 8)
    error[name] = float(tf.norm(shards - whole) / tf.norm(whole))
    print(f"{name:18s} 8 parts of 8 against 64 at once: {error[name]:.0e}")
assert error["BatchNormalization"] > 0.1
assert error["LayerNormalization"] < 1e-5 and error["RMSNormalization"] < 1e-5
# --8<-- [end:compare]
