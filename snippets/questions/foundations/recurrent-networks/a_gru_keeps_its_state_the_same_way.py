# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A GRU has three quarters of the matrices, and its update gate plays the forget gate."""

# --8<-- [start:gru]
import numpy as np
import tensorflow as tf

UNITS, INPUTS, TIME = 24, 8, 60
tf.keras.utils.set_random_seed(0)
lstm, gru = tf.keras.layers.LSTMCell(UNITS), tf.keras.layers.GRUCell(UNITS)
for cell in (lstm, gru):
    cell.build((None, INPUTS))
weights = [sum(w.shape[0] * w.shape[1] for w in cell.weights[:2]) for cell in (lstm, gru)]
print(f"weights without biases: LSTM {weights[0]}, GRU {weights[1]}")
assert weights[0] * 3 == weights[1] * 4
# --8<-- [end:gru]

# --8<-- [start:jacobian]
x = np.random.default_rng(0).normal(size=(TIME, 1, INPUTS)).astype("float32")
norms = {}
for bias in (0.0, 3.0):
    # Keras orders the gates update, reset, candidate, and has two rows of biases.
    gru.bias.assign(
        tf.concat([tf.fill((1, UNITS), bias), tf.zeros((1, 2 * UNITS))], 1) * [[1], [0]]
    )
    start = tf.zeros((UNITS, UNITS))
    with tf.GradientTape() as tape:
        tape.watch(start)
        h = start
        for t in range(TIME):
            h, _ = gru(tf.repeat(x[t], UNITS, axis=0), h)
    rows = tape.gradient(h, start, output_gradients=tf.eye(UNITS))
    norms[bias] = np.linalg.norm(rows.numpy(), ord=2)
    print(f"update bias {bias:.0f}: norm of d h[60] / d h[0] = {norms[bias]:.0e}")
assert norms[0.0] < 1e-4 and norms[3.0] > 1e-2
# --8<-- [end:jacobian]
