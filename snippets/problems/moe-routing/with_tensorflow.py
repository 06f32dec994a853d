# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A mixture of experts in TensorFlow, with dispatch and combine as in the Switch Transformer."""

# --8<-- [start:solution]
import math

import numpy as np
import tensorflow as tf


def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    x, router, up, down = (tf.cast(one, tf.float32) for one in (x, router, up, down))
    tokens, experts = x.shape[0], router.shape[1]
    logits = x @ router
    p = tf.nn.softmax(logits)
    best, choice = tf.math.top_k(logits, k)  # of equal ones the lower index comes first
    weight = tf.nn.softmax(best) if renormalize else tf.gather(p, choice, batch_dims=1)
    counted = tf.cast(mask, tf.float32)
    number = tf.reduce_sum(counted)
    capacity = math.ceil(factor * k * int(number) / experts)
    chosen = tf.one_hot(choice, experts) * counted[:, None, None]  # (tokens, k, experts)
    queue = tf.reshape(tf.transpose(chosen, (1, 0, 2)), (k * tokens, experts))
    place = tf.cumsum(queue, exclusive=True)  # how many stand before it at that expert
    queue = queue * tf.cast(place < capacity, tf.float32)
    place = tf.one_hot(tf.cast(place, tf.int32), capacity) * queue[..., None]
    place = tf.reshape(place, (k, tokens, experts, capacity))
    given = tf.einsum("ktec,td->ecd", place, x)
    made = tf.nn.relu(given @ up) @ down  # all experts, padded to the capacity
    output = tf.einsum("ktec,tk,ecd->td", place, weight, made)
    f = tf.reduce_sum(chosen, axis=(0, 1)) / tf.maximum(k * number, 1.0)
    probability = tf.linalg.matvec(p, counted, transpose_a=True) / tf.maximum(number, 1.0)
    return output, experts * tf.reduce_sum(f * probability), tf.reduce_sum(queue, axis=0)


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
x = tf.constant(rng.normal(size=(6, 4)).astype("float32"))
up, down = (rng.normal(size=s).astype("float32") for s in ((3, 4, 8), (3, 8, 4)))
mask = np.ones(6, bool)
dense = tf.keras.Sequential(
    [tf.keras.layers.Dense(8, "relu", use_bias=False), tf.keras.layers.Dense(4, use_bias=False)]
)
dense.build((None, 4))
dense.set_weights([up[0], down[0]])
alone, loss, _ = moe(x, tf.zeros((4, 1)), up[:1], down[:1], mask, k=1, factor=1.0)
gap = float(tf.reduce_max(tf.abs(alone - dense(x))))
print("one expert is two Dense layers, to 1e-5:", gap < 1e-5, "· loss:", float(loss))
assert gap < 1e-5
assert np.isclose(loss, 1)

router = tf.Variable(rng.normal(size=(4, 3)).astype("float32"))
sizes = {}
for renormalize in (True, False):
    with tf.GradientTape() as tape:
        output, _, _ = moe(x, router, up, down, mask, 1, 3.0, renormalize)
        total = tf.reduce_sum(output**2)
    sizes[renormalize] = float(tf.reduce_max(tf.abs(tape.gradient(total, router))))
print("k = 1, gradient of the router through the output:")
print(
    "  renormalized, below 1e-6:",
    sizes[True] < 1e-6,
    "· the probability, above 0.1:",
    sizes[False] > 0.1,
)
assert sizes[True] < 1e-6
assert sizes[False] > 0.1
# --8<-- [end:compare]
