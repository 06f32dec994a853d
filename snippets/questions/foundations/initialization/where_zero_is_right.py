# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""One factor of a product may start at zero, both may not."""

# --8<-- [start:adapter]
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x, target = (rng.normal(size=(32, 64)).astype("float32") for _ in range(2))
w = rng.normal(size=(64, 64)).astype("float32") / 8  # frozen
random = rng.normal(size=(64, 4)).astype("float32") / 8


def distance(a, b):  # LoRA: the frozen layer plus a product of two thin matrices.
    return tf.reduce_mean((x @ w + (x @ a) @ b - target) ** 2)


# --8<-- [end:adapter]

# --8<-- [start:compare]
starts = {"a random, b zero": random, "both zero": np.zeros_like(random)}
end = {}
frozen = float(distance(0 * random, 0 * random.T))
print(f"loss of the frozen layer {frozen:.3f}")
for name, first in starts.items():
    a, b = tf.Variable(first), tf.Variable(np.zeros((4, 64), "float32"))
    optimizer = tf.keras.optimizers.SGD(1.0)
    assert distance(a, b) == frozen  # The model starts exactly as it was.
    for _ in range(200):
        with tf.GradientTape() as tape:
            loss = distance(a, b)
        optimizer.apply(tape.gradient(loss, [a, b]), [a, b])
    end[name] = float(distance(a, b))
    print(f"{name:17s} ends at {end[name]:.3f}")
assert end["a random, b zero"] < 0.95 * frozen and end["both zero"] == frozen
# --8<-- [end:compare]
