# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: gradient accumulation."""

# --8<-- [start:starter]
import numpy as np


def mean_loss(w, bias, x, labels):
    """The mean loss over tokens that count and its gradients; NaN where none counts."""
    x, labels = x[labels != -100], labels[labels != -100]
    logits = x @ w + bias  # (tokens, words)
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    error = np.exp(log_p) - (np.arange(len(bias)) == labels[:, None])
    loss = -log_p[np.arange(len(x)), labels].sum() / len(x)
    return loss, x.T @ error / len(x), error.sum(axis=0) / len(x)


def accumulate(w, bias, x, labels, every, limit, rate):
    """x: (parts, tokens, features); labels: (parts, tokens); returns losses, norms, w, bias."""
    steps = -(-len(x) // every)
    return np.zeros(steps), np.zeros(steps), w.copy(), bias.copy()  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
x = np.ones((2, 3, 1))  # two parts of three tokens, one feature
labels = np.array([[0, -100, -100], [1, 1, 1]])
start = np.zeros((1, 2)), np.zeros(2)
losses, norms, w, bias = accumulate(*start, x, labels, every=2, limit=0.25, rate=1.0)
print(f"wanted 0.6931, 0.5 and [-0.125, 0.125]; got {losses[0]:.4f}, {norms[0]}, {bias.tolist()}")
# --8<-- [end:example]
