# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The running sums of online softmax need more digits than the inputs."""

# --8<-- [start:precision]
import numpy as np

BLOCK, WIDTH = 16, 64


def flash_row(q, k, v, dtype):  # Inputs stay float16; dtype is for the sums.
    high, total = dtype(-np.inf), dtype(0)
    mixed = np.zeros(WIDTH, dtype)
    for j in range(0, len(k), BLOCK):
        scores = k[j : j + BLOCK].astype("float32") @ q.astype("float32") / WIDTH**0.5
        higher = np.maximum(high, dtype(scores.max()))
        shrink = dtype(np.exp(np.float32(high) - np.float32(higher)))
        weights = np.exp(scores - np.float32(higher))
        total = dtype(shrink * total + dtype(weights.sum()))
        mixed = shrink * mixed + (weights @ v[j : j + BLOCK]).astype(dtype)
        high = higher
    return (mixed / total).astype("float64")


# --8<-- [end:precision]

# --8<-- [start:compare]
rng = np.random.default_rng(0)
error = {}
for context in (1024, 16384):
    q = rng.normal(size=WIDTH).astype("float16") / np.float16(4)  # Spread-out weights.
    k, v = (rng.normal(size=(context, WIDTH)).astype("float16") for _ in range(2))
    v += np.float16(1)
    exact = flash_row(q, k, v, np.float64)
    for dtype in (np.float16, np.float32):
        gap = np.abs(flash_row(q, k, v, dtype) - exact).max() / np.abs(exact).max()
        error[context, dtype.__name__] = gap
        print(f"{context:5d} keys, sums in {dtype.__name__}: relative error {gap:.0e}")
    assert error[context, "float16"] > 100 * error[context, "float32"]
assert error[16384, "float16"] > 5 * error[1024, "float16"]
assert error[16384, "float32"] < 1e-4
# --8<-- [end:compare]
