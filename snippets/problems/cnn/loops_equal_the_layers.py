# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""Nested loops give the numbers that Conv2D and MaxPooling2D give."""

# --8<-- [start:loops]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits


def convolve(x, kernel, bias):
    """Stride 1, zero padding: the output is as large as the input."""
    batch, height, width, _ = x.shape
    size, _, _, filters = kernel.shape  # (3, 3, channels, filters)
    edge = size // 2
    padded = np.pad(x, [(0, 0), (edge, edge), (edge, edge), (0, 0)])
    y = np.zeros((batch, height, width, filters))
    for n, row, column, f in np.ndindex(y.shape):
        patch = padded[n, row : row + size, column : column + size]
        y[n, row, column, f] = np.sum(patch * kernel[..., f]) + bias[f]
    return y


def max_pool(x, size=2):
    """Windows side by side; a last row or column that fills none is lost."""
    batch, height, width, channels = x.shape
    y = np.zeros((batch, height // size, width // size, channels))
    for n, row, column, c in np.ndindex(y.shape):
        top, left = row * size, column * size
        y[n, row, column, c] = x[n, top : top + size, left : left + size, c].max()
    return y


# --8<-- [end:loops]

# --8<-- [start:compare]
tf.keras.utils.set_random_seed(0)
digits = load_digits().images[:4, :, :, None] / 16  # (4, 8, 8, 1)
odd = np.random.default_rng(0).normal(size=(2, 7, 5, 3))  # Odd sides.
worst = 0.0
for name, x in [("digits", digits), ("odd sides", odd)]:
    layer = tf.keras.layers.Conv2D(
        filters=6,
        kernel_size=3,
        padding="same",
        bias_initializer="random_normal",
    )
    theirs = layer(x).numpy()  # (batch, height, width, 6)
    kernel, bias = (w.numpy() for w in layer.weights)
    ours = convolve(x, kernel, bias)
    pooled = tf.keras.layers.MaxPooling2D(2)(theirs).numpy()
    flipped = convolve(x, kernel[::-1, ::-1], bias)
    assert max_pool(ours).shape == pooled.shape
    worst = max(
        worst,
        np.abs(ours - theirs).max(),
        np.abs(max_pool(ours) - pooled).max(),
    )
    gap = np.abs(flipped - theirs).max()
    print(f"{name}: {x.shape} -> {ours.shape} -> {pooled.shape}")
    print(f"  equal to 1e-5: {worst < 1e-5}; kernel turned: off by {gap:.1f}")
    assert worst < 1e-5 and gap > 0.1
# --8<-- [end:compare]
