# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A KV cache removes the recomputation; every step still reads all keys and values."""

# --8<-- [start:counter]
import numpy as np

WIDTH = 64
rng = np.random.default_rng(0)
wq, wk, wv, wo = rng.normal(size=(4, WIDTH, WIDTH)) / WIDTH**0.5
up = rng.normal(size=(WIDTH, 4 * WIDTH)) / WIDTH**0.5
down = rng.normal(size=(4 * WIDTH, WIDTH)) / (4 * WIDTH) ** 0.5
flops = read = 0


def times(a, b):  # Every product goes through here and is counted.
    global flops, read
    flops += 2 * a.shape[0] * a.shape[1] * b.shape[1]
    read += b.size  # The right factor is a weight, the keys or the values.
    return a @ b


# --8<-- [end:counter]


# --8<-- [start:step]
def rest(q, keys, values, allowed):
    scores = np.where(allowed, times(q, keys.T) / WIDTH**0.5, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)  # (queries, keys)
    mixed = times(times(weights, values), wo)
    return times(np.maximum(times(mixed, up), 0), down)


def everything(x):  # (time, width): no cache, the whole prefix again
    causal = np.tri(len(x), dtype=bool)
    return rest(times(x, wq), times(x, wk), times(x, wv), causal)[-1]


def step(x, cache):  # (1, width): only the new token
    cache[0].append(times(x, wk))
    cache[1].append(times(x, wv))
    keys, values = (np.concatenate(part) for part in cache)  # (time, width)
    return rest(times(x, wq), keys, values, True)[0]


# --8<-- [end:step]

# --8<-- [start:generate]
n, cache, gap = 1024, ([], []), 0.0
x = rng.normal(size=(n, WIDTH))
per_step, bytes_read, again = [], [], 0
for t in range(1, n + 1):
    flops = read = 0
    new = step(x[t - 1 : t], cache)
    per_step.append(flops)
    bytes_read.append(2 * read)  # bfloat16
    assert flops == 24 * WIDTH**2 + 4 * t * WIDTH
    assert read == 12 * WIDTH**2 + 2 * t * WIDTH
    again += 24 * t * WIDTH**2 + 4 * t**2 * WIDTH  # Without a cache.
    if t % 256 == 0:
        flops = 0
        old = everything(x[:t])
        gap = max(gap, np.abs(new - old).max())
        assert flops == 24 * t * WIDTH**2 + 4 * t**2 * WIDTH
        print(f"token {t:4d}: {per_step[-1]:7d} with a cache, {flops:10d} without")
# --8<-- [end:generate]

# --8<-- [start:claim]
growth = per_step[-1] / per_step[0]
saved = again / sum(per_step)
print(f"largest difference between the two answers: {gap:.0e}")
print(f"last step / first step: FLOPs {growth:.1f}, bytes", end=" ")
print(f"{bytes_read[-1] / bytes_read[0]:.1f}")
print(f"all {n} tokens without a cache / with: {saved:.0f}")
assert gap < 1e-12 and growth > 3 and saved > 300
# --8<-- [end:claim]
