# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The inputs of a layer set the forward scale, its outputs the backward one; Xavier averages."""

# --8<-- [start:fans]
import numpy as np
import tensorflow as tf

INPUTS, OUTPUTS = 256, 1024
tf.keras.utils.set_random_seed(0)
x, signal = tf.random.normal((512, INPUTS)), tf.random.normal((512, OUTPUTS))
variances = {"1 / inputs": INPUTS, "1 / outputs": OUTPUTS, "Xavier": (INPUTS + OUTPUTS) / 2}
print("variance of a weight   forward   backward")
for name, n in variances.items():
    w = tf.random.normal((INPUTS, OUTPUTS)) / n**0.5
    forward = float(tf.math.reduce_variance(x @ w))
    backward = float(tf.math.reduce_variance(signal @ tf.transpose(w)))
    print(f"{name:20s}   {forward:7.2f}   {backward:8.2f}")
    assert abs(forward * n / INPUTS - 1) < 0.05 and abs(backward * n / OUTPUTS - 1) < 0.05
# --8<-- [end:fans]

# --8<-- [start:reuse]
glorot = tf.keras.initializers.GlorotUniform()
one, two = (tf.keras.layers.Dense(64, kernel_initializer=glorot) for _ in range(2))
plain = tf.keras.layers.Dense(64)
for layer in (one, two, plain):
    layer.build((None, 64))
print("what a Dense layer uses by itself:       ", type(plain.kernel_initializer).__name__)
print("one object for two layers, equal weights:", np.array_equal(one.kernel, two.kernel))
print("each layer with its own, equal weights:  ", np.array_equal(one.kernel, plain.kernel))
assert isinstance(plain.kernel_initializer, tf.keras.initializers.GlorotUniform)
assert np.array_equal(one.kernel, two.kernel)
assert not np.array_equal(one.kernel, plain.kernel)
# --8<-- [end:reuse]
