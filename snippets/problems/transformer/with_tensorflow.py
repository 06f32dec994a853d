# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Multi-head attention in TensorFlow, compared with Keras's own layer."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def attend(q, k, v, mask, heads):
    batch, time, features = q.shape
    width = features // heads

    def split(x):
        x = tf.reshape(tf.cast(x, tf.float32), (batch, time, heads, width))
        return tf.transpose(x, (0, 2, 1, 3))  # (batch, heads, time, width)

    scores = tf.matmul(split(q), split(k), transpose_b=True) / width**0.5
    visible = tf.cast(mask, bool)[:, None, None, :]
    mixed = tf.nn.softmax(tf.where(visible, scores, -1e30)) @ split(v)
    return tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), (batch, time, features))


# --8<-- [end:solution]
# --8<-- [start:compare]
HEADS, WIDTH = 3, 2
q, k, v = np.random.default_rng(0).normal(size=(3, 2, 5, HEADS * WIDTH)).astype("float32")
mask = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 1, 0]])
layer = tf.keras.layers.MultiHeadAttention(HEADS, WIDTH, use_bias=False)
layer.build(q.shape, v.shape)
same = np.eye(HEADS * WIDTH)  # each projection leaves what it gets as it is
layer.set_weights([same.reshape(w.shape) for w in layer.get_weights()])
theirs = layer(q, value=v, key=k, attention_mask=mask[:, None, :])
gap = float(np.abs(attend(q, k, v, mask, HEADS) - theirs)[mask == 1].max())
print("largest difference below 1e-5:", gap < 1e-5)
assert gap < 1e-5
# --8<-- [end:compare]
