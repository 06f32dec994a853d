# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""In decoding, a batch shares the weights; every sequence brings a cache of its own."""

# --8<-- [start:count]
import numpy as np

WIDTH, HEADS, HEAD = 64, 8, 8
rng = np.random.default_rng(0)
flops, moved = {}, {}  # By where the right factor comes from.


def times(a, b, source):  # b is read from memory, in bfloat16.
    flops[source] = flops.get(source, 0) + 2 * a.shape[0] * a.shape[1] * b.shape[1]
    moved[source] = moved.get(source, 0) + 2 * b.size
    return a @ b


# --8<-- [end:count]


# --8<-- [start:step]
def step(batch, context, key_heads):  # One new token for each sequence of a batch.
    flops.clear()
    moved.clear()
    for rows, columns in [(WIDTH, WIDTH)] * 4 + [(WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH)]:
        times(rng.normal(size=(batch, rows)), rng.normal(size=(rows, columns)), "weights")
    for _ in range(batch * key_heads):  # Each sequence has keys and values of its own.
        keys, values = rng.normal(size=(2, context, HEAD))
        q = rng.normal(size=(HEADS // key_heads, HEAD))  # (queries that share, head)
        weights = np.exp(times(q, keys.T, "cache"))
        times(weights / weights.sum(axis=1, keepdims=True), values, "cache")
    return {source: flops[source] / moved[source] for source in flops}


# --8<-- [end:step]

# --8<-- [start:intensity]
print("FLOPs for each byte read:  batch  context  key heads  weights  cache")
for batch, context, key_heads in ((1, 32, 8), (16, 32, 8), (16, 512, 8), (16, 512, 2)):
    per_byte = step(batch, context, key_heads)
    ratios = f"{per_byte['weights']:8.0f} {per_byte['cache']:6.0f}"
    print(f"{batch:31d} {context:8d} {key_heads:10d} {ratios}")
    assert per_byte == {"weights": batch, "cache": HEADS / key_heads}
# --8<-- [end:intensity]

# --8<-- [start:share]
matrices, keys_and_values = 218_103_808, 2 * 1024  # Numbers in a layer of Llama 3 8B.
share = {}
for batch, context in ((1, 8192), (64, 8192), (64, 131072)):
    cache = batch * context * keys_and_values
    share[batch, context] = cache / (matrices + cache)
    print(f"batch {batch:2d}, context {context:6d}: {share[batch, context]:.0%} is cache")
# --8<-- [end:share]
