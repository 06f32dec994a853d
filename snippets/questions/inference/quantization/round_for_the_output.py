# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Finer scales cost bits; GPTQ and AWQ round for the output, each if activations allow it."""

# --8<-- [start:scales]
import numpy as np

INPUTS, OUTPUTS, TOKENS = 128, 64, 2048


def nearest(w, group):  # INT4, -7 to 7; a group of inputs has one scale for each output.
    largest = np.abs(w).reshape(-1, group, w.shape[1]).max(axis=1)
    scale = np.repeat(largest / 7, group, axis=0)
    return np.round(w / scale) * scale, scale


w = np.random.default_rng(0).normal(size=(INPUTS, OUTPUTS))
rounded = {w.size: nearest(w.reshape(-1, 1), w.size)[0].reshape(w.shape)}
rounded |= {group: nearest(w, group)[0] for group in (128, 64, 32)}
error = {group: np.linalg.norm(q - w) / np.linalg.norm(w) for group, q in rounded.items()}
for group, value in error.items():
    print(f"{group:4d} weights a scale: {4 + 16 / group:.2f} bits each, error {value:.1%}")
assert np.all(np.diff(list(error.values())) < -0.003)
# --8<-- [end:scales]


# --8<-- [start:methods]
def gptq(w, x):  # Rounds input by input; the inputs still to come make up for the error.
    h = x.T @ x
    u = np.linalg.cholesky(np.linalg.inv(h + 0.01 * np.diag(h).mean() * np.eye(INPUTS))).T
    left, scale = w.copy(), nearest(w, INPUTS)[1]
    for i in range(INPUTS):
        q = np.clip(np.round(left[i] / scale[i]), -7, 7) * scale[i]
        left[i:] -= np.outer(u[i, i:], (left[i] - q) / u[i, i])  # Row i becomes q.
    return left


def awq(w, x):  # Scales the weights of large activations up, rounds, scales back.
    sizes = [np.abs(x).mean(axis=0)[:, None] ** power for power in np.linspace(0, 1, 11)]
    tried = [nearest(s * w, INPUTS)[0] / s for s in sizes]
    return min(tried, key=lambda q: np.linalg.norm(x @ (q - w)))


base = nearest(w, INPUTS)[0]
assert np.allclose(gptq(w, np.eye(INPUTS)), base)  # Nothing correlated, nothing to make up.
gain, further = np.zeros((3, 3, 2)), []  # (kind, seed, method)
for kind, seed in np.ndindex(3, 3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2 * TOKENS, INPUTS))
    if kind == 1:  # All inputs of one size, each mixed from the same 16 numbers of a token.
        mix = rng.normal(size=(16, INPUTS))
        x += 2 * rng.normal(size=(2 * TOKENS, 16)) @ (mix / np.linalg.norm(mix, axis=0))
    if kind == 2:  # Each input of its own size.
        x *= np.exp(rng.normal(size=INPUTS))
    found = [method(w, x[:TOKENS]) for method in (gptq, awq)]
    errors = [np.linalg.norm(x[TOKENS:] @ (q - w)) for q in (base, *found)]
    gain[kind, seed] = 1 - np.array(errors[1:]) / errors[0]
    further.append(np.linalg.norm(found[0] - w) / np.linalg.norm(base - w))
print("output error saved against nearest:  GPTQ    AWQ")
for name, value in zip(("independent", "correlated", "unequal"), gain.mean(axis=1), strict=True):
    print(f"{name:34s}{value[0]:7.0%}{value[1]:7.0%}")
assert gain[1, :, 0].min() > 0.2 and gain[[0, 2], :, 0].max() < 0 and min(further) > 1
assert gain[2, :, 1].min() > 0.05 and np.abs(gain[[0, 1], :, 1]).max() < 0.05
# --8<-- [end:methods]
