# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A product of two features has heavier tails, and one aligned unit ruins int8 for all tokens."""

# --8<-- [start:layers]
import numpy as np

D, WIDTH, TOKENS, SEEDS = 512, 1365, 128, 3


def silu(z):
    return z / (1 + np.exp(-z))


def hidden(x, gate, up):
    return {
        "ReLU": np.maximum(x @ gate, 0),
        "SiLU": silu(x @ gate),
        "ReGLU": np.maximum(x @ gate, 0) * (x @ up),
        "SwiGLU": silu(x @ gate) * (x @ up),
    }


def int8_error(h, rows):  # One scale for the whole tensor, error on some of its rows.
    scale = np.abs(h).max() / 127
    kept = np.round(h / scale) * scale
    return float(np.linalg.norm((kept - h)[rows]) / np.linalg.norm(h[rows]))


# --8<-- [end:layers]

# --8<-- [start:measure]
found = {}
for seed in range(SEEDS):
    rng = np.random.default_rng(seed)
    gate, up = rng.normal(size=(2, D, WIDTH)) / D**0.5
    x = rng.normal(size=(TOKENS, D))
    x /= np.sqrt(np.mean(x**2, axis=1, keepdims=True))  # as behind an RMSNorm
    up[:, 0] = gate[:, 0]  # One unit whose two vectors have aligned …
    spike = np.concatenate([x, gate[None, :, 0] * D**0.5])  # … and a token along them.
    for name, h in hidden(x, gate, up).items():
        with_spike = hidden(spike, gate, up)[name]
        others = np.arange(TOKENS)
        row = (
            np.mean(h == 0),
            np.abs(h).max() / np.sqrt(np.mean(h**2)),
            int8_error(h, others),
            int8_error(with_spike, others),
        )
        found.setdefault(name, []).append(row)
# --8<-- [end:measure]

# --8<-- [start:compare]
print("three seeds      exactly 0   largest / rms   int8 error   int8 error beside the spike")
for name, rows in found.items():
    found[name] = np.array(rows)  # (seeds, measures)
    zero, tail, error, spoiled = found[name].mean(axis=0)
    print(f"{name:14s} {zero:10.0%} {tail:14.1f} {error:12.1%} {spoiled:18.0%}")
relu, plain, reglu, gated = found.values()
assert (reglu[:, 0] == relu[:, 0]).all() and (reglu[:, 2] > 2 * relu[:, 2]).all()
assert relu[:, 0].min() > 0.45 and gated[:, 0].max() == 0
assert (gated[:, 1] > 2 * plain[:, 1]).all() and (gated[:, 2] > 2 * plain[:, 2]).all()
assert (gated[:, 3] > 0.5).all() and (relu[:, 3] < 0.2).all()
# --8<-- [end:compare]
