# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A LoRA layer in TensorFlow, compared with that of Keras."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def lora(w, a, alpha, x, dy, rate):
    b, scale, steps = tf.Variable(tf.zeros((len(w), len(a)))), alpha / len(a), []
    w, a = tf.cast(w, tf.float32), tf.Variable(a, dtype=tf.float32)
    for x_t, dy_t in zip(tf.cast(x, tf.float32), tf.cast(dy, tf.float32), strict=True):
        with tf.GradientTape() as tape:
            tape.watch(x_t)
            branch = tf.matmul(tf.matmul(x_t, a, transpose_b=True), b, transpose_b=True)
            y = tf.matmul(x_t, w, transpose_b=True) + scale * branch
        dx, da, db = tape.gradient(y, [x_t, a, b], output_gradients=dy_t)
        a.assign_sub(rate * da)
        b.assign_sub(rate * db)
        steps.append((y, dx, da, db))
    return *(tf.stack(one) for one in zip(*steps, strict=True)), w + scale * b @ a


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
w, a = rng.normal(size=(4, 6)).astype("float32"), rng.normal(size=(2, 6)).astype("float32")
x, dy = (rng.normal(size=(3, 5, n)).astype("float32") for n in (6, 4))
layer = tf.keras.layers.Dense(4, use_bias=False)
layer.build((None, 6))
layer.kernel.assign(w.T)  # Keras multiplies from the other side: all matrices are transposed
layer.enable_lora(2, lora_alpha=8)
layer.lora_kernel_a.assign(a.T)
outputs = []
for x_t, dy_t in zip(x, dy, strict=True):
    with tf.GradientTape() as tape:
        outputs.append(layer(x_t))
    by = tape.gradient(outputs[-1], layer.trainable_weights, output_gradients=tf.constant(dy_t))
    for weight, gradient in zip(layer.trainable_weights, by, strict=True):
        weight.assign_sub(0.1 * gradient)
y, _, _, _, merged = lora(w, a, 8, x, dy, 0.1)
gap = max(np.abs(y - np.array(outputs)).max(), np.abs(merged - np.array(layer.kernel).T).max())
print("trainable matrices:", len(layer.trainable_weights))
print("outputs and merged weight as in Keras, to 1e-4:", gap < 1e-4)
assert len(layer.trainable_weights) == 2
assert gap < 1e-4
# --8<-- [end:compare]
