# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Convolution, ReLU and max-pooling in TensorFlow, compared with Keras's own layers."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def conv_block(x, kernel, bias, stride=1):
    x, kernel, bias = (tf.cast(a, tf.float32) for a in (x, kernel, bias))
    y = tf.nn.relu(tf.nn.conv2d(x, kernel, stride, "SAME") + bias)
    return y, tf.nn.max_pool2d(y, ksize=2, strides=2, padding="VALID")


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
x = rng.normal(size=(2, 8, 7, 3)).astype("float32")  # an even and an odd side
kernel, bias = rng.normal(size=(3, 3, 3, 4)), rng.normal(size=4)
layer = tf.keras.layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")
layer.build(x.shape)
layer.set_weights([kernel, bias])
theirs = layer(x), tf.keras.layers.MaxPooling2D(2)(layer(x))
mine = conv_block(x, kernel, bias, stride=2)
gaps = [float(np.abs(a - b).max()) for a, b in zip(mine, theirs, strict=True)]
print("largest differences below 1e-5:", [gap < 1e-5 for gap in gaps])
assert max(gaps) < 1e-5
# --8<-- [end:compare]
