# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Which of ReLU and GELU passes back more depends on the weights; only ReLU has slopes of 0."""

# --8<-- [start:forms]
import numpy as np
import tensorflow as tf

x = tf.constant(np.random.default_rng(0).normal(size=1_000_000))
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    values = {"ReLU": tf.nn.relu(x), "GELU": tf.nn.gelu(x), "SiLU": tf.nn.silu(x)}
others = {
    "tanh form": tf.nn.gelu(x, approximate=True),
    "x σ(1.702 x)": x * tf.sigmoid(1.702 * x),
    "SiLU": values["SiLU"],
}
away = {name: float(np.abs(values["GELU"] - y).max()) for name, y in others.items()}
for name, difference in away.items():
    print(f"exact GELU against {name:13s} largest difference {difference:.4f}")
assert away["tanh form"] < 0.0005 < 0.02 < away["x σ(1.702 x)"] < 0.021
assert away["SiLU"] > 0.15
# --8<-- [end:forms]

# --8<-- [start:slopes]
same, passed, zeros, drift = {}, {}, {}, {}
for name, layer in {"ReLU": tf.nn.relu, "GELU": tf.nn.gelu, "SiLU": tf.nn.silu}.items():
    y = values[name]
    slope = tape.gradient(y, x)
    same[name] = float(tf.reduce_mean(slope**2))  # with the same weights
    # Weights that keep the forward signal at 1 multiply the squared gradient by this.
    passed[name] = same[name] / float(tf.reduce_mean(y**2))
    zeros[name] = float(np.mean(slope == 0))
    # Those weights hold a signal of size 1; what becomes of a tenth too much?
    drift[name] = float(tf.reduce_mean(layer(1.1 * x) ** 2) / tf.reduce_mean(y**2)) ** 0.5 - 1
    print(f"{name}: slope² {same[name]:.2f}, slope² / value² {passed[name]:.2f}, ", end="")
    print(f"slope 0 for {zeros[name]:.0%}, 10% too much becomes {drift[name]:.1%}")
assert max(passed.values()) / min(passed.values()) < 1.1
assert same["GELU"] < 0.95 * same["ReLU"] and passed["GELU"] > 1.05 * passed["ReLU"]
assert abs(zeros["ReLU"] - 0.5) < 0.01 and zeros["GELU"] == zeros["SiLU"] == 0
assert abs(drift["ReLU"] - 0.1) < 1e-9 and min(drift["GELU"], drift["SiLU"]) > 0.11
# --8<-- [end:slopes]
