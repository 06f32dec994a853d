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
k1_first = np.log(first / reference_first)  # (first token,)
k1_second = np.log(second / reference_second)  # (first token, second token)
later = (second * k1_second).sum(axis=1)  # Mean over the second token.


def sequence_kl(logits):
    policy = softmax(logits)
    return policy @ (np.log(policy / reference_first) + later)


true = np.empty(3)  # The derivative in the logits of the first token, numerically.
for place, step in enumerate(1e-6 * np.eye(3)):
    up, down = (sequence_kl(np.log(first) + sign * step) for sign in (1, -1))
    true[place] = (up - down) / 2e-6
score = np.eye(3) - first  # (token, logit)
in_reward = (first * (k1_first + later)) @ score
in_loss = (first * k1_first) @ score
print("gradient of the KL of both tokens: ", true.round(3))
print("k1 of both tokens in the reward:   ", in_reward.round(3))
print("k2 of each token as a loss:        ", in_loss.round(3))
assert np.allclose(in_reward, true, atol=1e-8) and true[0] > 0.2 and np.allclose(in_loss, 0)
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
