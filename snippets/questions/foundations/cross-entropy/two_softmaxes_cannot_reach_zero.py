# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Two numbers to know before training: the loss of a uniform guess, the floor of two softmaxes."""

# --8<-- [start:floor]
import numpy as np
import tensorflow as tf

cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
for classes in (10, 32_000):
    y = tf.constant([0])
    uniform = float(cross_entropy(y, tf.zeros((1, classes))))
    perfect = tf.one_hot(y, classes)  # Probabilities that are exactly right …
    floor = float(cross_entropy(y, perfect))  # … passed as if they were logits.
    print(f"{classes:6d} classes: uniform {uniform:.3f}, floor of two softmaxes {floor:.3f}")
    assert abs(uniform - np.log(classes)) < 1e-4
    assert abs(floor - np.log(1 + (classes - 1) / np.e)) < 1e-4
# --8<-- [end:floor]
