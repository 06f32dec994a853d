# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scipy"]
# ///
"""What the layer computes is cross-correlation: it does not flip its kernel."""

# --8<-- [start:correlation]
import numpy as np
import tensorflow as tf
from scipy import signal

kernel = np.arange(1, 10, dtype="float32").reshape(3, 3)
image = np.random.default_rng(0).integers(0, 256, (6, 6)).astype("float32")


def convolve(image):  # (height, width) to (height - 2, width - 2)
    x, k = image[None, :, :, None], kernel[:, :, None, None]
    return tf.nn.conv2d(x, k, 1, "VALID").numpy()[0, ..., 0]


output = convolve(image)
correlation = signal.correlate2d(image, kernel, "valid")
convolution = signal.convolve2d(image, kernel, "valid")
flipped = signal.convolve2d(image, kernel[::-1, ::-1], "valid")
is_correlation = np.array_equal(output, correlation)
is_convolution = np.array_equal(output, convolution)
print("TensorFlow equals cross-correlation:", is_correlation)
print("TensorFlow equals convolution      :", is_convolution)
print("convolution with the kernel flipped:", np.array_equal(output, flipped))
assert is_correlation and not is_convolution and np.array_equal(output, flipped)
blur = np.outer([1, 2, 1], [1, 2, 1])  # Half a turn leaves it as it is.
same = np.array_equal(signal.correlate2d(image, blur), signal.convolve2d(image, blur))
print("with a blur the flip makes no difference:", same)
assert same
# --8<-- [end:correlation]
