# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Convolution, ReLU and max-pooling, in NumPy, step by step."""

# --8<-- [start:solution]
import numpy as np


def conv_block(x, kernel, bias, stride=1):
    batch, height, width, _ = x.shape
    size, filters = len(kernel), len(bias)
    rows, columns = -(-height // stride), -(-width // stride)  # rounded up

    def zeros(side, places):  # before and after: an odd one stands after
        total = max((places - 1) * stride + size - side, 0)
        return total // 2, total - total // 2

    x = np.pad(x, [(0, 0), zeros(height, rows), zeros(width, columns), (0, 0)])
    y = np.zeros((batch, rows, columns, filters)) + bias
    for u, v in np.ndindex(size, size):
        seen = x[:, u::stride, v::stride][:, :rows, :columns]  # what kernel[u, v] multiplies
        y += seen @ kernel[u, v]  # (batch, rows, columns, filters)
    y = np.maximum(y, 0)
    high, wide = rows // 2, columns // 2  # a last row or column that fills no window is lost
    windows = y[:, : 2 * high, : 2 * wide].reshape(batch, high, 2, wide, 2, filters)
    return y, windows.max(axis=(2, 4))


# --8<-- [end:solution]
# --8<-- [start:example]
x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
kernel = np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(2, 2, 1, 1)
y, pooled = conv_block(x, kernel, np.array([-3.0]))
print("pixel plus twice the one at its lower right, minus 3:", y.ravel(), "pooled:", pooled.ravel())
assert np.allclose(y.ravel(), [6, 0, 0, 1])
assert np.allclose(pooled, 6)
x = np.arange(1.0, 17.0).reshape(1, 4, 4, 1)
y, pooled = conv_block(x, np.ones((3, 3, 1, 1)), np.zeros(1), stride=2)
print("sums over 3 x 3 with stride 2:", y.ravel())
assert np.allclose(y.ravel(), [54, 45, 72, 54])
# --8<-- [end:example]
