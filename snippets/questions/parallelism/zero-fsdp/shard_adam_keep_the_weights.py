# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""ZeRO-1 spreads Adam's state over the workers and changes no weight."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf

random = np.random.default_rng(0)
workers, size, steps, rate = 4, 1000, 25, 0.01
x = random.normal(size=(steps, 64, size)) / np.sqrt(size)
y = random.normal(size=(steps, 64))
shards = np.split(np.arange(64), workers)  # Rows of the batch on each worker.
slices = np.split(np.arange(size), workers)  # Weights each worker updates.


def gradient(w, x, y):  # Mean squared error of a linear model.
    return 2 * x.T @ (x @ w - y) / len(y)  # (size,)


def adam(state, slope, step):
    state["mean"] = 0.9 * state["mean"] + 0.1 * slope
    state["square"] = 0.999 * state["square"] + 0.001 * slope**2
    scale = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    change = scale * state["mean"] / (np.sqrt(state["square"]) + 1e-7)
    state["w"] = state["w"] - change


def new_state(count):
    return {name: np.zeros(count) for name in ("w", "mean", "square")}


# --8<-- [end:data]

# --8<-- [start:sharded]
owned = [new_state(len(s)) for s in slices]  # Weights and moments.
copies = [np.zeros(size)] * workers  # Full weights on every worker.
for t in range(steps):
    pairs = zip(copies, shards, strict=True)
    local = [gradient(w, x[t, rows], y[t, rows]) for w, rows in pairs]
    for state, piece in zip(owned, slices, strict=True):
        received = np.mean([g[piece] for g in local], axis=0)  # (1)!
        adam(state, received, t + 1)
    gathered = np.concatenate([state["w"] for state in owned])  # (2)!
    copies = [gathered] * workers
# --8<-- [end:sharded]

# --8<-- [start:compare]
plain = new_state(size)
keras_w = tf.Variable(np.zeros(size))
keras_adam = tf.keras.optimizers.Adam(rate)
for t in range(steps):
    adam(plain, gradient(plain["w"], x[t], y[t]), t + 1)
    slope = gradient(keras_w.numpy(), x[t], y[t])
    keras_adam.apply_gradients([(tf.constant(slope), keras_w)])
difference = np.abs(gathered - plain["w"]).max()
from_keras = np.abs(gathered - keras_w.numpy()).max()
per_worker = sum(v.size for v in owned[0].values())
unsharded = sum(v.size for v in plain.values())
print("sharded equals unsharded Adam, to 1e-12:", bool(difference < 1e-12))
print("sharded equals Keras's Adam, to 1e-5:", bool(from_keras < 1e-5))
print("optimiser numbers on one worker:", unsharded, "->", per_worker)
assert difference < 1e-12 and from_keras < 1e-5
assert per_worker * workers == unsharded
# --8<-- [end:compare]
