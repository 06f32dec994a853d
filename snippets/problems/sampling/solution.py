# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The distribution that is sampled from: temperature, then top-k, then top-p."""

# --8<-- [start:solution]
import numpy as np


def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    if temperature == 0:
        temperature, top_k = 1.0, 1  # the greatest logit alone
    order = np.argsort(-logits, axis=-1, kind="stable")  # (batch, vocabulary), greatest first
    ranked = np.take_along_axis(logits, order, axis=-1)
    p = np.exp((ranked - ranked[:, :1]) / temperature)
    if top_k:
        p[:, top_k:] = 0
    p /= p.sum(axis=-1, keepdims=True)
    before = np.cumsum(p, axis=-1) - p  # what the more probable tokens sum to
    p *= before < top_p
    p /= p.sum(axis=-1, keepdims=True)
    result = np.zeros(logits.shape)
    np.put_along_axis(result, order, p, axis=-1)
    return result


# --8<-- [end:solution]
# --8<-- [start:example]
logits = np.log([[4.0, 2.0, 2.0, 1.0]])  # (batch 1, vocabulary 4)
both = distribution(logits, temperature=0.5, top_k=2, top_p=0.9)
one = distribution(logits, temperature=0.5, top_k=2, top_p=0.7)
print(both.round(4).tolist(), one.round(4).tolist())
assert np.allclose(both, [[0.8, 0.2, 0, 0]])
assert np.allclose(one, [[1, 0, 0, 0]])
# --8<-- [end:example]
