# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A convolution is a dense layer with most weights zero and the rest shared."""

# --8<-- [start:matrix]
import numpy as np
import tensorflow as tf

kernel = np.arange(1, 10, dtype="float32").reshape(3, 3)  # Nine weights.


def convolve(images):  # (batch, height, width) to (batch, height-2, width-2)
    y = tf.nn.conv2d(images[..., None], kernel[:, :, None, None], 1, "VALID")
    return y.numpy()[..., 0]


pixels = np.eye(36, dtype="float32").reshape(36, 6, 6)  # One pixel lit each.
matrix = convolve(pixels).reshape(36, 16).T  # (outputs, inputs)
nonzero, distinct = np.count_nonzero(matrix), len(np.unique(matrix)) - 1
print("dense weights", matrix.size, "| not zero", nonzero, "| distinct", distinct)
image = np.random.default_rng(0).integers(0, 256, (6, 6)).astype("float32")
same = np.array_equal(matrix @ image.ravel(), convolve(image[None]).ravel())
print("matrix times image equals the convolution:", same)
assert (matrix.size, nonzero, distinct, same) == (576, 144, 9, True)
# --8<-- [end:matrix]

# --8<-- [start:count]
layers = tf.keras.layers
picture = tf.keras.Input((28, 28, 1))
conv = layers.Conv2D(32, 3, padding="same")
conv_weights = tf.keras.Model(picture, conv(picture)).count_params()
dense_weights = (28 * 28 + 1) * (28 * 28 * 32)  # Inputs and a bias, per output.
conv_work = 28 * 28 * 32 * 3 * 3  # Multiply-adds; sharing saves weights, not these.
dense_work = 28 * 28 * 32 * 28 * 28
print(f"28 x 28 image to 32 maps: convolution {conv_weights:,} parameters")
print(f"                          dense layer {dense_weights:,}")
print(f"multiply-adds             convolution {conv_work:,}")
print(f"                          dense layer {dense_work:,}")
assert conv_weights == 3 * 3 * 1 * 32 + 32
# --8<-- [end:count]
