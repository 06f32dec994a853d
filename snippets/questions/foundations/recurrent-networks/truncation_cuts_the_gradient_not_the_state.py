# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Truncated backpropagation passes the state on and cuts the gradient at the border."""

# --8<-- [start:truncate]
import numpy as np
import tensorflow as tf

TIME, WINDOW = 60, 20
tf.keras.utils.set_random_seed(0)
cell = tf.keras.layers.LSTMCell(16)
x = list(tf.random.normal((TIME, 8, 4)))  # time steps of (batch, features)


def run(truncated):
    states = [tf.zeros((8, 16))] * 2
    with tf.GradientTape() as tape:
        tape.watch(x)
        for t in range(TIME):
            if truncated and t % WINDOW == 0:
                states = [tf.stop_gradient(state) for state in states]
            output, states = cell(x[t], states)
        loss = tf.reduce_sum(output)
    gradients = tape.gradient(loss, x, unconnected_gradients="zero")
    return float(loss), np.array([float(tf.norm(g)) for g in gradients])


# --8<-- [end:truncate]

# --8<-- [start:compare]
(loss, full), (same, cut) = run(truncated=False), run(truncated=True)
print(f"output {loss:.4f} and {same:.4f}")
print(f"inputs that get a gradient: {np.sum(full > 0)} and {np.sum(cut > 0)} of {TIME}")
assert loss == same and np.sum(full > 0) == TIME
assert np.all(cut[:-WINDOW] == 0) and np.allclose(cut[-WINDOW:], full[-WINDOW:])
# --8<-- [end:compare]
