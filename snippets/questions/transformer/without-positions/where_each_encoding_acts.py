# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Sinusoids, learned vectors, RoPE and ALiBi compared by what they change in one attention head."""

# --8<-- [start:angles]
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


# --8<-- [end:angles]


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
print("             shift by 100   reverse the others   reverse all   same token apart")
for encoding in ("none", "sinusoidal", "learned", "RoPE", "ALiBi"):
    weights, output = head(x, encoding)
    shift = np.abs(head(x, encoding, start=100)[0] - weights).max()
    others = head(np.concatenate([x[-2::-1], x[-1:]]), encoding)[1]
    order = np.abs(others[-1] - output[-1]).max()
    mirror = np.abs(head(x[::-1], encoding)[1][::-1] - output).max()  # word by word
    apart = np.ptp(head(same, encoding)[1], axis=0).max()
    found[encoding] = np.array([shift, order, mirror, apart])
    print(f"{encoding:12s} {shift:12.0e} {order:20.0e} {mirror:13.0e} {apart:18.0e}")
seen = {encoding: (changes > 0.01).tolist() for encoding, changes in found.items()}
assert seen["none"] == [False] * 4 and seen["sinusoidal"] == seen["learned"] == [True] * 4
assert seen["RoPE"] == [False, True, True, False] and seen["ALiBi"] == [False, True, False, False]
assert all(change < 1e-9 or change > 0.01 for row in found.values() for change in row)
# --8<-- [end:measure]
