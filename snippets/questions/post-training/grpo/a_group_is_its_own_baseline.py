# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""What a group's mean and deviation do to the expected gradient, by listing all groups."""

# --8<-- [start:groups]
import itertools
import math

import numpy as np


def advantage(rewards, std):
    centred = rewards - rewards.mean()
    return centred / (rewards.std() + 1e-6) if std else centred


for right in range(9):  # The right answers first.
    rewards = np.array([1.0] * right + [0.0] * (8 - right))
    a = advantage(rewards, True)
    print(f"{right} of 8 right: first {a[0]:5.2f}, last {a[-1]:5.2f}, in all {abs(a).sum():.1f}")
    assert np.isclose(abs(a).sum(), 2 * math.sqrt(right * (8 - right)), atol=1e-4)


LOGITS, REWARDS = np.array([0.3, -0.5, 0.0]), np.array([1.0, 0.0, 0.0])


def factor(policy, group, std):  # Expected gradient of the group, over the true gradient.
    towards = np.eye(3) - policy  # (answer, logit): the gradient of each log-probability.
    true = (policy * REWARDS) @ towards
    expected = np.zeros(3)
    for answers in itertools.product(range(3), repeat=group):  # All 3**group groups.
        answers = np.array(answers)
        a = advantage(REWARDS[answers], std)
        expected += policy[answers].prod() * (a @ towards[answers]) / group
    assert np.allclose(expected, (expected @ true) / (true @ true) * true)  # Same direction.
    return (expected @ true) / (true @ true)


for group in (2, 4, 8):
    policy = np.exp(LOGITS) / np.exp(LOGITS).sum()
    assert np.isclose(factor(policy, group, False), 1 - 1 / group)
# --8<-- [end:groups]


# --8<-- [start:difficulty]
def weight(p, group):  # The same factor with the deviation, from the binomial distribution.
    k = np.arange(group + 1)
    chance = np.array([math.comb(group, i) * p**i * (1 - p) ** (group - i) for i in k])
    return chance @ np.sqrt(k * (group - k)) / (group * p * (1 - p))


assert np.isclose(factor(policy, 8, True), weight(policy[0], 8), atol=1e-4)
silent, weights = {}, {}
print("question solved    1%    10%    50%    90%    99%")
for group in (8, 64):
    rates = (0.01, 0.1, 0.5, 0.9, 0.99)
    silent[group] = [p**group + (1 - p) ** group for p in rates]
    weights[group] = [weight(p, group) for p in rates]
    print(f"group {group:2d}, silent  ", *(f"{share:5.0%} " for share in silent[group]))
    print(f"group {group:2d}, weight  ", *(f"{w:5.2f} " for w in weights[group]))
    assert weights[group][2] == min(weights[group]) < max(weights[group]) < math.sqrt(group - 1)
# --8<-- [end:difficulty]
