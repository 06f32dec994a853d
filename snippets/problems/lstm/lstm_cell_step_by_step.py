# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""An LSTM layer is one cell, applied step after step, with gates in Keras order."""

# --8<-- [start:layer]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
batch, time, features, units = 3, 24, 2, 5
layer = tf.keras.layers.LSTM(units, return_sequences=True, return_state=True)
layer.build((batch, time, features))
print("shapes:", [tuple(variable.shape) for variable in layer.weights])
start_of_bias = layer.weights[2].numpy()
print("bias at the start:", start_of_bias.astype(int))


def draw(variable):
    """Random biases too, or a swap of two of them could not be seen."""
    return np.random.normal(size=variable.shape).astype("float32")


kernel, recurrent_kernel, bias = map(draw, layer.weights)
layer.set_weights([kernel, recurrent_kernel, bias])
# --8<-- [end:layer]


# --8<-- [start:cell]
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cell(x, h, c, order="ifgo"):
    """One step: x (batch, features), h and c (batch, units)."""
    z = x @ kernel + h @ recurrent_kernel + bias  # (batch, 4 * units)
    gates = dict(zip(order, np.split(z, 4, axis=1), strict=True))
    i, f, o = (sigmoid(gates[name]) for name in "ifo")
    g = np.tanh(gates["g"])
    c = f * c + i * g  # (batch, units)
    h = o * np.tanh(c)  # (batch, units)
    return h, c


# --8<-- [end:cell]


# --8<-- [start:compare]
def run(x, order):
    h = c = np.zeros((batch, units))
    outputs = []
    for step in range(time):
        h, c = cell(x[:, step], h, c, order)
        outputs.append(h)
    return np.stack(outputs, axis=1), c  # (batch, time, units), (batch, units)


x = np.random.normal(size=(batch, time, features)).astype("float32")
keras_outputs, keras_h, keras_c = (part.numpy() for part in layer(x))
outputs, c = run(x, "ifgo")
output_error = np.abs(outputs - keras_outputs).max()
state_error = np.abs(c - keras_c).max()
print("outputs agree to 1e-5:", bool(output_error < 1e-5))
print("cell state agrees to 1e-5:", bool(state_error < 1e-5))
assert output_error < 1e-5 and state_error < 1e-5
np.testing.assert_array_equal(keras_outputs[:, -1], keras_h)
# --8<-- [end:compare]

# --8<-- [start:order]
wrong_order_errors = {}
for order in ("ifog", "figo", "gifo"):
    wrong_outputs, _ = run(x, order)
    wrong_order_errors[order] = np.abs(wrong_outputs - keras_outputs).max()
    print(f"order {order}: largest difference {wrong_order_errors[order]:.2f}")
assert min(wrong_order_errors.values()) > 0.1
# --8<-- [end:order]
