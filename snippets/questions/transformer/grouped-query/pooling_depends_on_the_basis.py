# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Rotating a head changes nothing in the model and everything in the mean of its heads."""

# --8<-- [start:rotate]
import numpy as np

HIDDEN, HEADS, WIDTH, TIME = 64, 4, 8, 24  # The four heads form one group.
rng = np.random.default_rng(0)
x = rng.normal(size=(TIME, HIDDEN))
w_q = rng.normal(size=(HEADS, HIDDEN, WIDTH)) / HIDDEN**0.5
w_o = rng.normal(size=(HEADS, WIDTH, HIDDEN)) / (HEADS * WIDTH) ** 0.5
w_k, w_v = rng.normal(size=(2, 1, HIDDEN, WIDTH)).repeat(HEADS, axis=1) / HIDDEN**0.5


def layer(w_q, w_k, w_v, w_o):  # (heads or 1, hidden, width), broadcast over the heads
    scores = (x @ w_q) @ (x @ w_k).transpose(0, 2, 1) / WIDTH**0.5
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.sum(weights @ (x @ w_v) @ w_o, axis=0)  # (time, hidden)


turns = np.linalg.qr(rng.normal(size=(2, HEADS, WIDTH, WIDTH)))[0]  # Orthogonal.
# --8<-- [end:rotate]


# --8<-- [start:align]
def toward_head_0(w):  # Procrustes: the rotation that brings each head closest to head 0.
    u, _, vt = np.linalg.svd(w.transpose(0, 2, 1) @ w[0])
    return u @ vt  # (heads, width, width)


def rotate(model, turn_k, turn_v):  # Whatever k and v get, q and the output undo.
    w_q, w_k, w_v, w_o = model
    return w_q @ turn_k, w_k @ turn_k, w_v @ turn_v, turn_v.transpose(0, 2, 1) @ w_o


def pool(model):
    w_q, w_k, w_v, w_o = model
    return w_q, w_k.mean(axis=0, keepdims=True), w_v.mean(axis=0, keepdims=True), w_o


# --8<-- [end:align]

# --8<-- [start:compare]
model = w_q, w_k, w_v, w_o
turned = rotate(model, *turns)
aligned = rotate(turned, toward_head_0(turned[1]), toward_head_0(turned[2]))
exact, error = layer(*model), {}
for name, weights in {
    "all heads rotated": turned,
    "pooled before": pool(model),
    "rotated, then pooled": pool(turned),
    "rotated, aligned, pooled": pool(aligned),
}.items():
    error[name] = np.linalg.norm(layer(*weights) - exact) / np.linalg.norm(exact)
    print(f"{name:24s} output changes by {error[name]:.0e}")
assert error["all heads rotated"] < 1e-12 and error["pooled before"] < 1e-12
assert error["rotated, then pooled"] > 0.3
assert error["rotated, aligned, pooled"] < 1e-12
# --8<-- [end:compare]


# --8<-- [start:rope]
def rope(x):  # Turns each pair of dimensions by position times a speed of its own.
    speeds = 100.0 ** (-np.arange(WIDTH // 2) / (WIDTH // 2))
    pairs = (x[:, ::2] + 1j * x[:, 1::2]) * np.exp(1j * np.arange(TIME)[:, None] * speeds)
    return np.stack([pairs.real, pairs.imag], axis=-1).reshape(x.shape)


angles = rng.uniform(0, 2 * np.pi, WIDTH // 2)  # One for each pair.
within = np.kron(np.diag(np.cos(angles)), np.eye(2))
within += np.kron(np.diag(np.sin(angles)), [[0, 1], [-1, 0]])  # Orthogonal.
q, k = x @ w_q[0], x @ w_k[0]  # (time, width)
scores, change = rope(q) @ rope(k).T, {}
for name, turn in (("within the pairs", within), ("any", turns[0, 0])):
    gap = rope(q @ turn) @ rope(k @ turn).T - scores
    change[name] = np.linalg.norm(gap) / np.linalg.norm(scores)
    print(f"rotated before RoPE, {name:16s} scores change by {change[name]:.0e}")
assert change["within the pairs"] < 1e-12 and change["any"] > 0.3
# --8<-- [end:rope]
