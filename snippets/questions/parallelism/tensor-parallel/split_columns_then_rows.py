# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Split columns, then rows: the whole layer with one all-reduce each way."""

# --8<-- [start:whole]
import numpy as np
import tensorflow as tf

random = np.random.default_rng(0)
tokens, model, hidden, workers = 6, 16, 48, 4
x = tf.constant(random.normal(size=(tokens, model)))
a = tf.constant(random.normal(size=(model, hidden)) / 4)
b = tf.constant(random.normal(size=(hidden, model)) / 8)
bias = tf.constant(random.normal(size=model))
target = tf.constant(random.normal(size=(tokens, model)))

with tf.GradientTape() as tape:
    tape.watch([x, a, b, bias])
    whole = tf.nn.gelu(x @ a) @ b + bias  # (tokens, model)
    loss = tf.reduce_sum((whole - target) ** 2)
expected = tape.gradient(loss, [x, a, b, bias])
# --8<-- [end:whole]

# --8<-- [start:operators]
messages = []


def all_reduce(parts, direction):
    messages.append((direction, tuple(parts[0].shape)))
    return tf.add_n(parts)


@tf.custom_gradient
def enter(x):  # Megatron's f: copy forward, all-reduce backward.
    def backward(*slopes):
        return all_reduce(slopes, "backward")

    return [tf.identity(x) for _ in range(workers)], backward


@tf.custom_gradient
def leave(*parts):  # Megatron's g: all-reduce forward, copy backward.
    def backward(slope):
        return [slope] * workers

    return all_reduce(parts, "forward"), backward


# --8<-- [end:operators]

# --8<-- [start:split]
a_parts = tf.split(a, workers, axis=1)  # each (model, hidden / workers)
b_parts = tf.split(b, workers, axis=0)  # each (hidden / workers, model)
with tf.GradientTape() as tape:
    tape.watch([x, a_parts, b_parts, bias])
    partial = [
        tf.nn.gelu(x_i @ a_i) @ b_i  # (1)!
        for x_i, a_i, b_i in zip(enter(x), a_parts, b_parts, strict=True)
    ]
    split = leave(*partial) + bias  # (tokens, model)
    loss = tf.reduce_sum((split - target) ** 2)
slopes = tape.gradient(loss, [x, a_parts, b_parts, bias])
found = [slopes[0], tf.concat(slopes[1], 1), tf.concat(slopes[2], 0), slopes[3]]
# --8<-- [end:split]

# --8<-- [start:compare]
output_error = np.abs(split - whole).max()
pairs = zip(found, expected, strict=True)
gradient_error = max(np.abs(f - e).max() for f, e in pairs)
print("weights on each worker:", a_parts[0].shape, b_parts[0].shape)
print("output equal:", bool(output_error < 1e-12))
print("four gradients equal:", bool(gradient_error < 1e-12))
print("messages:", messages)
assert output_error < 1e-12 and gradient_error < 1e-12
assert messages == [("forward", (6, 16)), ("backward", (6, 16))]
# --8<-- [end:compare]

# --8<-- [start:wrong]
x_columns = tf.split(x, workers, axis=1)  # each (tokens, model / workers)
a_rows = tf.split(a, workers, axis=0)  # each (model / workers, hidden)
partial = [p @ q for p, q in zip(x_columns, a_rows, strict=True)]
before = tf.nn.gelu(tf.add_n(partial)) @ b + bias
after = tf.add_n([tf.nn.gelu(h) for h in partial]) @ b + bias
errors = [float(tf.norm(v - whole) / tf.norm(whole)) for v in (before, after)]
print(f"rows first, summed before the GELU: error {errors[0]:.0%}")
print(f"rows first, summed after the GELU:  error {errors[1]:.0%}")
assert errors[0] < 1e-12 and errors[1] > 0.1
# --8<-- [end:wrong]
