# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""Weight decay makes the gradient of the first layer smaller, unless layers are normalized."""

# --8<-- [start:shrink]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

DEPTH = 10
images, labels = load_digits(return_X_y=True)
x, y = (images[:128] / 16).astype("float32"), labels[:128].astype("int32")
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def first_gradient(steps, seed, normalize):
    """Norm of the data gradient of layer 1 after so many steps of decay alone."""
    tf.keras.utils.set_random_seed(seed)
    network = tf.keras.Sequential()
    for _ in range(DEPTH):
        network.add(tf.keras.layers.Dense(64))
        if normalize:
            network.add(tf.keras.layers.LayerNormalization())
        network.add(tf.keras.layers.Activation("tanh"))
    network.add(tf.keras.layers.Dense(10))
    network(x)
    kernels = [layer.kernel for layer in network.layers if hasattr(layer, "kernel")]
    for kernel in kernels:  # Learning rate 1e-3, weight decay 0.1.
        kernel.assign((1 - 1e-4) ** steps * kernel)
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, network(x))
    return float(tf.norm(tape.gradient(loss, kernels[0])))


# --8<-- [end:shrink]

# --8<-- [start:compare]
left = {}
for normalize in (False, True):
    print("10 tanh layers", "with layer normalization" if normalize else "as they are")
    norms = {}
    for steps in (0, 1000):
        norms[steps] = np.array([first_gradient(steps, seed, normalize) for seed in range(3)])
        print(f"  after {steps:4d} steps of decay alone:", *(f"{n:.3f}" for n in norms[steps]))
    left[normalize] = norms[1000] / norms[0]
assert left[False].max() < 0.6
assert np.abs(left[True] - 1).max() < 0.1
# --8<-- [end:compare]
