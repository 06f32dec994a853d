# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A hidden layer makes XOR possible; training that layer makes it likely."""

# --8<-- [start:line]
import numpy as np
import tensorflow as tf

inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
labels = np.array([0, 1, 1, 0], "float32")  # (4,), exclusive or

rng = np.random.default_rng(0)
lines = rng.normal(size=(100_000, 3))  # (lines, w1 w2 b)
scores = inputs @ lines[:, :2, None] + lines[:, 2, None, None]
right = ((scores[..., 0] > 0) == labels).sum(axis=1)  # (lines,)
best_line = int(right.max())
print("100,000 straight lines, best:", best_line, "of 4 points")
# f(0,0) + f(1,1) equals f(0,1) + f(1,0) for every line.
opposite = scores[:, 0] + scores[:, 3] - scores[:, 1] - scores[:, 2]
assert best_line == 3 and np.abs(opposite).max() < 1e-12
# --8<-- [end:line]


# --8<-- [start:network]
def count_solved(units, train_hidden, seed, networks=200):
    """Train many small networks side by side; count those with 4 of 4."""
    tf.keras.utils.set_random_seed(seed)
    w1 = tf.Variable(tf.random.normal((networks, 2, units)))
    b1 = tf.Variable(tf.random.normal((networks, 1, units)))
    w2 = tf.Variable(tf.random.normal((networks, units, 1)))
    b2 = tf.Variable(tf.zeros((networks, 1, 1)))
    trained = [w1, b1, w2, b2] if train_hidden else [w2, b2]  # (1)!
    adam = tf.keras.optimizers.Adam(0.05)
    adam.build(trained)

    def logits():
        hidden = tf.tanh(inputs @ w1 + b1)  # (networks, 4, units)
        return (hidden @ w2 + b2)[..., 0]  # (networks, 4)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.nn.sigmoid_cross_entropy_with_logits(
                tf.broadcast_to(labels, (networks, 4)), logits()
            )
        adam.apply_gradients(zip(tape.gradient(loss, trained), trained, strict=True))

    for _ in range(500):
        step()
    margin = logits() * (2 * labels - 1)  # Positive where the answer is right.
    return int(np.sum(tf.reduce_min(margin, axis=1) > 0))


# --8<-- [end:network]

# --8<-- [start:count]
solved = {}
print("hidden units  hidden layer  solved of 200, three seeds")
for units in (3, 8):
    for name, train_hidden in (("frozen", False), ("trained", True)):
        counts = [count_solved(units, train_hidden, s) for s in range(3)]
        solved[units, name] = counts
        print(f"{units:12}  {name:12}  {counts}")
assert min(solved[3, "trained"]) > max(solved[3, "frozen"]) + 40
assert min(solved[8, "frozen"]) > 180  # Enough random units also work.
# --8<-- [end:count]
