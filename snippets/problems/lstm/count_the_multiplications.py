# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0"]
# ///
"""An LSTM costs 4h(h + d) multiply-adds per step, and its steps wait for each other."""

# --8<-- [start:parameters]
import tensorflow as tf

time, features, units, horizon = 24, 1, 32, 12
model = tf.keras.Sequential(
    [
        tf.keras.Input((time, features)),
        tf.keras.layers.LSTM(units, unroll=True),  # (1)!
        tf.keras.layers.Dense(horizon),
    ]
)
lstm_parameters = 4 * (units * (units + features) + units)
dense_parameters = horizon * (units + 1)
print("LSTM parameters:", lstm_parameters, "dense:", dense_parameters)
assert model.layers[0].count_params() == lstm_parameters
assert model.count_params() == lstm_parameters + dense_parameters
# --8<-- [end:parameters]


# --8<-- [start:count]
def count_multiply_adds(function, *arguments):
    """Add up m * k * n over all matrix products in the traced graph."""
    graph = tf.function(function).get_concrete_function(*arguments).graph
    total = 0
    for node in graph.get_operations():
        if node.type == "MatMul":
            left, right = (tensor.shape for tensor in node.inputs)  # (m, k), (k, n)
            n = right[0] if node.get_attr("transpose_b") else right[1]
            total += left.num_elements() * n
    return total


window = tf.zeros((1, time, features))
forward = count_multiply_adds(model, window)
formula = time * 4 * units * (units + features) + units * horizon
print("multiply-adds for one forecast: counted", forward, "formula", formula)
assert forward == formula
# --8<-- [end:count]


# --8<-- [start:training]
def gradients(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
    return tape.gradient(loss, model.trainable_variables)


step = count_multiply_adds(gradients, window, tf.zeros((1, horizon)))
linear, linear_parameters = time * horizon, (time + 1) * horizon
print(f"forward and backward: {step}, {step / forward:.2f} times the forward pass")
print(f"linear autoregression: {linear}, {forward // linear} times less")
print("state carried from step to step:", 2 * units, "numbers")
assert 2.9 < step / forward <= 3
# --8<-- [end:training]
