# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""A head learns without the scale too; the wider it is, the fewer learning rates will do."""

# --8<-- [start:heads]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

WIDTHS, INPUT, KEYS, BATCH, STEPS, SEEDS = (64, 512), 16, 16, 32, 300, 3
RATES = np.geomspace(1e-4, 1e-1, 7)
NAMES = ("q·k", "q·k/√d")


def errors(w_q, w_k, divisor):
    x = tf.random.normal((SEEDS, BATCH, KEYS, INPUT))
    target = tf.random.uniform((SEEDS, BATCH), 0, KEYS, tf.int32)
    asked = tf.gather(x, target, batch_dims=2)  # Find the token that equals the query.
    form = tf.matmul(w_q, w_k, transpose_b=True)  # q·k = x_q (w_q w_kᵀ) x_k
    scores = tf.einsum("sbi,rsij,sbtj->rsbt", asked, form, x) / divisor
    wrong = tf.nn.softmax(scores) - tf.one_hot(target, KEYS)
    # The squared error of the output, if values are independent with variance 1.
    return tf.reduce_mean(tf.reduce_sum(wrong**2, axis=3), axis=2)  # (runs, seeds)


# --8<-- [end:heads]


# --8<-- [start:train]
def train(width):
    tf.keras.utils.set_random_seed(0)
    runs = [(divisor, rate) for divisor in (1.0, width**0.5) for rate in RATES]
    divisor, rate = np.float32(runs).T[:, :, None, None, None]  # (runs, 1, 1, 1) each
    start = tf.random.normal((2, 1, SEEDS, INPUT, width)) / INPUT**0.5  # for all runs
    weights = [tf.Variable(tf.repeat(w, len(runs), axis=0)) for w in start]
    mean = [tf.Variable(tf.zeros_like(w)) for w in weights]
    square = [tf.Variable(tf.zeros_like(w)) for w in weights]

    @tf.function
    def train_step(step):
        with tf.GradientTape() as tape:
            error = errors(*weights, divisor)
        gradients = tape.gradient(error, weights)
        for w, m, v, g in zip(weights, mean, square, gradients, strict=True):
            m.assign(0.9 * m + 0.1 * g)  # Adam, with a learning rate for each run
            v.assign(0.999 * v + 0.001 * g**2)
            correct = tf.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            w.assign_sub(rate * correct * m / (tf.sqrt(v) + 1e-8))
        return error

    last = [train_step(tf.constant(float(step))) for step in range(1, STEPS + 1)][-20:]
    return np.mean(last, axis=0).reshape(len(NAMES), len(RATES), SEEDS)


# --8<-- [end:train]

# --8<-- [start:claim]
blind = 1 - 1 / KEYS  # The error of equal weights on all keys.
worst, good, best = {}, {}, {}
print("d     rate   ", " ".join(f"{rate:6.0e}" for rate in RATES))
for width in WIDTHS:
    for name, error in zip(NAMES, train(width), strict=True):  # (rates, seeds)
        key = width, name
        worst[key] = error.max(axis=1)  # (rates,)
        good[key] = int(np.sum(worst[key] < 0.15))
        best[key] = float(worst[key].min())
        print(f"{width:3d}   {name:7s}", " ".join(f"{e:6.3f}" for e in worst[key]), end="")
        print(f"   below 0.15: {good[key]}")
assert good[512, "q·k/√d"] >= good[512, "q·k"] + 2  # In a wide head more rates work, …
assert abs(good[64, "q·k/√d"] - good[64, "q·k"]) <= 1  # … at 64 hardly any more.
assert max(best.values()) < 0.1  # All learn at their best rate, …
assert all(worst[width, "q·k"][0] > 1.3 * blind for width in WIDTHS)  # … not at a low one.
# --8<-- [end:claim]

# --8<-- [start:figure]
_, axes = plt.subplots(1, 2, figsize=(7.2, 3.2), sharey=True)
for axis, width in zip(axes, WIDTHS, strict=True):
    for name, style, color in (("q·k", "o-", "C1"), ("q·k/√d", "s--", "C0")):
        axis.loglog(RATES, worst[width, name], style, color=color, label=name)
    axis.axhline(blind, ls=":", color="grey", label="equal weights")
    axis.set_title(f"d = {width}", fontsize="medium")
    axis.set_xlabel("learning rate (Adam)")
axes[0].set_ylabel(f"error after {STEPS} steps, worst seed")
axes[1].legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
