# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Mixture of experts: top-k routing with a capacity, and the load-balance loss."""

# --8<-- [start:solution]
import math

import numpy as np


def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    logits = x @ router  # (tokens, experts)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    choice = np.argsort(-logits, axis=1, kind="stable")[:, :k]  # best first
    weight = np.take_along_axis(p, choice, axis=1)
    if renormalize:
        weight = weight / weight.sum(axis=1, keepdims=True)
    counted, experts = np.flatnonzero(mask), router.shape[1]
    capacity = math.ceil(factor * k * len(counted) / experts)
    output, load = np.zeros(x.shape), np.zeros(experts, int)
    for e in range(experts):
        rank, token = np.nonzero(choice[counted].T == e)  # all first choices, then the second
        rank, token = rank[:capacity], counted[token[:capacity]]
        hidden = np.maximum(x[token] @ up[e], 0)
        output[token] += weight[token, rank][:, None] * (hidden @ down[e])
        load[e] = len(token)
    chosen = np.bincount(choice[counted].reshape(-1), minlength=experts)
    f = chosen / max(k * len(counted), 1)
    probability = p[counted].sum(axis=0) / max(len(counted), 1)
    return output, experts * (f * probability).sum(), load


# --8<-- [end:solution]
# --8<-- [start:example]
x = np.log([[3.0], [3.0], [9.0]])  # (tokens 3, width 1)
router = np.array([[1.0, 0.0]])  # logits ln 3 and 0, or ln 9 and 0: probabilities ¾ and ¼, or 0.9
up, down = np.array([[[1.0]], [[1.0]]]), np.array([[[1.0]], [[10.0]]])  # of two experts
mask = np.array([True, True, True])
output, loss, load = moe(x, router, up, down, mask, k=1, factor=1.0, renormalize=False)
print((output[:, 0] / np.log(3)).round(4).tolist(), f"{loss:.4f}", load.tolist())
assert np.allclose(output[:, 0] / np.log(3), [3 / 4, 3 / 4, 0])
assert np.isclose(loss, 1.6)
assert load.tolist() == [2, 0]
output, loss, load = moe(x, router, up, down, mask, k=2, factor=1.0)
print((output[:, 0] / np.log(3)).round(4).tolist(), f"{loss:.4f}", load.tolist())
assert np.allclose(output[:, 0] / np.log(3), [3 / 4 + 10 / 4, 3 / 4 + 10 / 4, 2 * (0.9 + 1)])
assert np.isclose(loss, 1)
# --8<-- [end:example]
