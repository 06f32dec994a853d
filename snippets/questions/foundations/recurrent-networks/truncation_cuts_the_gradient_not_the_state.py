# /// script
# requires-python = ">=3.11,<3.14"
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


def run(truncated, every):
    states, losses = [tf.zeros((8, 16))] * 2, []
    with tf.GradientTape() as tape:
        tape.watch(x)
        for t in range(TIME):
            if truncated and t % WINDOW == 0:
                states = [tf.stop_gradient(state) for state in states]
            output, states = cell(x[t], states)
            losses.append(tf.reduce_sum(output))
        loss = tf.add_n(losses) if every else losses[-1]
    gradients = tape.gradient(loss, x, unconnected_gradients="zero")
    return float(loss), np.array([float(tf.norm(g)) for g in gradients])


# --8<-- [end:truncate]

# --8<-- [start:compare]
(loss, full), (same, cut) = (run(truncated, every=False) for truncated in (False, True))
print(f"one loss at the end: {loss:.4f}, truncated {same:.4f}")
print(f"inputs that get a gradient: {np.sum(full > 0)}, truncated {np.sum(cut > 0)}")
assert loss == same and np.sum(full > 0) == TIME
assert np.all(cut[:-WINDOW] == 0) and np.allclose(cut[-WINDOW:], full[-WINDOW:])
# --8<-- [end:compare]

# --8<-- [start:every]
(_, full), (_, cut) = (run(truncated, every=True) for truncated in (False, True))
left = cut / full  # (time,)
print("a loss at every step, share of the gradient left in the first window:")
print("  ", *(f"step {t}: {left[t]:.2f}" for t in (0, 10, 15, 17, 18, 19)))
print(f"steps that lose more than 1%: {np.mean(left < 0.99):.0%}")
assert left[0] > 0.95 and left[WINDOW - 1] < 0.5 and np.allclose(left[-WINDOW:], 1)
# --8<-- [end:every]
