# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""Every bit of weight decay makes the vanishing gradient of the first layer smaller."""

# --8<-- [start:shrink]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

DEPTH = 10
images, labels = load_digits(return_X_y=True)
x, y = (images[:128] / 16).astype("float32"), labels[:128].astype("int32")
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
# --8<-- [end:shrink]

# --8<-- [start:compare]
norms = {}
for steps in (0, 100, 1000):
    shrink = (1 - 1e-4) ** steps  # Learning rate 1e-3, weight decay 0.1.
    norms[steps] = []
    for seed in range(3):
        tf.keras.utils.set_random_seed(seed)
        hidden = [tf.keras.layers.Dense(64, "tanh") for _ in range(DEPTH)]
        network = tf.keras.Sequential([*hidden, tf.keras.layers.Dense(10)])
        network(x)
        network.set_weights([shrink * w for w in network.get_weights()])
        with tf.GradientTape() as tape:
            loss = cross_entropy(y, network(x))
        norms[steps].append(float(tf.norm(tape.gradient(loss, hidden[0].kernel))))
    print(f"after {steps:4d} steps of decay alone:", *(f"{n:.3f}" for n in norms[steps]))
assert np.all(np.array(norms[100]) < norms[0])
assert np.all(np.array(norms[1000]) < 0.6 * np.array(norms[0]))
# --8<-- [end:compare]
