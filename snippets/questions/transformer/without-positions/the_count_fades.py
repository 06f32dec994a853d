# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A random causal layer already shows the position, but 1/t soon stops telling neighbors apart."""

# --8<-- [start:shrink]
import numpy as np
import tensorflow as tf

BATCH, TIME, WIDTH, SEEDS = 32, 256, 64, 3
t = np.arange(1, TIME + 1)
slopes = {}
for causal in (False, True):
    slopes[causal] = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(BATCH, TIME, WIDTH))  # random tokens, no start token
        w_q, w_k, w_v = rng.normal(size=(3, WIDTH, WIDTH)) / WIDTH**0.5
        scores = 0.1 * (x @ w_q) @ np.swapaxes(x @ w_k, 1, 2) / WIDTH**0.5  # almost flat
        scores = np.where(np.tri(TIME) if causal else True, scores, -np.inf)
        weights = np.exp(scores)
        output = weights / weights.sum(axis=2, keepdims=True) @ (x @ w_v)
        variance = (output**2).mean(axis=(0, 2))  # (time,)
        slopes[causal].append(float(np.polyfit(np.log(t), np.log(variance), 1)[0]))
    print(f"causal {causal!s:5s}: variance ~ t to the power", np.round(slopes[causal], 2))
assert np.abs(np.array(slopes[True]) + 1).max() < 0.1
assert np.abs(slopes[False]).max() < 0.01
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
