# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: a small Transformer with four planted mistakes."""

# --8<-- [start:starter]
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


def rotate(x):
    """RoPE: turn pairs of neighbouring features by angles that grow with the position."""
    time, size = x.shape[-2:]
    speed = 10_000.0 ** (-np.arange(0, size, 2) / size)
    angle = np.arange(time)[:, None] * speed  # (time, size / 2)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = [
        even * np.cos(angle) - odd * np.sin(angle),
        even * np.sin(angle) + odd * np.cos(angle),
    ]
    return np.stack(turned, axis=-1).reshape(x.shape)


def attention(layer, x, heads):
    time, width = x.shape
    split = (time, heads, width // heads)
    q, k, v = (
        (x @ layer[name]).reshape(split).transpose(1, 0, 2)  # (heads, time, size)
        for name in ("query", "key", "value")
    )
    scores = rotate(q) @ rotate(k).swapaxes(-1, -2) / math.sqrt(width)
    visible = np.tri(time, k=1, dtype=bool)
    scores = np.where(visible, scores, -1e30)  # (heads, time, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).reshape(time, width) @ layer["out"]


def logits(weights, tokens):
    """tokens: (time,) integers; returns (time, vocabulary)."""
    x = weights["embedding"][tokens]  # (time, width)
    for layer in weights["layers"]:
        x = norm(x, layer["attention_norm"])
        x = x + attention(layer, x, weights["heads"])
        hidden = norm(x, layer["ffn_norm"]) @ layer["up"]
        x = x + np.maximum(hidden, 0.0) @ layer["down"]
    return norm(x, weights["last_norm"]) @ weights["embedding"].T


def step(weights, tokens, cache):
    """tokens: the new ones; cache: None at first, then what you returned."""
    raise NotImplementedError("part 2")


# --8<-- [end:starter]
# --8<-- [start:example]
model = random_weights(0, vocabulary=5, width=8, heads=2, layers=1)
print("wanted", [-2.28, 14.16, 2.87, 1.15, -4.21])
print("got   ", logits(model, np.array([0, 1, 2]))[1].round(2))
# --8<-- [end:example]
