# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""With a causal mask, a later token cannot change an earlier output."""

# --8<-- [start:causal]
import math

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
TIME, FEATURES, HEADS, WIDTH = 5, 8, 2, 4
x = np.random.default_rng(0).normal(size=(1, TIME, FEATURES)).astype("float32")
layer = tf.keras.layers.MultiHeadAttention(HEADS, WIDTH, use_bias=False)
layer(x, x)
w_q, w_k, w_v, w_o = layer.weights


def attention(x, allowed):  # allowed: (time, time), rows ask, columns answer
    q, k, v = (tf.einsum("btf,fhw->bhtw", x, w) for w in (w_q, w_k, w_v))
    scores = tf.matmul(q, k, transpose_b=True) / math.sqrt(WIDTH)
    weights = tf.nn.softmax(tf.where(allowed, scores, -1e9), axis=-1)
    return tf.einsum("bhtw,hwf->btf", weights @ v, w_o)


# --8<-- [end:causal]

# --8<-- [start:proof]
causal = np.tril(np.ones((TIME, TIME), bool))  # token i sees tokens 0 to i
gap = np.abs(attention(x, causal) - layer(x, x, use_causal_mask=True)).max()
print(f"against Keras with use_causal_mask: {gap:.6f}")
assert gap < 1e-5

later = x.copy()
later[:, 3] += 1.0  # change the fourth token
everyone = np.ones_like(causal)
moved = {
    name: np.abs(attention(later, allowed) - attention(x, allowed)).max((0, 2)) > 1e-6
    for name, allowed in (("causal", causal), ("everyone", everyone))
}
print("outputs that noticed:", {name: m.astype(int) for name, m in moved.items()})
assert moved["causal"].tolist() == [False, False, False, True, True]
assert moved["everyone"].all()
# --8<-- [end:proof]
