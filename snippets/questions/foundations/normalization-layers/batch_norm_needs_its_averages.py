# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""BatchNorm computes another function in training than in use, and the two need time to meet."""

# --8<-- [start:averages]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
norm = tf.keras.layers.BatchNormalization(epsilon=1e-6)  # momentum 0.99
x = np.random.default_rng(0).normal(5.0, 2.0, size=(64, 8)).astype("float32")
norm.build(x.shape)
graph = tf.function(norm)  # A thousand calls.
for steps in (1, 99, 900):
    for _ in range(steps):
        in_training = graph(x, training=True)
    in_use = norm(x, training=False)
    gap = float(tf.reduce_max(tf.abs(in_use - in_training)))
    seen = float(tf.reduce_mean(norm.moving_mean)) / x.mean()
    print(
        f"{steps:3d} more steps: moving mean {seen:4.0%} of the true one, outputs differ by {gap:.4f}"
    )
    assert steps != 99 or abs(seen - (1 - 0.99**100)) < 1e-4
assert gap < 0.01
alone = norm(x[:1], training=True)
print("one example, one position, in training mode:", alone.numpy()[0, :4])
assert np.array_equal(alone, np.zeros((1, 8)))  # beta, whatever the input
several = tf.keras.layers.BatchNormalization()(x[None, :6], training=True)
print("one example, six positions: outputs up to", f"{np.abs(several).max():.1f}")
assert np.abs(several).max() > 1  # Statistics over six positions tell them apart.
# --8<-- [end:averages]

# --8<-- [start:fold]
dense = tf.keras.layers.Dense(8)
expected = norm(dense(x), training=False)
factor = norm.gamma / tf.sqrt(norm.moving_variance + 1e-6)  # (features,)
w = dense.kernel * factor
b = (dense.bias - norm.moving_mean) * factor + norm.beta
print(f"folded into the layer before it: {np.abs(x @ w + b - expected).max():.0e}")
assert np.abs(x @ w + b - expected).max() < 1e-4
# --8<-- [end:fold]
