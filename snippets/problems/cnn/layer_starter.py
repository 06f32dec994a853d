# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: convolution, ReLU and max-pooling, in NumPy."""

# --8<-- [start:starter]
import numpy as np


def conv_block(x, kernel, bias, stride=1):
    """x: (batch, height, width, channels); kernel: (size, size, channels, filters)."""
    y = np.zeros((*x.shape[:3], len(bias)))  # TODO: "same" convolution, bias, ReLU.
    return y, y[:, 1::2, 1::2]  # TODO: max-pooling, 2 x 2.


# --8<-- [end:starter]
# --8<-- [start:example]
x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
kernel = np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(2, 2, 1, 1)
y, pooled = conv_block(x, kernel, np.array([-3.0]))
print("wanted [6 0 0 1] and [6], got", y.ravel(), "and", pooled.ravel())
# --8<-- [end:example]
