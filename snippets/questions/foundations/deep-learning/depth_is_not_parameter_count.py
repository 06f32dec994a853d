# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""Depth folds the line: eight thin layers draw what one layer needs 255 units for."""

# --8<-- [start:deep]
import matplotlib.pyplot as plt
import numpy as np


def relu(z):
    return np.maximum(z, 0)


def deep(x, depth):
    """Two ReLU units a layer; each layer folds the interval [0, 1] once."""
    for _ in range(depth):
        x = 2 * relu(x) - 4 * relu(x - 0.5)
    return x


def deep_parameters(depth):  # Weights and biases of widths 1, 2, ..., 2, 1.
    return (2 + 2) + (depth - 1) * (4 + 2) + (2 + 1)


# --8<-- [end:deep]


# --8<-- [start:shallow]
def shallow(x, depth):
    """One hidden layer: one ReLU unit for each piece of the zigzag."""
    pieces = 2**depth
    corners = np.arange(pieces) / pieces  # (units,), a bend each but the first.
    slopes = pieces * (-1.0) ** np.arange(pieces)
    changes = np.diff(slopes, prepend=0)  # What each unit adds to the slope.
    return relu(x[:, None] - corners) @ changes


def count_pieces(y):
    slopes = np.diff(y)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-9))


# --8<-- [end:shallow]

# --8<-- [start:compare]
x = np.arange(2**12 + 1) / 2**12  # Binary fractions: the sums are exact.
size = {}
print("layers  pieces  deep net  one hidden layer  difference")
for depth in (2, 4, 6, 8):
    difference = np.abs(deep(x, depth) - shallow(x, depth)).max()
    pieces = count_pieces(deep(x, depth))
    size[depth] = deep_parameters(depth), 3 * pieces + 1
    thin, wide = size[depth]
    print(f"{depth:6}  {pieces:6}  {thin:8}  {wide:16}  {difference:10}")
    assert difference == 0 and pieces == 2**depth
assert 10 * size[8][0] < size[8][1]  # Deeper, with fewer parameters.
# --8<-- [end:compare]

# --8<-- [start:plot]
figure, axes = plt.subplots(figsize=(6.4, 3.0))
axes.plot(x, deep(x, 1), label="1 layer")
axes.plot(x, deep(x, 4), label="4 layers")
axes.set(xlabel="input", ylabel="output of the network")
axes.legend(loc="upper right")
plt.show()
# --8<-- [end:plot]
