# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Behind a normalization, weights ten times larger give the same output and a tenth of the gradient."""

# --8<-- [start:scale]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
x, mix = tf.random.normal((64, 128)), tf.random.normal((64, 128))
normalize = tf.keras.layers.LayerNormalization(epsilon=1e-12)
start = tf.random.normal((128, 128)) / 128**0.5
output, norm = {}, {}
# --8<-- [end:scale]

# --8<-- [start:compare]
for scale in (1.0, 10.0):
    w = tf.Variable(scale * start)
    with tf.GradientTape() as tape:
        output[scale] = normalize(x @ w)  # (batch, width)
        loss = tf.reduce_sum(output[scale] * mix)
    gradient = tape.gradient(loss, w)
    norm[scale] = float(tf.norm(gradient))
    along = float(tf.reduce_sum(gradient * w)) / norm[scale] / float(tf.norm(w))
    print(
        f"weights x {scale:2.0f}: gradient {norm[scale]:6.2f}, cosine with the weights {along:+.0e}"
    )
    assert abs(along) < 1e-4  # A step can only turn the weights and lengthen them.
assert np.abs(output[1.0] - output[10.0]).max() < 1e-4
assert abs(norm[1.0] / norm[10.0] - 10) < 0.01
# --8<-- [end:compare]
