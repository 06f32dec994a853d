# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""In decoding, a batch shares the weights; every sequence brings a cache of its own."""

# --8<-- [start:intensity]
WIDTH, PROJECTED, MATRICES, BYTES = 4096, 1024, 218_103_808, 2  # One layer, bfloat16.


def decode(batch, context, projected=WIDTH):  # FLOPs and bytes of one step
    weights = 2 * batch * MATRICES, BYTES * MATRICES
    cache = 4 * batch * context * WIDTH, BYTES * batch * 2 * context * projected
    return weights, cache


# --8<-- [end:intensity]

# --8<-- [start:table]
print("batch  context   FLOPs/byte: weights, cache   cache's share of bytes")
share = {}
for batch, context in ((1, 8192), (64, 8192), (64, 131072)):
    weights, cache = decode(batch, context, PROJECTED)
    share[batch, context] = cache[1] / (weights[1] + cache[1])
    ratios = [f / b for f, b in (weights, cache)]
    line = f"{ratios[0]:18.0f} {ratios[1]:6.0f}"
    print(f"{batch:5d}  {context:7d} {line} {share[batch, context]:22.0%}")
    assert ratios == [batch, WIDTH / PROJECTED]
flops, moved = decode(64, 8192)[1]
print(f"one key head per query head: {flops / moved:.0f} FLOP per byte of cache")
assert flops == moved
# --8<-- [end:table]
