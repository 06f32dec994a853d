# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""In decoding, a batch shares the weights; the cache only where sequences share a prefix."""

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
def attend(queries, context, source):  # Queries that share one set of keys and values.
    keys, values = rng.normal(size=(2, context, HEAD))
    weights = np.exp(times(rng.normal(size=(queries, HEAD)), keys.T, source))
    times(weights / weights.sum(axis=1, keepdims=True), values, source)


def step(batch, context, key_heads):  # One new token for each sequence of a batch.
    flops.clear()
    moved.clear()
    for rows, columns in [(WIDTH, WIDTH)] * 4 + [(WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH)]:
        times(rng.normal(size=(batch, rows)), rng.normal(size=(rows, columns)), "weights")
    for _ in range(batch * key_heads):  # Each sequence has keys and values of its own.
        attend(HEADS // key_heads, context, "cache")
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
assert share[1, 8192] < 0.1 and share[64, 8192] > 0.8
# --8<-- [end:share]

# --8<-- [start:prefix]
batch, prefix, own = 16, 512, 32  # One system prompt, then 32 tokens of each sequence.
total = {}
for shared in (False, True):
    flops.clear()
    moved.clear()
    for _ in range(batch * HEADS):
        attend(1, own if shared else prefix + own, "own")
    for _ in range(HEADS if shared else 0):
        attend(batch, prefix, "prefix")  # Read once for the queries of all sequences.
    total[shared] = sum(moved.values())
spread = flops["prefix"] / moved["prefix"]
print(f"FLOPs for each byte of the prefix: {spread:.0f}, as for weights")
print(f"bytes of keys and values: {total[False] / total[True]:.1f} times fewer")
assert spread == batch and total[False] > 8 * total[True]
# --8<-- [end:prefix]
