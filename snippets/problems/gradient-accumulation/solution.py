# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Gradient accumulation: one mean over all tokens of a step, clipped once."""

# --8<-- [start:solution]
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
    losses, norms = [], []
    for start in range(0, len(x), every):
        window = slice(start, start + every)
        sums, count = [0.0, np.zeros(w.shape), np.zeros(bias.shape)], 0
        for x_part, labels_part in zip(x[window], labels[window], strict=True):
            n = (labels_part != -100).sum()
            if n:  # where nothing counts there is no mean
                means = mean_loss(w, bias, x_part, labels_part)
                sums = [one + n * mean for one, mean in zip(sums, means, strict=True)]
                count += n
        loss, dw, dbias = (one / max(count, 1) for one in sums)
        norm = np.sqrt((dw**2).sum() + (dbias**2).sum())
        clip = limit / max(norm, limit)
        w, bias = w - rate * clip * dw, bias - rate * clip * dbias
        losses.append(loss)
        norms.append(norm)
    return np.array(losses), np.array(norms), w, bias


# --8<-- [end:solution]
# --8<-- [start:example]
x = np.ones((2, 3, 1))  # two parts of three tokens, one feature
labels = np.array([[0, -100, -100], [1, 1, 1]])
start = np.zeros((1, 2)), np.zeros(2)
losses, norms, w, bias = accumulate(*start, x, labels, every=2, limit=0.25, rate=1.0)
print(losses.round(4).tolist(), norms.tolist(), w.tolist(), bias.tolist())
assert np.isclose(losses[0], np.log(2))
assert np.isclose(norms[0], 1 / 2)
assert np.allclose(w, [[-1 / 8, 1 / 8]]) and np.allclose(bias, [-1 / 8, 1 / 8])
parts = [mean_loss(*start, x[i], labels[i])[1] for i in (0, 1)]
print("mean of the parts' means:", np.mean(parts, axis=0).tolist())
assert not np.mean(parts, axis=0).any()  # they cancel: this would not move at all
# --8<-- [end:example]
