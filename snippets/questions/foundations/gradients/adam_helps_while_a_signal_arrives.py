# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scikit-learn"]
# ///
"""Adam trains four sigmoid layers where SGD cannot; through fifteen no signal arrives for either."""

# --8<-- [start:network]
import numpy as np
from sklearn.datasets import load_digits

images, labels = load_digits(return_X_y=True)
rng = np.random.default_rng(0)
order = rng.permutation(len(labels))
x, y = images[order] / 16, labels[order]
rows, test = np.split(np.arange(len(y)), [1344])  # 14 batches of 96, and the rest.


def create(depth):  # Glorot; the last row of each matrix is its bias, zero at first.
    sizes = [(64, 64)] * depth + [(64, 10)]
    weights = [rng.normal(size=size) * (2 / sum(size)) ** 0.5 for size in sizes]
    return [np.vstack([w, np.zeros(w.shape[1])]) for w in weights]


def forward(x, weights):
    hidden = [np.c_[x, np.ones(len(x))]]  # (batch, 65)
    for w in weights[:-1]:
        h = 1 / (1 + np.exp(-hidden[-1] @ w))
        hidden.append(np.c_[h, np.ones(len(x))])
    return hidden, hidden[-1] @ weights[-1]


# --8<-- [end:network]


# --8<-- [start:train]
def gradients(x, y, weights):
    hidden, logits = forward(x, weights)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    signal = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y]) / len(y)
    found = []
    for h, w in zip(hidden[::-1], weights[::-1], strict=True):
        found.append(h.T @ signal)
        signal = ((signal @ w.T) * h * (1 - h))[:, :-1]  # Times the sigmoid's slope.
    return found[::-1]


def train(depth, rate, adam, epochs=10):
    weights, step = create(depth), 0
    means, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for batch in np.split(np.concatenate([rng.permutation(rows) for _ in range(epochs)]), 140):
        step += 1
        for w, g, m, s in zip(
            weights, gradients(x[batch], y[batch], weights), means, squares, strict=True
        ):
            m += 0.1 * (g - m)
            s += 0.001 * (g**2 - s)
            size = np.sqrt(s / (1 - 0.999**step)) + 1e-7
            w -= rate * (m / (1 - 0.9**step) / size if adam else g)
    return np.mean(forward(x[test], weights)[1].argmax(axis=1) == y[test])


# --8<-- [end:train]

# --8<-- [start:compare]
rates = {"SGD": (0.1, 1.0), "Adam": (0.01,)}
found = {}
print("sigmoid layers, optimizer, rate: test accuracy of two seeds")
for depth in (4, 15):
    for name, tried in rates.items():
        for rate in tried:
            both = [train(depth, rate, name == "Adam") for _ in range(2)]
            found[depth, name, rate] = both
            print(f"{depth:2d}  {name:5s} {rate:<6g}", *(f"{share:.2f}" for share in both))
helped, without = found[4, "Adam", 0.01], [found[4, "SGD", rate] for rate in rates["SGD"]]
assert np.max(without) < 0.2 and min(helped) > 0.6
fifteen = [both for (depth, *_), both in found.items() if depth == 15]
assert np.max(fifteen) < 0.2
# --8<-- [end:compare]
