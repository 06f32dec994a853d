# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "matplotlib", "numpy"]
# ///
"""Loops, matrices and Keras's MultiHeadAttention compute the same thing."""

# --8<-- [start:data]
import math

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
BATCH, TIME, FEATURES, HEADS = 2, 5, 8, 2
WIDTH = FEATURES // HEADS  # features of one head

x = np.random.default_rng(0).normal(size=(BATCH, TIME, FEATURES)).astype("float32")
mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])  # 0 marks padding

keras_layer = tf.keras.layers.MultiHeadAttention(HEADS, WIDTH, use_bias=False)
by_keras = keras_layer(x, x, attention_mask=mask[:, None, :])
w_q, w_k, w_v, w_o = (w.numpy() for w in keras_layer.weights)
print("w_q, w_k, w_v:", w_q.shape, "w_o:", w_o.shape)
# --8<-- [end:data]


# --8<-- [start:loops]
def attention_with_loops(x, mask):
    out = np.zeros_like(x)
    for b in range(BATCH):
        for h in range(HEADS):
            q, k, v = (x[b] @ w[:, h] for w in (w_q, w_k, w_v))  # (time, width)
            for i in range(TIME):  # the token that asks
                weight = np.zeros(TIME)
                for j in range(TIME):  # the token that answers
                    if mask[b, j]:
                        weight[j] = math.exp(q[i] @ k[j] / math.sqrt(WIDTH))
                mixed = sum(weight[j] * v[j] for j in range(TIME)) / weight.sum()
                out[b, i] += mixed @ w_o[h]
    return out


by_loops = attention_with_loops(x, mask)
gap = np.abs(by_loops - by_keras.numpy()).max()
print(f"loops against Keras: {gap:.6f}")
assert gap < 1e-5, "loops"
# --8<-- [end:loops]


# --8<-- [start:matrices]
def attention(x, mask):
    q, k, v = (  # (batch, heads, time, width)
        tf.einsum("btf,fhw->bhtw", x, w) for w in (w_q, w_k, w_v)
    )
    scores = tf.matmul(q, k, transpose_b=True) / math.sqrt(WIDTH)
    padded = 1.0 - tf.cast(mask, tf.float32)[:, None, None, :]
    weights = tf.nn.softmax(scores - 1e9 * padded, axis=-1)  # (1)!
    return tf.einsum("bhtw,hwf->btf", weights @ v, w_o), weights


by_matrices, weights = attention(x, mask)
gap = np.abs(by_matrices.numpy() - by_keras.numpy()).max()
print(f"matrices against Keras: {gap:.6f}")
assert gap < 1e-5, "matrices"
unmasked, _ = attention(x, np.ones_like(mask))
moved = (np.abs(unmasked - by_matrices).max(2) * mask).max(1)  # tokens, not padding
print("without the mask the sentences move by", moved.round(2))
assert moved[0] < 1e-6 and moved[1] > 0.05
# --8<-- [end:matrices]


# --8<-- [start:figure]
figure, panels = plt.subplots(1, HEADS, figsize=(6.4, 3.4))
for head, axes in enumerate(panels):
    image = axes.imshow(weights[1, head], cmap="viridis", vmin=0, vmax=1)
    axes.set_title(f"head {head + 1}")
    axes.set_xlabel("key token (4, 5 are padding)")
    axes.set_xticks(range(TIME), range(1, TIME + 1))
    axes.set_yticks(range(TIME), range(1, TIME + 1))
panels[0].set_ylabel("query token")
figure.colorbar(image, ax=panels, label="attention weight")
plt.show()
# --8<-- [end:figure]
