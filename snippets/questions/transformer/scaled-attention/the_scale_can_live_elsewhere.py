# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The scale can move into the initial weights or a learned temperature, but not vanish."""

# --8<-- [start:fold]
import numpy as np

D, INPUT, KEYS = 80, 256, 64
rng = np.random.default_rng(0)
w_q, w_k = rng.normal(size=(2, INPUT, D)) / INPUT**0.5  # (input, d) each
x, y = rng.normal(size=(2, KEYS, INPUT))  # tokens that ask, tokens that answer
by_scores = rng.normal(size=(KEYS, KEYS))  # some gradient from above

scaled = (x @ w_q) @ (y @ w_k).T / D**0.5  # (keys, keys)
small = w_q / D**0.5  # T5: no division, smaller initial weights instead
folded = (x @ small) @ (y @ w_k).T
step = x.T @ by_scores @ (y @ w_k)  # gradient by the small weights
step_scaled = step / D**0.5  # gradient by w_q under the scale
relative = np.linalg.norm(step) / np.linalg.norm(small)
relative /= np.linalg.norm(step_scaled) / np.linalg.norm(w_q)
gap = np.abs(scaled - folded).max()
print(f"scores differ by {gap:.0e}, one SGD step is {relative:.0f} times as large")
assert gap < 1e-12 and np.isclose(relative, D)
# --8<-- [end:fold]

# --8<-- [start:cosine]
q, k = x @ w_q, y @ w_k


def unit(a):
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def best_weight(factor):
    """The weight of a perfect match when all other keys point the opposite way."""
    match, other = np.exp(factor), np.exp(-factor)  # cosines of 1 and -1, times the factor
    return match / (match + (KEYS - 1) * other)


cosine = unit(q) @ unit(k).T  # (keys, keys), between -1 and 1
print(f"spread of cosines {cosine.std():.2f}, times √d {cosine.std() * D**0.5:.2f}")
print(f"best weight: {best_weight(1):.2f} for cosines, {best_weight(D**0.5):.4f} times √d")
assert best_weight(1) < 0.15 and best_weight(D**0.5) > 0.999
assert abs(cosine.std() * D**0.5 - 1) < 0.1
# --8<-- [end:cosine]
