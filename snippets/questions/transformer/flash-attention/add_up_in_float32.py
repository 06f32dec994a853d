# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The running sums of online softmax need more digits than the inputs."""

# --8<-- [start:precision]
import numpy as np

WIDTH = 64


def flash_row(q, k, v, dtype, block):  # Inputs stay float16; dtype is for the sums.
    high, total = dtype(-np.inf), dtype(0)
    mixed = np.zeros(WIDTH, dtype)
    for j in range(0, len(k), block):
        scores = k[j : j + block].astype("float32") @ q.astype("float32") / WIDTH**0.5
        higher = np.maximum(high, dtype(scores.max()))
        shrink = dtype(np.exp(np.float32(high) - np.float32(higher)))
        weights = np.exp(scores - np.float32(higher))
        total = dtype(shrink * total + dtype(weights.sum()))
        mixed = shrink * mixed + (weights @ v[j : j + block]).astype(dtype)
        high = higher
    return (mixed / total).astype("float64")


# --8<-- [end:precision]

# --8<-- [start:compare]
rng = np.random.default_rng(0)
error = {}
for block, context in ((16, 1024), (16, 16384), (128, 16384)):
    q = rng.normal(size=WIDTH).astype("float16") / np.float16(4)  # Spread-out weights.
    k, v = (rng.normal(size=(context, WIDTH)).astype("float16") for _ in range(2))
    v += np.float16(1)
    exact = flash_row(q, k, v, np.float64, block)
    for dtype in (np.float16, np.float32):
        gap = flash_row(q, k, v, dtype, block) - exact
        gap = np.abs(gap).max() / np.abs(exact).max()
        error[block, context, dtype.__name__] = gap
        print(f"{context:5d} keys, blocks of {block:3d}, {dtype.__name__}: off by {gap:.0e}")
    assert error[block, context, "float32"] < 1e-5 < 1e-3 < error[block, context, "float16"]
assert error[16, 16384, "float16"] > 5 * error[16, 1024, "float16"]
assert error[16, 16384, "float16"] > 3 * error[128, 16384, "float16"]
# --8<-- [end:compare]
