# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""A new token needs old keys and values and no old queries, if attention is causal."""

# --8<-- [start:model]
import numpy as np

LAYERS, HIDDEN, TIME = 3, 32, 24


def draw(seed):
    noise = np.random.default_rng(seed)
    square, up = (HIDDEN, HIDDEN), (HIDDEN, 4 * HIDDEN)
    shapes = dict(q=square, k=square, v=square, o=square, up=up, down=up[::-1])
    layers = [
        {name: noise.normal(0, shape[0] ** -0.5, shape) for name, shape in shapes.items()}
        for _ in range(LAYERS)
    ]
    return layers, noise.normal(size=(TIME, HIDDEN))  # Weights, and a text already embedded.


def normed(x):
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True))


def attend(q, k, v, causal):  # (new, hidden), (time, hidden) twice
    scores = q @ k.T / np.sqrt(HIDDEN)
    if causal:
        new, time = scores.shape
        scores[np.arange(time) > np.arange(time - new, time)[:, None]] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ v


def run(layers, x, cache=None, causal=True, spoil=None):
    """The last token's output; keys and values of all tokens, layer by layer."""
    kept = []
    for number, w in enumerate(layers):
        part = {name: normed(x) @ w[name] for name in "qkv"}  # New tokens only.
        if cache:
            part |= {name: np.concatenate([cache[number][name], part[name]]) for name in "kv"}
        if spoil and spoil[0] == number:  # Noise in place of every old row.
            old = part[spoil[1]][:-1]
            old[:] = np.random.default_rng(9).normal(size=old.shape)
        kept.append({name: part[name] for name in "kv"})
        x = x + attend(**part, causal=causal) @ w["o"]
        x = x + np.maximum(normed(x) @ w["up"], 0) @ w["down"]
    return x[-1], kept


# --8<-- [end:model]

# --8<-- [start:same]
gaps, prompt = [], TIME // 2
for seed in range(5):
    layers, text = draw(seed)
    computed = {"with": 0, "without": 0}  # Positions that pass through the layers.
    _, cache = run(layers, text[:prompt])  # Prefill, the same either way.
    for t in range(prompt, TIME):
        new, so_far = text[t : t + 1], text[: t + 1]
        cached, cache = run(layers, new, cache)
        whole, _ = run(layers, so_far)
        gaps.append(np.abs(cached - whole).max())
        computed["with"] += len(new)
        computed["without"] += len(so_far)
print(f"largest difference {max(gaps):.0e}")
print(f"positions: {prompt} in prefill, then", computed)
assert max(gaps) < 1e-12
assert computed == {"with": 12, "without": 222}

change = np.zeros((5, LAYERS, 3))
for seed in range(5):
    layers, text = draw(seed)
    true, _ = run(layers, text)
    for number, name in np.ndindex(LAYERS, 3):
        wrong, _ = run(layers, text, spoil=(number, "qkv"[name]))
        change[seed, number, name] = np.linalg.norm(wrong - true) / np.linalg.norm(true)
print("no cache, noise in the old    queries    keys  values")
for number, row in enumerate(change.mean(axis=0), start=1):
    print(f"{'of layer ' + str(number):26s}", "".join(f"{part:9.2f}" for part in row))
assert change[:, -1, 0].max() == 0  # Old queries of the last layer.
assert change[:, :, 1:].min() > 0.05 and change[:, :-1, 0].min() > 0.02
# --8<-- [end:same]

# --8<-- [start:mask]
moved = {True: np.zeros((5, LAYERS)), False: np.zeros((5, LAYERS))}
for seed, causal in np.ndindex(5, 2):
    layers, text = draw(seed)
    _, before = run(layers, text[:-1], causal=bool(causal))
    _, after = run(layers, text, causal=bool(causal))
    for number in range(LAYERS):
        old, new = before[number]["k"], after[number]["k"][:-1]
        moved[bool(causal)][seed, number] = np.abs(new - old).max() / np.abs(old).max()
for causal, changes in moved.items():
    row = ", ".join(f"layer {n} {c:.0e}" for n, c in enumerate(changes.max(axis=0), start=1))
    print("causal mask:" if causal else "no mask:    ", row)
assert moved[True].max() < 1e-12 and moved[False][:, 0].max() < 1e-12
assert moved[False][:, 1:].min() > 0.01
# --8<-- [end:mask]
