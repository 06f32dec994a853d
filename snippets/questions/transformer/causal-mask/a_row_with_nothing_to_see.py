# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""One row without a visible key is NaN with -inf, and a second layer spreads it to every row."""

# --8<-- [start:row]
import numpy as np
import tensorflow as tf

infinity, lowest = float("inf"), tf.float32.min
scores = tf.constant([[3.0, 1.0, 2.0, 0.0]])
ways = {
    "-inf": tf.where(False, scores, -infinity),
    "-1e9": tf.where(False, scores, -1e9),
    "-1e9 in float16": tf.where(False, tf.cast(scores, tf.float16), tf.cast(-1e9, tf.float16)),
    "lowest float32, added twice": scores + lowest + lowest,  # Causal, then padding.
}
row = {name: tf.nn.softmax(masked).numpy()[0] for name, masked in ways.items()}
for name, weights in row.items():
    print(f"{name:28} {weights}")
assert [bool(np.isnan(w).all()) for w in row.values()] == [True, False, True, True]
assert (row["-1e9"] == 0.25).all()  # Attends to what it must not see, evenly.
# --8<-- [end:row]

# --8<-- [start:layers]
TIME, WIDTH = 6, 8
rng = np.random.default_rng(0)
x = tf.constant(rng.normal(size=(TIME, WIDTH)), tf.float32)
w = tf.constant(rng.normal(size=(WIDTH, WIDTH)) / WIDTH**0.5, tf.float32)
real = np.arange(TIME) >= 2  # Two tokens of padding on the left.
allowed = np.tri(TIME, dtype=bool) & real  # (query, key): the first two rows are empty.


def layer(x, w, allowed, hide):
    scores = tf.matmul(x, x, transpose_b=True) / WIDTH**0.5  # (query, key)
    return x + tf.nn.softmax(tf.where(allowed, scores, hide)) @ (x @ w)  # (time, width)


def run(allowed, hide):
    with tf.GradientTape() as tape:
        tape.watch(w)
        first = layer(x, w, allowed, hide)
        second = layer(first, w, allowed, hide)
        loss = tf.reduce_sum(first[2:] ** 2)  # Padding is left out of the loss.
    lost = [int(np.isnan(y).any(axis=1).sum()) for y in (first, second)]
    return lost, second.numpy(), bool(np.isnan(tape.gradient(loss, w)).any())


# --8<-- [end:layers]

# --8<-- [start:spread]
see_itself = allowed | np.eye(TIME, dtype=bool)
found = {
    "-inf": run(allowed, -infinity),
    "-1e9": run(allowed, -1e9),
    "-inf, every token sees itself": run(see_itself, -infinity),
}
print(f"rows that are NaN, of {TIME}:             layer 1  layer 2  gradient NaN")
for name, (lost, _, gradient) in found.items():
    print(f"{name:35} {lost[0]:8d} {lost[1]:8d}  {gradient}")
assert found["-inf"][0] == [2, TIME] and found["-inf"][2]
finite = [found[name] for name in list(found)[1:]]
assert all(lost == [0, 0] and not gradient for lost, _, gradient in finite)
assert np.allclose(finite[0][1][real], finite[1][1][real], rtol=0, atol=1e-5)
# --8<-- [end:spread]
