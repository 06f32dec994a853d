# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Dividing by the share that is kept preserves the mean, up to the next non-linear function."""

# --8<-- [start:masks]
import itertools

import numpy as np
import tensorflow as tf

keep, units = 0.75, 10
h = np.random.default_rng(0).normal(size=units)
masks = np.array(list(itertools.product([0, 1], repeat=units)))  # (1024, units), all of them
chance = np.prod(np.where(masks, keep, 1 - keep), axis=1)  # (1024,)
dropped = masks * h / keep  # (1024, units)
print(f"largest change of the mean:              {np.abs(chance @ dropped - h).max():.0e}")
print(f"without the division, mean over input:   {(chance @ (masks * h) / h).mean():.2f}")
assert np.abs(chance @ dropped - h).max() < 1e-12


def relu(z):
    return np.maximum(z, 0)


w = np.random.default_rng(1).normal(size=(units, 8))
after = chance @ relu(dropped @ w)  # Mean of all 1024 networks, behind a ReLU.
whole = relu(h @ w)  # The one network used without dropout.
print(f"behind a ReLU, mean minus whole network: {(after - whole).mean():+.2f}")
assert np.all(after - whole > -1e-12) and (after - whole).max() > 0.1
# --8<-- [end:masks]

# --8<-- [start:library]
tf.keras.utils.set_random_seed(0)
layer, ones = tf.keras.layers.Dropout(1 - keep), tf.ones((1000, 1000))
training, use = layer(ones, training=True).numpy(), layer(ones, training=False).numpy()
values = [f"{value:.4f}" for value in np.unique(training)]
print("values in training:", values, " in use:", np.unique(use))
assert np.allclose(np.unique(training), [0, 1 / keep]) and np.array_equal(use, ones)
assert abs(training.mean() - 1) < 0.01
# --8<-- [end:library]
