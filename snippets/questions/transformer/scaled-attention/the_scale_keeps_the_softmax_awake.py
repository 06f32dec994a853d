# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""Without the scale the gradient through the softmax vanishes for most queries."""

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


for d in WIDTHS:
    q, k, _ = draw(d, seed=0)
    variance = float(np.var(q @ tf.transpose(k)))
    print(f"d = {d:4d}   variance of q·k {variance:7.1f}   over d {variance / d:.2f}")
    assert abs(variance / d - 1) < 0.15
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
    through = (tf.norm(by_scores, axis=1) / tf.norm(upstream, axis=1)).numpy()
    assert through.max() <= 0.5  # A softmax never amplifies a gradient.
    entropy = -tf.reduce_sum(tf.math.xlogy(weights, weights), axis=1)
    return {
        "entropy": float(tf.reduce_mean(entropy)),  # nats, at most ln(KEYS)
        "through": through,  # (queries,)
        "by query": tf.norm(by_query, axis=1).numpy(),  # (queries,)
    }


# --8<-- [end:gradients]

# --8<-- [start:table]
runs, middle = {}, {}
print("                  entropy   share of the gradient that gets through (median)")
for d in WIDTHS:
    for name, divisor in (("q·k", 1.0), ("q·k/√d", d**0.5)):
        runs[d, name] = [attend(d, divisor, seed) for seed in SEEDS]
        entropy = np.mean([run["entropy"] for run in runs[d, name]])
        middle[d, name] = [np.median(run["through"]) for run in runs[d, name]]
        print(f"d = {d:4d}   {name:7s} {entropy:5.2f}   {np.mean(middle[d, name]):.1e}")
wide, narrow = middle[1024, "q·k/√d"], middle[16, "q·k/√d"]
shrink = np.divide(wide, middle[1024, "q·k"])  # (seeds,)
print(f"at d = 1024 the scale lets {min(shrink):.0f} times as much through")
assert min(shrink) > 300  # Without the scale the gradient vanishes, …
assert max(np.abs(np.divide(wide, narrow) - 1)) < 0.1  # … with it, d does not matter.
# --8<-- [end:table]

# --8<-- [start:claim]
quieter, louder, starved = [], [], []
for raw, scaled in zip(runs[1024, "q·k"], runs[1024, "q·k/√d"], strict=True):
    raw, scaled = raw["by query"], scaled["by query"]  # (queries,) each
    quieter.append(np.median(scaled) / np.median(raw))
    louder.append(raw.mean() / scaled.mean())
    starved.append(np.mean(raw < 0.01 * raw.mean()))
    assert np.all(scaled > 0.01 * scaled.mean())  # With the scale none is left out.
mean = {d: np.mean([run["by query"] for run in runs[d, "q·k"]]) for d in WIDTHS}
most = max(run["through"].max() for seeds in runs.values() for run in seeds)
print("gradient by the query, d = 1024, without the scale against with it:")
print(f"  median 1/{min(quieter):.0f}, mean {min(louder):.0f} times")
print(f"  under 1 % of the mean: {min(starved):.0%} of the queries")
print(f"largest share that ever got through the softmax: {most:.2f}")
assert min(quieter) > 10 and min(louder) > 5  # Most get less, a few get far more, …
assert min(starved) > 0.5 and mean[1024] > 0.9 * mean[64]  # … and the mean stays.
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.4))
for name, style in (("q·k", "-"), ("q·k/√d", "--")):
    for d, color in ((16, "C0"), (128, "C1"), (1024, "C2")):
        size = np.sort(runs[d, name][0]["through"])
        share = np.arange(1, QUERIES + 1) / QUERIES * 100
        plt.semilogy(share, size, style, color=color, label=f"{name}, d = {d}")
plt.ylim(1e-9, 2)
plt.xlabel("queries, sorted by gradient (%)")
plt.ylabel("share that gets through")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
