# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""A few large activation channels take INT8's range from the others; smoothing or FP8 avoids it."""

# --8<-- [start:ways]
import numpy as np


def int8(values, axis=None):  # One scale for all, or one for each line along the axis.
    scale = np.abs(values).max(axis=axis, keepdims=True) / 127
    return np.round(values / scale) * scale


def fp8(values):  # E4M3: 3 bits of mantissa, largest value 448, smallest exponent -6.
    scale = np.abs(values).max() / 448
    exponent = np.floor(np.log2(np.maximum(np.abs(values) / scale, 2.0**-6)))
    step = scale * 2 ** (exponent - 3)
    return np.round(values / step) * step


def compare(factor, seed):  # Relative errors of x @ w; channels are the columns of x.
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(512, 128))
    calibration, x = rng.normal(size=(2, 256, 512))
    for tokens in (calibration, x):
        tokens[:, :4] *= factor
    exact = x @ w
    s = np.sqrt(np.abs(calibration).max(axis=0) / np.abs(w).max(axis=1))
    smaller, larger = x / s, s[:, None] * w  # SmoothQuant: the product stays.
    assert np.allclose(smaller @ larger, exact)
    weights = int8(w, axis=0)  # One scale for each output.
    results = {
        "INT8, one scale": int8(x) @ weights,
        "INT8, per token": int8(x, axis=1) @ weights,
        "INT8, per channel": int8(x, axis=0) @ weights,
        "INT8, smoothed, one scale": int8(smaller) @ int8(larger, axis=0),
        "FP8, one scale": fp8(x) @ fp8(w),
    }
    error = {n: np.linalg.norm(y - exact) / np.linalg.norm(exact) for n, y in results.items()}
    return error | {"other channels' values to zero": np.mean(int8(x)[:, 4:] == 0)}


# --8<-- [end:ways]

# --8<-- [start:claim]
runs = {f: [compare(f, seed) for seed in range(3)] for f in (1, 10, 100)}
print("4 of 512 channels larger by     " + "".join(f"{f:8d}" for f in runs))
table = {}
for name in runs[1][0]:
    table[name] = np.array([[run[name] for run in runs[f]] for f in runs])  # (factors, seeds)
    print(f"{name:32s}" + "".join(f"{value:8.1%}" for value in table[name].mean(axis=1)))
one, token, channel, smooth, floating, lost = table.values()
assert one[1].min() > 4 * one[0].max() and lost[2].min() > 0.8
assert token[2].min() > 3 * token[0].max() and channel[2].max() < 1.1 * channel[0].min()
assert smooth[2].max() < 0.3 * one[2].min() and smooth.max() < floating.min()
assert np.ptp(floating) < 0.1 * floating.min() and one[0].max() < floating.min() < one[1].min()
# --8<-- [end:claim]
