# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""AdamW in TensorFlow, compared with Keras's own optimizer."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def train(w, gradients, decays, peak, floor, warmup, beta1, beta2, epsilon, decay):
    t = tf.range(1, len(gradients) + 1, dtype=tf.float32)
    done = tf.clip_by_value((t - warmup) / max(len(gradients) - warmup, 1), 0, 1)
    rates = floor + (peak - floor) * (1 + tf.cos(np.pi * done)) / 2
    rates = tf.where(t <= warmup, peak * t / max(warmup, 1), rates)
    w, gradients, decays = (tf.cast(x, tf.float32) for x in (w, gradients, decays))
    m, v, weights = tf.zeros_like(w), tf.zeros_like(w), []
    for i, (rate, g) in enumerate(zip(rates, gradients, strict=True), start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        mean, square = m / (1 - beta1**i), v / (1 - beta2**i)
        w -= rate * (mean / (tf.sqrt(square) + epsilon) + decay * decays * w)  # a new tensor
        weights.append(w)
    return rates, tf.stack(weights)


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
w, gradients = rng.normal(size=2), rng.normal(size=(9, 2))
rates, weights = train(w, gradients, np.array([True, False]), 0.1, 0.01, 3, 0.9, 0.999, 1e-7, 0.5)
kept, free = tf.Variable(w[:1], dtype="float32"), tf.Variable(w[1:], dtype="float32", name="free")
optimizer = tf.keras.optimizers.AdamW(0.0, weight_decay=0.5, epsilon=1e-7)
optimizer.exclude_from_weight_decay(var_names=["free"])
theirs = []
for rate, g in zip(rates, gradients.astype("float32"), strict=True):
    optimizer.learning_rate = rate
    optimizer.apply([g[:1], g[1:]], [kept, free])
    theirs.append([kept.numpy()[0], free.numpy()[0]])
gap = float(np.abs(weights - theirs).max())
print("largest difference below 1e-5:", gap < 1e-5)
assert gap < 1e-5
# --8<-- [end:compare]
