# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Stride 1 commutes with every shift, stride 2 only with shifts of two pixels."""

# --8<-- [start:layers]
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
# Whole numbers, so that equality is exact and not a matter of rounding.
image = np.zeros((1, 20, 20, 1), "float32")
image[0, 6:14, 6:14, 0] = rng.integers(0, 256, (8, 8))  # Zeros all around.
kernel = rng.integers(-8, 9, (3, 3, 1, 4)).astype("float32")
weights = rng.integers(-8, 9, (400, 400)).astype("float32")


def dense(x):
    flat = tf.reshape(x, (1, 400))
    return tf.reshape(flat @ weights, (1, 20, 20, 1))


maps = {
    "convolution, stride 1": lambda x: tf.nn.conv2d(x, kernel, 1, "SAME"),
    "convolution, stride 2": lambda x: tf.nn.conv2d(x, kernel, 2, "SAME"),
    "max pooling, stride 2": lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"),
    "dense layer": dense,
}
# --8<-- [end:layers]


# --8<-- [start:shift]
def commutes(layer, pixels):
    """Does shifting the input shift the output, by whatever whole step?"""
    before, after = layer(image), layer(np.roll(image, pixels, axis=2))
    steps = range(before.shape[2])
    return any(np.array_equal(np.roll(before, s, axis=2), after) for s in steps)


table = {name: [commutes(f, p) for p in (1, 2, 3)] for name, f in maps.items()}
print("shift to the right by        1      2      3 pixels")
for name, row in table.items():
    print(f"{name:22}", *(f"{str(answer):>6}" for answer in row))
assert table["convolution, stride 1"] == [True, True, True]
assert table["convolution, stride 2"] == [False, True, False]
assert table["max pooling, stride 2"] == [False, True, False]
assert table["dense layer"] == [False, False, False]
# --8<-- [end:shift]
