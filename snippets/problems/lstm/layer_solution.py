# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""An LSTM layer over sequences with padding, step by step."""

# --8<-- [start:solution]
import numpy as np


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2  # exp(-z) would overflow where z is far below 0


def lstm(x, real, kernel, recurrent, bias, h, c):
    outputs = np.zeros((*x.shape[:2], h.shape[1]))
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent + bias  # (batch, 4 * units)
        i, f, g, o = np.split(z, 4, axis=1)
        new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        new_h = sigmoid(o) * np.tanh(new_c)
        here = real[:, t, None]
        c = np.where(here, new_c, c)
        h = np.where(here, new_h, h)
        outputs[:, t] = h
    return outputs, h, c


# --8<-- [end:solution]
# --8<-- [start:example]
x, real = np.ones((1, 3, 1)), np.array([[True, True, False]])
bias = np.array([0, 0, np.log(3), 0])
none = np.zeros((1, 1))
outputs, h, c = lstm(x, real, np.zeros((1, 4)), np.zeros((1, 4)), bias, none, none)
print("outputs", outputs[0, :, 0].round(3), "cell state", c.round(3).item())
assert np.allclose(c, 0.6)
assert np.allclose(outputs[0, :, 0], np.tanh([0.4, 0.6, 0.6]) / 2)
assert np.array_equal(outputs[:, -1], h)

# The same sequence in two calls: the second goes on from the state of the first.
first, *state = lstm(x[:, :1], real[:, :1], np.zeros((1, 4)), np.zeros((1, 4)), bias, none, none)
rest, _, _ = lstm(x[:, 1:], real[:, 1:], np.zeros((1, 4)), np.zeros((1, 4)), bias, *state)
assert np.allclose(np.concatenate([first, rest], axis=1), outputs)
# --8<-- [end:example]
