# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""Without the scale, the wider the head, the fewer queries receive any gradient."""

# --8<-- [start:draw]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

KEYS, QUERIES, SEEDS = 64, 2000, range(3)
WIDTHS = (16, 64, 128, 256, 1024)  # d, the length of a query and of a key


def draw(d, seed, queries=QUERIES, keys=KEYS):
    rng = np.random.default_rng(seed)
    q = rng.normal(size=(queries, d))  # (queries, d)
    k = rng.normal(size=(keys, d))  # (keys, d)
    upstream = rng.normal(size=(queries, keys))  # gradient of the loss by the weights
    return [tf.constant(a, tf.float32) for a in (q, k, upstream)]


# --8<-- [end:draw]

# --8<-- [start:variance]
for d in WIDTHS:
    q, k, _ = draw(d, seed=0)
    variance = float(np.var(q @ tf.transpose(k)))
    print(f"d = {d:4d}   variance of q·k {variance:7.1f}   over d {variance / d:.2f}")
    assert abs(variance / d - 1) < 0.15
# --8<-- [end:variance]


# --8<-- [start:gradients]
def attend(d, divisor, seed, **sizes):
    q, k, upstream = draw(d, seed, **sizes)
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
        "entropy": float(tf.reduce_mean(entropy)),  # nats, at most ln(keys)
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
assert min(shrink) > 300  # Without the scale a wide head lets next to nothing through, …
assert max(np.abs(np.divide(wide, narrow) - 1)) < 0.1  # … with it, d does not matter.
# --8<-- [end:table]

# --8<-- [start:queries]
typical, average, starved, mean = {}, {}, {}, {}
print("gradient by the query, without the scale against with it:")
for d in WIDTHS:
    raw = np.stack([run["by query"] for run in runs[d, "q·k"]])  # (seeds, queries)
    scaled = np.stack([run["by query"] for run in runs[d, "q·k/√d"]])
    typical[d] = np.median(raw, axis=1) / np.median(scaled, axis=1)  # (seeds,)
    average[d] = raw.mean(axis=1) / scaled.mean(axis=1)
    starved[d] = np.mean(raw < 0.01 * raw.mean(axis=1, keepdims=True), axis=1)
    mean[d] = raw.mean()
    print(
        f"d = {d:4d}   median × {typical[d].mean():4.2f}   mean × {average[d].mean():4.1f}", end=""
    )
    print(f"   under 1 % of the mean: {starved[d].mean():3.0%} of the queries")
    assert np.all(scaled > 0.01 * scaled.mean())  # With the scale none is left out.
# --8<-- [end:queries]

# --8<-- [start:claim]
most = max(run["through"].max() for seeds in runs.values() for run in seeds)
print(f"largest share that ever got through the softmax: {most:.2f}")
assert min(starved[1024]) > 0.5 > 0.3 > max(starved[128])  # The wider, the more starve.
assert max(typical[1024]) < 0.1 and min(typical[64]) > 2  # So does the typical query, …
assert min(average[64]) > 5 and mean[1024] < 2 * mean[64]  # … but the mean stays large.
# --8<-- [end:claim]

# --8<-- [start:keys]
gain, left, more = {}, {}, {}
print("4096 keys, without the scale against with it:")
for d in (128, 1024):
    raw, scaled = (attend(d, c, seed=0, queries=400, keys=4096) for c in (1.0, d**0.5))
    gain[d] = np.median(raw["through"]) / np.median(scaled["through"])
    more[d] = raw["by query"].mean() / scaled["by query"].mean()
    left[d] = np.mean(raw["by query"] < 0.01 * raw["by query"].mean())
    print(f"d = {d:4d}   gets through × {gain[d]:4.2f}   mean × {more[d]:3.0f}", end="")
    print(f"   under 1 % of the mean: {left[d]:3.0%} of the queries")
assert gain[128] > 2 and gain[1024] < 0.5  # At width 128 more gets through now, …
assert left[1024] > 2 * left[128]  # … but the wider, the more starve, as before.
# --8<-- [end:keys]

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
