# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The first layer of a Vision Transformer is a convolution with a large stride."""

# --8<-- [start:patches]
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
# Small whole numbers, so that equality is exact.
image = rng.integers(0, 8, (1, 32, 32, 3)).astype("float32")
kernel = rng.integers(-4, 5, (16, 16, 3, 24)).astype("float32")

by_convolution = tf.nn.conv2d(image, kernel, 16, "VALID")  # (1, 2, 2, 24)
patches = image.reshape(1, 2, 16, 2, 16, 3).swapaxes(2, 3)
patches = patches.reshape(1, 2, 2, 16 * 16 * 3)  # Cut, then flatten.
by_patches = patches @ kernel.reshape(16 * 16 * 3, 24)
equal = np.array_equal(by_patches, by_convolution)
print("tokens", by_patches.shape, "equal to the convolution:", equal)
assert equal
# --8<-- [end:patches]
