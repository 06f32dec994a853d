# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Every block adds variance to the stream; three ways to bound the sum."""

# --8<-- [start:sum]
import numpy as np
import tensorflow as tf

BLOCKS, WIDTH = 48, 256


def variance(kind, seed):  # Of the stream behind the last block; 1 at the input.
    tf.keras.utils.set_random_seed(seed)
    h = tf.random.normal((64, WIDTH))
    for _ in range(BLOCKS):
        w = tf.random.normal((WIDTH, WIDTH)) * (2 / WIDTH) ** 0.5
        v = tf.random.normal((WIDTH, WIDTH)) / WIDTH**0.5
        x = h / tf.sqrt(tf.reduce_mean(h**2, axis=1, keepdims=True)) if "norm" in kind else h
        update = tf.nn.relu(x @ w) @ v  # variance that of x
        h += update / BLOCKS**0.5 if "scaled" in kind else update
    return float(tf.reduce_mean(h**2))


# --8<-- [end:sum]

# --8<-- [start:theory]
theory = {
    "as it is": 2.0**BLOCKS,  # Each block doubles it.
    "norm": 1.0 + BLOCKS,  # Each block adds 1.
    "scaled": (1 + 1 / BLOCKS) ** BLOCKS,  # about e
    "norm, scaled": 2.0,  # The blocks together add 1.
}
for kind, expected in theory.items():
    found = [variance(kind, seed) for seed in range(3)]
    print(f"{kind:13s} measured", *(f"{f:.3g}" for f in found), f"  theory {expected:.3g}")
    assert np.abs(np.log(np.mean(found) / expected)) < (0.4 if kind == "as it is" else 0.1)
# --8<-- [end:theory]
