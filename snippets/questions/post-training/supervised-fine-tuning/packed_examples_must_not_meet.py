# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""In a packed row attention needs a cut at each boundary, and a running state needs a reset."""

# --8<-- [start:leak]
import numpy as np


def attention(q, k, v, example, cut):
    """Causal softmax attention; the cut hides keys of other examples."""
    seen = np.tri(len(q), dtype=bool)
    if cut:
        seen &= example[:, None] == example
    weights = np.exp(q @ k.T / q.shape[1] ** 0.5) * seen
    return weights / weights.sum(axis=1, keepdims=True) @ v


def linear(q, k, v, example, cut):
    """Linear attention, run as a state that every token adds to; the cut resets it."""
    state, out = np.zeros((q.shape[1], v.shape[1])), []
    for t in range(len(q)):
        if cut and t and example[t] != example[t - 1]:
            state = np.zeros_like(state)
        state = state + np.outer(k[t], v[t])
        out.append(q[t] @ state)
    return np.array(out)


example = np.repeat([0, 1, 2], [12, 8, 10])
moved = {}
for layer in (attention, linear):
    for cut in (False, True):
        gaps = np.zeros((5, 3))
        for seed, number in np.ndindex(5, 3):
            parts = np.random.default_rng(seed).normal(size=(3, len(example), 16))
            mine = example == number
            alone = layer(*parts[:, mine], example[mine], cut)
            row = layer(*parts, example, cut)[mine]
            gaps[seed, number] = np.linalg.norm(row - alone) / np.linalg.norm(alone)
        moved[layer, cut] = gaps
        name = layer.__name__ + (", cut" if cut else "")
        print(f"{name:15s}", "".join(f"{gap:9.0e}" for gap in gaps.max(axis=0)))
for layer in (attention, linear):
    assert moved[layer, False][:, 0].max() < 1e-12 < 0.3 < moved[layer, False][:, 1:].min()
    assert moved[layer, True].max() < 1e-12
# --8<-- [end:leak]
