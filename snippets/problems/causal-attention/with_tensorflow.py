# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Causal attention in TensorFlow, compared with Keras's own operation."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def attend(q, k, v, real):
    q, k, v = (tf.cast(x, tf.float32) for x in (q, k, v))
    time, width = q.shape[-2:]
    scores = tf.matmul(q, k, transpose_b=True) / width**0.5
    causal = tf.linalg.band_part(tf.ones((time, time), bool), -1, 0)
    visible = causal & tf.cast(real, bool)[:, None, None, :]
    return tf.nn.softmax(tf.where(visible, scores, -1e30)) @ v


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
q, k = rng.normal(size=(2, 2, 3, 6, 4)).astype("float32")
v = rng.normal(size=(2, 3, 6, 4)).astype("float32")
real = np.array([[True] * 6, [True] * 4 + [False] * 2])
mine = attend(q, k, v, real)
last = [np.swapaxes(x, 1, 2) for x in (q, k, v)]  # Keras has (batch, time, heads, width).
theirs = tf.keras.ops.dot_product_attention(*last, mask=real[:, None, None, :], is_causal=True)
gap = float(np.abs(mine - np.swapaxes(theirs, 1, 2)).max())
print("largest difference below 1e-5:", gap < 1e-5)
assert gap < 1e-5
# --8<-- [end:compare]
