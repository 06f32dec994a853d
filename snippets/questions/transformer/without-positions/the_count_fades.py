# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A random causal layer already shows the position, but 1/t soon stops telling neighbors apart."""

# --8<-- [start:shrink]
import numpy as np
import tensorflow as tf

BATCH, TIME, WIDTH, SEEDS = 16, 256, 64, 3
t = np.arange(1, TIME + 1)
slopes = {}  # powers of t, with which the variance changes
for causal, size in ((False, 0.1), (True, 0.1), (True, 1.0)):  # size of the scores
    slopes[causal, size] = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(BATCH, TIME, WIDTH))  # random tokens, no start token
        w_q, w_k, w_v = rng.normal(size=(3, WIDTH, WIDTH)) / WIDTH**0.5
        scores = size * (x @ w_q) @ np.swapaxes(x @ w_k, 1, 2) / WIDTH**0.5
        scores = np.where(np.tri(TIME) if causal else True, scores, -np.inf)
        weights = np.exp(scores)
        output = weights / weights.sum(axis=2, keepdims=True) @ (x @ w_v)
        variance = [(h**2).mean(axis=(0, 2)) for h in (output, x + output)]  # (time,) each
        slopes[causal, size].append([np.polyfit(np.log(t), np.log(v), 1)[0] for v in variance])
    alone, with_residual = np.round(slopes[causal, size], 2).T  # (seeds,) each
    print(
        f"causal {causal!s:5s}, scores of size {size}: output {alone}, x + output {with_residual}"
    )
unmasked, nearly_flat, ordinary = np.array(list(slopes.values()))  # (seeds, 2) each
assert np.abs(nearly_flat[:, 0] + 1).max() < 0.1
assert np.abs(unmasked).max() < 0.02
assert ordinary[:, 0].min() > -0.75 and np.abs([nearly_flat[:, 1], ordinary[:, 1]]).max() < 0.1
# --8<-- [end:shrink]

# --8<-- [start:resolve]
positions = np.arange(1, 8193)
different, first = {}, {}
for dtype in (tf.float32, tf.bfloat16):
    reading = tf.cast(tf.cast(1 / positions, dtype), tf.float64).numpy()  # rounded once
    different[dtype.name] = len(np.unique(reading))
    like_the_next = positions[:-1][np.diff(reading) == 0]
    first[dtype.name] = int(like_the_next.min(initial=len(positions)))
    print(
        f"{dtype.name:9s} 1/t takes {different[dtype.name]} values for {len(positions)} positions"
    )
print(f"in bfloat16, positions {first['bfloat16']} and {first['bfloat16'] + 1} read the same")
assert different == {"float32": 8192, "bfloat16": 874} and first["bfloat16"] == 190
# --8<-- [end:resolve]
