# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""NF4 against even levels: the shape of the weights, a zero point and the block decide."""

# --8<-- [start:levels]
import statistics

import numpy as np

quantile = statistics.NormalDist().inv_cdf
above = [quantile(p) for p in np.linspace(0.9677083, 0.5, 9)[:-1]]  # Eight levels above 0,
below = [-quantile(p) for p in np.linspace(0.9677083, 0.5, 8)[:-1]]  # seven below, and 0.
nf4 = np.sort([*below, 0, *above]) / max(above)
published = """-1.0 -0.6961928009986877 -0.5250730514526367 -0.39491748809814453
-0.28444138169288635 -0.18477343022823334 -0.09105003625154495 0.0
0.07958029955625534 0.16093020141124725 0.24611230194568634 0.33791524171829224
0.44070982933044434 0.5626170039176941 0.7229568362236023 1.0"""
gap = np.abs(nf4 - np.array(published.split(), float)).max()
print(f"{len(nf4)} levels, farthest from the published table: {gap:.0e}")
assert gap < 1e-6


def quantize(weights, levels, block):  # One scale per block: its greatest absolute value.
    blocks = weights.reshape(-1, block)
    scale = np.abs(blocks).max(axis=1, keepdims=True)
    nearest = np.searchsorted((levels[1:] + levels[:-1]) / 2, blocks / scale)
    return (levels[nearest] * scale).reshape(weights.shape)


def with_zero_point(weights, block):  # 16 even levels from the least weight to the greatest.
    blocks = weights.reshape(-1, block)
    low = blocks.min(axis=1, keepdims=True)
    step = (blocks.max(axis=1, keepdims=True) - low) / 15
    return (low + np.round((blocks - low) / step) * step).reshape(weights.shape)


def off(found, wanted):  # Root mean square of the error, relative to what is wanted.
    return np.linalg.norm(found - wanted) / np.linalg.norm(wanted)


grids = {"NF4": nf4, "INT4": np.arange(-7, 8) / 7, "16 even levels": np.linspace(-1, 1, 16)}
shapes = {
    "normal": lambda rng: rng.normal(size=2**16),
    "uniform": lambda rng: rng.uniform(-1, 1, size=2**16),
    "heavy tails": lambda rng: rng.standard_t(5, size=2**16),
}
blocks, errors = (32, 64, 128, 1024), {}
for shape, draw in shapes.items():
    weights = [draw(np.random.default_rng(seed)) for seed in range(3)]
    for grid, levels in grids.items():
        table = [[off(quantize(w, levels, block), w) for block in blocks] for w in weights]
        errors[shape, grid] = np.array(table)  # (seeds, blocks)
        print(f"{shape:11} {grid:14}", *(f"{e:.4f}" for e in errors[shape, grid].mean(axis=0)))

gain = {
    (shape, grid): 1 - errors[shape, "NF4"] / errors[shape, grid]
    for shape in shapes
    for grid in ("INT4", "16 even levels")
}
at = blocks.index(64)
print(
    "NF4 against INT4, blocks of 64:",
    *(f"{s} {-gain[s, 'INT4'][:, at].mean():+.0%}" for s in shapes),
)
assert gain["normal", "INT4"].min() > 0.09 and gain["normal", "16 even levels"].min() > 0.02
assert gain["uniform", "INT4"].max() < -0.25 and gain["heavy tails", "INT4"].min() > 0.2

weights = shapes["normal"](np.random.default_rng(0))
normal = {block: off(quantize(weights, nf4, block), weights) for block in blocks}
zero = {block: off(with_zero_point(weights, block), weights) for block in blocks}
print("normal, INT4 with a zero point", *(f"{error:.4f}" for error in zero.values()))
assert zero[32] < 0.95 * normal[32] and zero[64] < normal[64] and zero[128] > 1.03 * normal[128]
# --8<-- [end:levels]


# --8<-- [start:merge]
def bfloat16(values):  # Round to the nearest number with 8 significant bits.
    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).view(np.float32).astype(float)


rng = np.random.default_rng(0)
weight = bfloat16(rng.normal(size=(512, 512)))
low_rank = rng.normal(size=(512, 16)) @ rng.normal(size=(16, 512)) / 4
base = quantize(weight, nf4, 64)
missed = {}
for size in (0.003, 0.01, 0.03):
    update = size * low_rank
    kept = bfloat16(weight + update) - weight, quantize(base + update, nf4, 64) - base
    missed[size] = [off(change, update) for change in kept]
    print(f"update {size:.1%} of the weights: missed by {missed[size][0]:.0%} in bfloat16,", end="")
    print(f" by {missed[size][1]:.0%} when quantized again")
assert all(0.9 < again < 1.3 and again > 2 * once for once, again in missed.values())
# --8<-- [end:merge]
