# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""An LSTM keeps a gradient while its forget gate is near one; it can still explode."""

# --8<-- [start:jacobian]
import numpy as np
import tensorflow as tf

UNITS, STEPS = 16, 50


def jacobian_norm(cell, seed):
    """Return the largest singular value of d(state 50) / d(state 0)."""
    x = np.random.default_rng(seed).normal(size=(STEPS, 1, 4)).astype("float32")
    sizes = [UNITS] * (2 if isinstance(cell.state_size, list) else 1)
    # Each row is one copy of the sequence; row i yields row i of the Jacobian.
    start = tf.zeros((sum(sizes), sum(sizes)))
    with tf.GradientTape() as tape:
        tape.watch(start)
        states = tf.split(start, sizes, axis=1)
        for t in range(STEPS):
            inputs = tf.repeat(x[t], sum(sizes), axis=0)  # (row, features)
            states = cell(inputs, states)[1]
        end = tf.concat(states, axis=1)
    rows = tape.gradient(end, start, output_gradients=tf.eye(sum(sizes)))
    return np.linalg.norm(rows.numpy(), ord=2)


# --8<-- [end:jacobian]


# --8<-- [start:cells]
def lstm(forget_bias, recurrent_gain=1.0):
    cell = tf.keras.layers.LSTMCell(
        UNITS,
        recurrent_initializer=tf.keras.initializers.Orthogonal(recurrent_gain),
        unit_forget_bias=False,
    )
    cell.build((None, 4))
    # Keras orders the gates: input, forget, candidate, output.
    cell.bias.assign(tf.repeat([0.0, forget_bias, 0.0, 0.0], UNITS))
    return cell


def simple(gain):
    orthogonal = tf.keras.initializers.Orthogonal(gain)
    return tf.keras.layers.SimpleRNNCell(UNITS, recurrent_initializer=orthogonal)


# --8<-- [end:cells]

# --8<-- [start:compare]
cells = {
    "tanh RNN": lambda: simple(1.0),
    "LSTM, forget bias 1": lambda: lstm(1.0),
    "LSTM, forget bias 5": lambda: lstm(5.0),
    "  recurrent weights x 4": lambda: lstm(5.0, recurrent_gain=4.0),
}
norm = {}
print("norm of d(state 50) / d(state 0), three seeds")
for name, create in cells.items():
    norm[name] = []
    for seed in range(3):
        tf.keras.utils.set_random_seed(seed)
        norm[name].append(jacobian_norm(create(), seed))
    print(f"{name:24s}", *(f"{value:.0e}" for value in norm[name]))
vanishes, leaks, keeps, explodes = norm.values()
assert max(vanishes) < 1e-4 and max(leaks) < 1e-2
assert min(keeps) > 1 and min(explodes) > 50
# --8<-- [end:compare]
