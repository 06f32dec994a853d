# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Grouped-query attention in TensorFlow, compared with Keras's own layer."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def attend(q, k, v):
    q, k, v = (tf.cast(x, tf.float32) for x in (q, k, v))
    group = q.shape[1] // k.shape[1]
    k, v = (tf.repeat(x, group, axis=1) for x in (k, v))  # 0, 0, 1, 1: not tf.tile
    new, time = q.shape[2], k.shape[2]
    scores = tf.matmul(q, k, transpose_b=True) / q.shape[-1] ** 0.5
    visible = tf.linalg.band_part(tf.ones((new, time), bool), -1, time - new)
    return tf.nn.softmax(tf.where(visible, scores, -1e30)) @ v


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
q = rng.normal(size=(2, 6, 5, 4)).astype("float32")
k, v = rng.normal(size=(2, 2, 2, 5, 4)).astype("float32")
rows = [np.swapaxes(x, 1, 2).reshape(2, 5, -1) for x in (q, v, k)]  # Keras joins the heads,
layer = tf.keras.layers.GroupQueryAttention(4, 6, 2, use_bias=False)
layer.build(*(x.shape for x in rows))  # and projects: here by identity matrices.
layer.set_weights([np.eye(int(w.size**0.5)).reshape(w.shape) for w in layer.get_weights()])
theirs = layer(*rows, use_causal_mask=True).numpy().reshape(2, 5, 6, 4)
gap = float(np.abs(attend(q, k, v) - np.swapaxes(theirs, 1, 2)).max())
print("largest difference below 1e-5:", gap < 1e-5)
assert gap < 1e-5
# --8<-- [end:compare]
