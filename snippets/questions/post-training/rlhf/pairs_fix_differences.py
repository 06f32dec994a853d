# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Pairs fix differences of rewards within a prompt: not a level, not the labelers' care, not a circle."""

# --8<-- [start:setup]
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def fit(wins):
    """Bradley-Terry rewards for one prompt; wins[i, j] counts how often i was chosen over j."""
    rewards = np.zeros(len(wins))
    for _ in range(2000):
        chance = sigmoid(rewards[:, None] - rewards)  # That the row is chosen over the column.
        step = (wins - (wins + wins.T) * chance).sum(axis=1)
        rewards = rewards + step / wins.sum() * 4
    return rewards - rewards.mean()


TRUE = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])  # Quality of five answers to one prompt.
PAIRS = 4000  # Labels for each pair of answers.


def labels(noise, care):
    """Counts of choices; careful labelers follow the quality more sharply."""
    upper = np.triu(noise.binomial(PAIRS, sigmoid(care * (TRUE[:, None] - TRUE))), 1)
    return upper + np.tril(PAIRS - upper.T, -1)


# --8<-- [end:setup]

# --8<-- [start:show]
scale = {care: [] for care in (0.5, 1.0, 2.0)}
for care in scale:
    for seed in range(5):
        rewards = fit(labels(np.random.default_rng(seed), care))
        assert (np.argsort(rewards) == np.arange(5)).all()
        scale[care].append(np.polyfit(TRUE, rewards, 1)[0])
    print(f"care {care}: order right, fitted reward = {np.mean(scale[care]):.2f} x quality")
    assert np.abs(np.array(scale[care]) / care - 1).max() < 0.06

level = rewards + 7  # The same prompt, every reward raised.
shift = np.abs(sigmoid(level[:, None] - level) - sigmoid(rewards[:, None] - rewards)).max()
print(f"all rewards raised by 7: probabilities move by {shift:.0e}")
assert shift < 1e-12

circle = fit(np.array([[0, 70, 30], [30, 0, 70], [70, 30, 0]]))
print("70 of 100 choose A over B, B over C, C over A:", np.abs(circle).round(3))
assert np.abs(circle).max() < 1e-9
# --8<-- [end:show]
