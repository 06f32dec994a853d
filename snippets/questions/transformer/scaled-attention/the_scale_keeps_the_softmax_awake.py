# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""Without the scale most queries stop learning: the gradient through the softmax shrinks."""

# --8<-- [start:variance]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

KEYS, QUERIES, SEEDS = 64, 2000, range(3)
WIDTHS = (16, 64, 128, 256, 1024)  # d, the length of a query and of a key


def draw(d, seed):
    rng = np.random.default_rng(seed)
    q = rng.normal(size=(QUERIES, d))  # (queries, d)
    k = rng.normal(size=(KEYS, d))  # (keys, d)
    upstream = rng.normal(size=(QUERIES, KEYS))  # gradient of the loss by the weights
    return [tf.constant(a, tf.float32) for a in (q, k, upstream)]


variance = {}
for d in WIDTHS:
    q, k, _ = draw(d, seed=0)
    variance[d] = float(np.var(q @ tf.transpose(k)))
    print(f"d = {d:4d}   variance of q·k {variance[d]:7.1f}   over d {variance[d] / d:.2f}")
    assert abs(variance[d] / d - 1) < 0.15
# --8<-- [end:variance]


# --8<-- [start:gradients]
def attend(d, divisor, seed):
    q, k, upstream = draw(d, seed)
    with tf.GradientTape() as tape:
        tape.watch(q)
        scores = q @ tf.transpose(k) / divisor  # (queries, keys)
        weights = tf.nn.softmax(scores)  # (queries, keys)
        loss = tf.reduce_sum(weights * upstream)
    by_scores, by_query = tape.gradient(loss, [scores, q])
    entropy = -tf.reduce_sum(tf.math.xlogy(weights, weights), axis=1)
    return {
        "entropy": float(tf.reduce_mean(entropy)),  # nats, at most ln(KEYS)
        "by scores": tf.norm(by_scores, axis=1).numpy(),  # (queries,)
        "by query": tf.norm(by_query, axis=1).numpy(),  # (queries,)
    }


# --8<-- [end:gradients]

# --8<-- [start:table]
runs = {}
print("               entropy   gradient by the scores (median query)")
for d in WIDTHS:
    for name, divisor in (("q·k", 1.0), ("q·k/√d", d**0.5)):
        runs[d, name] = [attend(d, divisor, seed) for seed in SEEDS]
        entropy = np.mean([run["entropy"] for run in runs[d, name]])
        middle = np.median([run["by scores"] for run in runs[d, name]])
        print(f"d = {d:4d} {name:7s} {entropy:5.2f}   {middle:.1e}")
# --8<-- [end:table]

# --8<-- [start:claim]
shrink, silent, mean = [], [], []
for raw, scaled in zip(runs[1024, "q·k"], runs[1024, "q·k/√d"], strict=True):
    shrink.append(np.median(scaled["by scores"]) / np.median(raw["by scores"]))
    mean.append(raw["by query"].mean() / scaled["by query"].mean())
    # A query that gets less than a hundredth of the mean gradient.
    silent.append(np.mean(raw["by query"] < 0.01 * raw["by query"].mean()))
    assert np.mean(scaled["by query"] < 0.01 * scaled["by query"].mean()) == 0
    assert np.max(raw["by scores"] / np.linalg.norm(draw(1024, 0)[2], axis=1).min()) < 1
print(f"median gradient by the scores, with / without the scale: {min(shrink):.0f} times")
print(f"queries that get almost nothing without it: {min(silent):.0%}")
print(f"mean gradient by the query, without / with it: {min(mean):.0f} times")
assert min(shrink) > 300  # Without the scale the gradient vanishes, …
assert min(silent) > 0.5  # … for most queries, …
assert min(mean) > 5  # … and a few queries get all the more.
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.4))
for name, style in (("q·k", "-"), ("q·k/√d", "--")):
    for d, color in ((16, "C0"), (128, "C1"), (1024, "C2")):
        size = np.sort(runs[d, name][0]["by scores"])
        share = np.arange(1, QUERIES + 1) / QUERIES * 100
        plt.semilogy(share, size, style, color=color, label=f"{name}, d = {d}")
plt.ylim(1e-8, 10)
plt.xlabel("share of the queries below this gradient (%)")
plt.ylabel("gradient by the scores (norm)")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
