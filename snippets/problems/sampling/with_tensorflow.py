# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Temperature, top-k and top-p in TensorFlow, and draws from the result."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    if temperature == 0:
        temperature, top_k = 1.0, 1
    size = logits.shape[-1]
    best, index = tf.math.top_k(tf.cast(logits, tf.float32), min(top_k or size, size))
    p = tf.nn.softmax(best / temperature)
    p = tf.where(tf.cumsum(p, axis=-1, exclusive=True) < top_p, p, 0.0)
    p /= tf.reduce_sum(p, axis=-1, keepdims=True)
    return tf.reduce_sum(p[..., None] * tf.one_hot(index, size), axis=-2)


# --8<-- [end:solution]
# --8<-- [start:compare]
logits = np.random.default_rng(0).normal(size=(2, 8)).astype("float32")
p = distribution(logits, temperature=0.8, top_k=5, top_p=0.9).numpy()
drawn = tf.random.stateless_categorical(np.log(np.maximum(p, 1e-30)), 20_000, seed=[1, 2])
share = np.stack([np.bincount(row, minlength=8) / 20_000 for row in drawn.numpy()])
dropped, gap = share[p == 0].max(), np.abs(share - p).max()
print(f"tokens left: {(p > 0).sum(axis=-1)}, a dropped one was drawn: {dropped > 0}")
print("shares of 20,000 draws within 0.02 of the probabilities:", gap < 0.02)
assert dropped == 0
assert gap < 0.02
# --8<-- [end:compare]
