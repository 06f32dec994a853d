# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The LSTM layer in TensorFlow, compared with that of Keras."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def lstm(x, real, kernel, recurrent, bias, h, c):
    x, kernel, recurrent, bias, h, c = (
        tf.cast(one, tf.float32) for one in (x, kernel, recurrent, bias, h, c)
    )
    steps, outputs = zip(tf.unstack(x, axis=1), tf.unstack(real, axis=1), strict=True), []
    for x_t, real_t in steps:
        i, f, g, o = tf.split(x_t @ kernel + h @ recurrent + bias, 4, axis=1)
        new_c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        new_h = tf.sigmoid(o) * tf.tanh(new_c)
        c, h = (tf.where(real_t[:, None], *pair) for pair in ((new_c, c), (new_h, h)))
        outputs.append(h)
    return tf.stack(outputs, axis=1), h, c


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
x = rng.normal(size=(3, 6, 2)).astype("float32")
lengths = np.array([6, 4, 1])
real = np.arange(6) < lengths[:, None]  # the padding stands at the end
h, c = rng.normal(size=(2, 3, 5)).astype("float32")
layer = tf.keras.layers.LSTM(5, return_sequences=True, return_state=True)
layer.build(x.shape)
weights = [rng.normal(size=weight.shape).astype("float32") for weight in layer.weights]
layer.set_weights(weights)
theirs = layer(x, mask=tf.constant(real), initial_state=[tf.constant(h), tf.constant(c)])
mine = lstm(x, real, *weights, h, c)
gap = max(np.abs(a - b).max() for a, b in zip(mine, theirs, strict=True))
print("outputs and both states as in Keras, to 1e-5:", gap < 1e-5)
assert gap < 1e-5
# --8<-- [end:compare]
