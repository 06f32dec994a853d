# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The two thirds of the six are the backward pass; the update does not see tokens."""

# --8<-- [start:layer]
import numpy as np
import tensorflow as tf

INPUTS, OUTPUTS = 512, 768
N = INPUTS * OUTPUTS  # weights
w = tf.Variable(tf.zeros((INPUTS, OUTPUTS)))
m, v = tf.Variable(tf.zeros_like(w)), tf.Variable(tf.zeros_like(w))


def forward(x, upstream):  # x: (tokens, inputs), upstream: (tokens, outputs)
    return x @ w


def forward_and_backward(x, upstream):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = forward(x, upstream)
    return tape.gradient(y, [x, w], output_gradients=upstream)


def adam(g, rate=1e-3):
    m.assign(0.9 * m + 0.1 * g)
    v.assign(0.999 * v + 0.001 * g * g)
    w.assign_sub(rate * m / (tf.sqrt(v) + 1e-8))


# --8<-- [end:layer]


# --8<-- [start:count]
def operations(function, *shapes):  # Products and elementwise work of a graph.
    inputs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    graph = tf.function(function).get_concrete_function(*inputs).graph
    work = 0
    for op in graph.get_operations():
        if op.type == "MatMul":
            rows, inner = op.inputs[0].shape[:: -1 if op.get_attr("transpose_a") else 1]
            work += 2 * rows * inner * op.outputs[0].shape[1]
        elif op.type in ("Mul", "AddV2", "Sqrt", "RealDiv", "AssignSubVariableOp"):
            work += int(np.prod((op.outputs or op.inputs[1:])[0].shape))
    return work


# --8<-- [end:count]

# --8<-- [start:compare]
update = operations(adam, w.shape)
backward = {}
for tokens in (1, 1024, 2**20):
    shapes = (tokens, INPUTS), (tokens, OUTPUTS)
    there, and_back = (operations(f, *shapes) for f in (forward, forward_and_backward))
    backward[tokens] = (and_back - there) / (tokens * N)
    share = update / (update + and_back)
    print(f"{tokens:7d} tokens a step: backward {backward[tokens]:.0f} per weight and", end="")
    print(f" token, update {share:.4%} of the step")
    assert there == 2 * tokens * N and and_back - there == 4 * tokens * N
print(f"Adam: {update / N:.0f} operations per weight and step")
assert update <= 15 * N and share < 1e-4
# --8<-- [end:compare]
