# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The GRPO loss: advantage within a group, clipped ratio, k3, mean per answer."""

# --8<-- [start:solution]
import numpy as np


def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    grouped = rewards.reshape(-1, group)  # (questions, group)
    centred = grouped - grouped.mean(axis=1, keepdims=True)
    advantage = (centred / (grouped.std(axis=1, keepdims=True) + 1e-6)).reshape(-1)
    a = advantage[:, None]  # (batch, 1): the same for all tokens of an answer
    ratio = np.exp(np.where(mask, new - old, 0.0))
    gain = np.minimum(ratio * a, np.clip(ratio, 1 - clip, 1 + clip) * a)
    delta = np.where(mask, reference - new, 0.0)
    k3 = np.exp(delta) - delta - 1
    per_token = (gain - beta * k3) * mask
    per_answer = per_token.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    return -per_answer.mean(), advantage


# --8<-- [end:solution]
# --8<-- [start:example]
new = np.log([[0.4], [0.4]])  # (batch 2, time 1): one question, two answers of one token
old = np.log([[0.2], [0.2]])
rewards, mask = np.array([1.0, 0.0]), np.array([[True], [True]])
loss, advantage = grpo(new, old, new, rewards, mask, group=2)
print(f"{loss:.4f}", advantage.round(4).tolist())
assert np.allclose(advantage, [1, -1])
assert np.isclose(loss, 0.4, rtol=1e-4)
away, _ = grpo(new, old, np.log([[0.8], [0.8]]), rewards, mask, group=2, beta=1.0)
print(f"{away - loss:.4f}")
assert np.isclose(away - loss, 1 - np.log(2))
zero, equal = np.zeros((7, 1)), np.full(7, 10.1, np.float32)  # single precision
_, rounding = grpo(zero, zero, zero, equal, zero == 0, group=7)
print(f"seven equal rewards, each with advantage {rounding[0]:.2f}")
assert np.all(rounding > 0.4)
# --8<-- [end:example]
