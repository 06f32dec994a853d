# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A small Transformer repaired, with a KV cache, step by step."""

# --8<-- [start:solution]
import math

import numpy as np


def random_weights(seed, vocabulary, width, heads, layers):
    """A model for tests: the same arguments give the same numbers."""
    rng = np.random.default_rng(seed)

    def matrix(rows, columns):
        return rng.normal(size=(rows, columns)) / math.sqrt(rows)

    def layer():
        return {
            "attention_norm": rng.uniform(0.5, 1.5, width),
            "query": matrix(width, width),
            "key": matrix(width, width),
            "value": matrix(width, width),
            "out": matrix(width, width),
            "ffn_norm": rng.uniform(0.5, 1.5, width),
            "up": matrix(width, 4 * width),
            "down": matrix(4 * width, width),
        }

    return {
        "heads": heads,
        "embedding": 2.0 * rng.normal(size=(vocabulary, width)),  # also the head
        "layers": [layer() for _ in range(layers)],
        "last_norm": rng.uniform(0.5, 1.5, width),
    }


def norm(x, gain):
    """RMSNorm of each token."""
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6) * gain


def rotate(x, past):
    """RoPE; the first token of x stands at position `past`."""
    time, size = x.shape[-2:]
    speed = 10_000.0 ** (-np.arange(0, size, 2) / size)
    angle = (past + np.arange(time))[:, None] * speed  # (time, size / 2)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = [
        even * np.cos(angle) - odd * np.sin(angle),
        even * np.sin(angle) + odd * np.cos(angle),
    ]
    return np.stack(turned, axis=-1).reshape(x.shape)


def attention(layer, x, heads, cached):
    new, width = x.shape
    size = width // heads
    q, k, v = (
        (x @ layer[name]).reshape(new, heads, size).transpose(1, 0, 2)  # (heads, new, size)
        for name in ("query", "key", "value")
    )
    past = 0 if cached is None else cached[0].shape[1]
    q, k = rotate(q, past), rotate(k, past)
    if cached is not None:
        k = np.concatenate([cached[0], k], axis=1)  # (heads, past + new, size)
        v = np.concatenate([cached[1], v], axis=1)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(size)
    visible = np.arange(past + new) <= past + np.arange(new)[:, None]
    scores = np.where(visible, scores, -1e30)  # (heads, new, past + new)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).transpose(1, 0, 2).reshape(new, width) @ layer["out"], (k, v)


def step(weights, tokens, cache):
    x, longer = weights["embedding"][tokens], []  # (new, width)
    for number, layer in enumerate(weights["layers"]):
        cached = None if cache is None else cache[number]
        normed = norm(x, layer["attention_norm"])
        mixed, kept = attention(layer, normed, weights["heads"], cached)
        longer.append(kept)
        x = x + mixed
        hidden = norm(x, layer["ffn_norm"]) @ layer["up"]
        x = x + np.maximum(hidden, 0.0) @ layer["down"]
    return norm(x, weights["last_norm"]) @ weights["embedding"].T, longer


def logits(weights, tokens):
    return step(weights, tokens, None)[0]


# --8<-- [end:solution]
# --8<-- [start:example]
model = random_weights(0, vocabulary=5, width=8, heads=2, layers=1)
tokens = np.array([0, 1, 2])
whole = logits(model, tokens)
first, cache = step(model, tokens[:1], None)
rest, cache = step(model, tokens[1:], cache)
gap = np.abs(np.concatenate([first, rest]) - whole).max()
print(whole[1].round(2), f"largest gap {gap:.0e}")
assert gap < 1e-12
# --8<-- [end:example]
