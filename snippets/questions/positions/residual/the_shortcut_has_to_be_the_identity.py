# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0"]
# ///
"""A factor on the shortcut is raised to the power of the depth."""

# --8<-- [start:factor]
import tensorflow as tf

BLOCKS, WIDTH = 60, 64


def ratio(factor, seed):  # Gradient at the first block over that at the last.
    tf.keras.utils.set_random_seed(seed)
    h, states = tf.random.normal((32, WIDTH)), []  # (batch, width)
    with tf.GradientTape() as tape:
        for _ in range(BLOCKS):
            w = tf.random.normal((WIDTH, WIDTH)) * (2 / WIDTH) ** 0.5
            v = tf.random.normal((WIDTH, WIDTH)) / WIDTH**0.5
            h = factor * h
            tape.watch(h)
            states.append(h)
            h = h + 0.1 * tf.nn.relu(h @ w) @ v
        loss = tf.reduce_sum(h * tf.random.normal(h.shape))
    gradients = tape.gradient(loss, states)
    return float(tf.norm(gradients[0]) / tf.norm(gradients[-1]))


# --8<-- [end:factor]

# --8<-- [start:compare]
first = {}
print("factor   gradient at the first block over the last   factor to the power of 59")
for factor in (1.0, 0.9, 0.5):
    first[factor] = [ratio(factor, seed) for seed in range(3)]
    cells = " ".join(f"{r:.1e}" for r in first[factor])
    print(f"{factor:.1f}      {cells}             {factor**59:.1e}")
for factor in (0.9, 0.5):
    for measured, identity in zip(first[factor], first[1.0], strict=True):
        assert abs(measured / identity / factor**59 - 1) < 0.2
assert min(first[1.0]) > 0.5
# --8<-- [end:compare]
