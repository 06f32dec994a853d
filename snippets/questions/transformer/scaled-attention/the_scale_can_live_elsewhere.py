# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The scale can move into the initial weights or into a learned temperature."""

# --8<-- [start:fold]
import numpy as np
import tensorflow as tf

D, INPUT, KEYS = 80, 256, 64
rng = np.random.default_rng(0)
w_q, w_k = rng.normal(size=(2, INPUT, D)) / INPUT**0.5  # (input, d) each
x, y = rng.normal(size=(2, KEYS, INPUT))  # tokens that ask, tokens that answer

scaled = (x @ w_q) @ (y @ w_k).T / D**0.5  # (keys, keys)
small = w_q / D**0.5  # T5: no division, smaller initial weights instead
folded = (x @ small) @ (y @ w_k).T
gap = np.abs(scaled - folded).max()
print(f"scores differ by {gap:.0e}")
assert gap < 1e-12
# --8<-- [end:fold]

# --8<-- [start:steps]
by_scores = rng.normal(size=(KEYS, KEYS))  # some gradient from above


def relative_step(optimizer, start, divisor):
    """How far one step moves the weights, as a part of their size."""
    w = tf.Variable(start, dtype=tf.float32)
    with tf.GradientTape() as tape:
        scores = x.astype("float32") @ w @ (y @ w_k).T.astype("float32") / divisor
        loss = tf.reduce_sum(scores * by_scores.astype("float32"))
    optimizer.apply_gradients([(tape.gradient(loss, w), w)])
    return np.linalg.norm(w - start) / np.linalg.norm(start)


times = {}
for name, build in {
    "SGD": lambda: tf.keras.optimizers.SGD(1e-3),
    "Adam": lambda: tf.keras.optimizers.Adam(1e-3),
    "Adafactor": lambda: tf.keras.optimizers.Adafactor(1e-3),
}.items():
    times[name] = relative_step(build(), small, 1.0) / relative_step(build(), w_q, D**0.5)
    print(f"{name:9s}: a step is {times[name]:5.2f} times as large against the weights")
assert np.isclose(times["SGD"], D, rtol=0.01)
assert np.isclose(times["Adam"], D**0.5, rtol=0.01)
assert np.isclose(times["Adafactor"], 1, rtol=0.01)
# --8<-- [end:steps]

# --8<-- [start:cosine]
q, k = x @ w_q, y @ w_k


def unit(a):
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def best_weight(factor):
    """The weight of a perfect match when all other keys point the opposite way."""
    match, other = np.exp(factor), np.exp(-factor)  # cosines of 1 and -1, times the factor
    return match / (match + (KEYS - 1) * other)


cosine = unit(q) @ unit(k).T  # (keys, keys), between -1 and 1
print(f"spread of cosines {cosine.std():.2f}, times √d {cosine.std() * D**0.5:.2f}")
print(f"best weight: {best_weight(1):.2f} for cosines, {best_weight(D**0.5):.4f} times √d")
assert best_weight(1) < 0.15 and best_weight(D**0.5) > 0.999
assert abs(cosine.std() * D**0.5 - 1) < 0.1
# --8<-- [end:cosine]
