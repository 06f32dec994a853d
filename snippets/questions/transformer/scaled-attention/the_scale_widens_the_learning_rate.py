# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""At its best learning rate a head learns without the scale too, but few rates will do."""

# --8<-- [start:heads]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

WIDTH, INPUT, KEYS, BATCH, STEPS, SEEDS = 512, 16, 16, 32, 300, 3
RATES = np.geomspace(1e-4, 1e-1, 7)
NAMES = ("q·k", "q·k/√d")
runs = [(divisor, rate) for divisor in (1.0, WIDTH**0.5) for rate in RATES]
divisor, rate = np.float32(runs).T[:, :, None, None, None]  # (runs, 1, 1, 1) each
tf.keras.utils.set_random_seed(0)


def start():  # All runs of a seed begin with the same weights.
    w = tf.random.normal((SEEDS, INPUT, WIDTH)) / INPUT**0.5
    return tf.Variable(tf.repeat(w[None], len(runs), axis=0))


w_q, w_k = start(), start()  # (runs, seeds, input, width)
# --8<-- [end:heads]

# --8<-- [start:train]
weights = [w_q, w_k]
mean = [tf.Variable(tf.zeros_like(w)) for w in weights]
square = [tf.Variable(tf.zeros_like(w)) for w in weights]


@tf.function
def train_step(step):
    x = tf.random.normal((SEEDS, BATCH, KEYS, INPUT))
    target = tf.random.uniform((SEEDS, BATCH), 0, KEYS, tf.int32)
    asked = tf.gather(x, target, batch_dims=2)  # Find the token that equals the query.
    with tf.GradientTape() as tape:
        form = tf.matmul(w_q, w_k, transpose_b=True)  # q·k = x_q (w_q w_kᵀ) x_k
        scores = tf.einsum("sbi,rsij,sbtj->rsbt", asked, form, x) / divisor
        wrong = tf.nn.softmax(scores) - tf.one_hot(target, KEYS)
        # The squared error of the output, if values are independent with variance 1.
        error = tf.reduce_mean(tf.reduce_sum(wrong**2, axis=3), axis=2)  # (runs, seeds)
    for w, m, v, g in zip(weights, mean, square, tape.gradient(error, weights), strict=True):
        m.assign(0.9 * m + 0.1 * g)  # Adam, with a learning rate for each run
        v.assign(0.999 * v + 0.001 * g**2)
        correct = tf.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        w.assign_sub(rate * correct * m / (tf.sqrt(v) + 1e-8))
    return error


last = [train_step(tf.constant(float(step))) for step in range(1, STEPS + 1)][-20:]
error = np.mean(last, axis=0).reshape(len(NAMES), len(RATES), SEEDS)
# --8<-- [end:train]

# --8<-- [start:claim]
blind = 1 - 1 / KEYS  # The error of equal weights on all keys.
worst = {name: error[i].max(axis=1) for i, name in enumerate(NAMES)}  # (rates,)
print("rate   ", " ".join(f"{rate:6.0e}" for rate in RATES))
for name in NAMES:
    print(f"{name:7s}", " ".join(f"{e:6.3f}" for e in worst[name]))
good = {name: int(np.sum(worst[name] < 0.15)) for name in NAMES}
best = {name: float(worst[name].min()) for name in NAMES}
print(f"of {len(RATES)} rates, worst seed below 0.15: {good}")
assert good["q·k/√d"] >= good["q·k"] + 2
assert best["q·k"] < 0.1  # It does learn without the scale, …
assert worst["q·k"][0] > blind  # … but at a low rate it stays worse than blind.
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
for name, style, color in (("q·k", "o-", "C1"), ("q·k/√d", "s--", "C0")):
    row = error[NAMES.index(name)]  # (rates, seeds)
    plt.loglog(RATES, row.mean(axis=1), style, color=color, label=name)
    plt.fill_between(RATES, row.min(axis=1), row.max(axis=1), color=color, alpha=0.2)
plt.axhline(blind, ls=":", color="grey", label="equal weights")
plt.xlabel("learning rate (Adam)")
plt.ylabel(f"error after {STEPS} steps")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
