# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""What the first token pays for later ones, and to which policy each penalty leads."""

# --8<-- [start:tokens]
import numpy as np


def softmax(logits):
    weight = np.exp(logits - logits.max())
    return weight / weight.sum()


first = reference_first = np.array([0.5, 0.3, 0.2])  # The first token has not moved;
second = np.array([[0.8, 0.1, 0.1], [0.2, 0.3, 0.5], [0.2, 0.3, 0.5]])
reference_second = np.array([[0.2, 0.3, 0.5]] * 3)  # the second has, behind token 0.
both = first[:, None] * second  # (first token, second token), as sampled
k1_second = np.log(second / reference_second)


def k1(p):
    return np.log(p / reference_first)[:, None]


def slope(value):  # In the logits of the first token, numerically.
    up, down = ([softmax(np.log(first) + s) for s in h * np.eye(3)] for h in (1e-5, -1e-5))
    return np.array([value(u) - value(d) for u, d in zip(up, down, strict=True)]) / 2e-5


true = slope(lambda p: (p[:, None] * second * (k1(p) + k1_second)).sum())
in_reward = slope(lambda p: (both * (k1(first) + k1_second) * np.log(p)[:, None]).sum())
each = slope(lambda p: (both * (k1(p) ** 2 + k1_second**2) / 2).sum())
whole = slope(lambda p: (both * (k1(p) + k1_second) ** 2 / 2).sum())
print("gradient of the KL of both tokens:  ", true.round(3))
print("k1 of both tokens in the reward:    ", in_reward.round(3))
print("k2 of each token as a loss:         ", each.round(3) + 0)
print("k2 of the whole answer as a loss:   ", whole.round(3))
assert np.allclose(in_reward, true) and true[0] > 0.2
assert np.allclose(each, 0) and np.allclose(whole, true)
# --8<-- [end:tokens]


# --8<-- [start:optimum]
REFERENCE, REWARD = np.array([0.1, 0.6, 0.3]), np.array([1.0, 0.0, 0.0])


def train(beta, coefficient):  # Natural policy gradient, exact.
    logits = np.log(REFERENCE)
    for _ in range(2000):
        r = REFERENCE / softmax(logits)
        logits = logits + 0.5 * (REWARD - beta * coefficient(r))
    return softmax(logits)


ends = {}
print("beta   k1 in the reward   k3 as a loss: share of the rewarded token")
for beta in (1.0, 0.3, 0.1, 0.05):
    reverse, forward = train(beta, lambda r: -np.log(r)), train(beta, lambda r: 1 - r)
    ends[beta] = reverse[0], forward[0]
    print(f"{beta:4.2f} {reverse[0]:18.4%} {forward[0]:14.2%}")
    tilted = REFERENCE * np.exp(REWARD / beta)
    assert np.allclose(reverse, tilted / tilted.sum())
    assert np.isclose(forward[0] * (1 - forward[0]), beta * (forward[0] - REFERENCE[0]))
# --8<-- [end:optimum]
