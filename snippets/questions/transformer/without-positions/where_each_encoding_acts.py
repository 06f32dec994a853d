# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Sinusoids, learned vectors, RoPE and ALiBi compared by what they change in one attention head."""

# --8<-- [start:attend]
import numpy as np

WIDTH, TIME, TABLE = 64, 16, 128
rng = np.random.default_rng(0)
w_q, w_k, w_v = rng.normal(size=(3, WIDTH, WIDTH)) / WIDTH**0.5
learned = rng.normal(size=(TABLE, WIDTH))
theta = 10000.0 ** (-np.arange(0, WIDTH, 2) / WIDTH)  # (pairs,)


def wave(positions):  # (time, width): a sine and a cosine for each pair
    angle = positions[:, None] * theta
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(-1, WIDTH)


def turn(x, positions):
    pairs = x.reshape(-1, WIDTH // 2, 2) @ [1, 1j] * np.exp(1j * positions[:, None] * theta)
    return np.stack([pairs.real, pairs.imag], axis=-1).reshape(-1, WIDTH)


# --8<-- [end:attend]


# --8<-- [start:encodings]
def head(x, encoding, start=0):  # Bidirectional, so that no mask helps.
    positions = start + np.arange(len(x))
    if encoding in ("sinusoidal", "learned"):
        x = x + (wave(positions) if encoding == "sinusoidal" else learned[positions])
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    if encoding == "RoPE":
        q, k = turn(q, positions), turn(k, positions)
    scores = q @ k.T / WIDTH**0.5
    if encoding == "ALiBi":
        scores = scores - 0.25 * np.abs(positions[:, None] - positions)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights, weights @ v


# --8<-- [end:encodings]

# --8<-- [start:measure]
x = rng.normal(size=(TIME, WIDTH))
same = np.repeat(x[:1], TIME, axis=0)  # One token sixteen times.
found = {}
print("                    shift by 100   reverse the others   same token apart   parameters")
for encoding in ("none", "sinusoidal", "learned", "RoPE", "ALiBi"):
    weights, output = head(x, encoding)
    shifted = np.abs(head(x, encoding, start=100)[0] - weights).max()
    others = head(np.concatenate([x[-2::-1], x[-1:]]), encoding)[1]
    reversed_ = np.abs(others[-1] - output[-1]).max()
    apart = np.ptp(head(same, encoding)[1], axis=0).max()
    size = learned.size if encoding == "learned" else 0
    found[encoding] = shifted, reversed_, apart
    print(f"{encoding:12s} {shifted:18.0e} {reversed_:20.0e} {apart:18.0e} {size:12d}")
relative = [encoding for encoding, (shifted, _, _) in found.items() if shifted < 1e-9]
ordered = [encoding for encoding, (_, order, _) in found.items() if order > 0.01]
apart = [encoding for encoding, (_, _, spread) in found.items() if spread > 0.01]
assert relative == ["none", "RoPE", "ALiBi"] and apart == ["sinusoidal", "learned"]
assert ordered == ["sinusoidal", "learned", "RoPE", "ALiBi"]
# --8<-- [end:measure]
