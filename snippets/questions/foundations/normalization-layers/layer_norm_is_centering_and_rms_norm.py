# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The mean that LayerNorm subtracts, and its learned scale, move into the neighbouring matrices."""

# --8<-- [start:fold]
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.normal(size=(32, 64)).astype("float32")  # (tokens, width)
w, v = (rng.normal(size=(64, 64)).astype("float32") / 8 for _ in range(2))
scale = rng.uniform(0.5, 2.0, 64).astype("float32")
layer_norm = tf.keras.layers.LayerNormalization(epsilon=1e-6, center=False)
rms_norm = tf.keras.layers.RMSNormalization(epsilon=1e-6)
layer_norm.build((None, 64))
layer_norm.gamma.assign(scale)

expected = layer_norm(x @ w) @ v
centered = w - w.mean(axis=1, keepdims=True)  # Every row of x @ centered has mean 0.
folded = rms_norm(x @ centered) @ (scale[:, None] * v)
naive = rms_norm(x @ w + 1) @ (scale[:, None] * v)  # Here the mean is not 0.
print(f"LayerNorm against folded RMSNorm: {np.abs(folded - expected).max():.0e}")
print(f"with a mean that stays:           {np.abs(naive - expected).max():.0e}")
assert np.abs(folded - expected).max() < 1e-4 and np.abs(naive - expected).max() > 0.1
# --8<-- [end:fold]
