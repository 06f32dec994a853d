# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""A few large activation channels take INT8's range from the others; smoothing and FP8 help."""

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


def compare(factor, seed):  # Channels are the columns of x; the first 4 grow by the factor.
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(512, 128))
    calibration, x = rng.normal(size=(2, 256, 512))
    for tokens in (calibration, x):
        tokens[:, :4] *= factor
    exact, others = x @ w, x[:, 4:] @ w[4:]
    s = np.sqrt(np.abs(calibration).max(axis=0) / np.abs(w).max(axis=1))
    smaller, larger = x / s, s[:, None] * w  # SmoothQuant: the product stays.
    assert np.allclose(smaller @ larger, exact)
    weights = int8(w, axis=0)  # One scale for each output.
    rounded = {
        "INT8, one scale": (int8(x), weights),
        "INT8, per token": (int8(x, axis=1), weights),
        "INT8, per channel": (int8(x, axis=0), weights),
        "INT8, smoothed, one scale": (int8(smaller), int8(larger, axis=0)),
        "FP8, one scale": (fp8(x), fp8(w)),
    }
    errors = {}  # Of the output, and of what the other channels contribute to it.
    for name, (a, b) in rounded.items():
        pairs = (a @ b, exact), (a[:, 4:] @ b[4:], others)
        errors[name] = [np.linalg.norm(y - z) / np.linalg.norm(z) for y, z in pairs]
    return errors, np.mean(rounded["INT8, one scale"][0][:, 4:] == 0)


# --8<-- [end:ways]

# --8<-- [start:claim]
factors, table = (1, 10, 100), {}
runs = [[compare(factor, seed) for seed in range(3)] for factor in factors]
lost = np.array([[zeros for _, zeros in seeds] for seeds in runs])
print("                            whole output       508 channels' share")
print("4 of 512 larger by        " + "".join(f"{factor:7d}" for factor in factors * 2))
for name in runs[0][0][0]:
    table[name] = np.array([[errors[name] for errors, _ in seeds] for seeds in runs])
    print(f"{name:26s}" + "".join(f"{v:7.1%}" for v in table[name].mean(axis=1).T.ravel()))
one, token, channel, smooth, floating = table.values()  # (factors, seeds, output or share)
assert one[1].min() > 4 * one[0].max() and lost[2].min() > 0.8
assert token[2].min() > 3 * token[0].max() and channel.max() < 1.1 * channel.min()
assert np.all(smooth[2] < 0.3 * one[2]) and smooth[..., 0].max() < floating.min()
assert np.ptp(floating) < 0.1 * floating.min() and one[0].max() < floating.min() < one[1].min()
assert smooth[2, :, 1].min() > 2 * floating.max()
# --8<-- [end:claim]
