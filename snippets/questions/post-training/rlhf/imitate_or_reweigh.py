# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Imitation copies how often each answer was shown; a reward reweighs the answers that occur."""

# --8<-- [start:show]
import numpy as np

ANSWERS = ["wrong", "fair", "good", "brilliant"]
REWARD = np.array([0.0, 1.0, 2.0, 4.0])
SHOWN = np.array([0.3, 0.5, 0.2, 0.0])  # How often the demonstrators gave each answer.


def softmax(logits):
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


logits = np.zeros(4)
for _ in range(20000):  # SFT: gradient steps on the cross-entropy with what was shown.
    logits += SHOWN - softmax(logits)
policies = {"SFT": softmax(logits)}
for beta in (2.0, 0.5, 0.1):  # The maximum of reward - beta * KL to the demonstrators.
    tilted = SHOWN * np.exp(REWARD / beta)
    policies[f"RL, beta {beta}"] = tilted / tilted.sum()
draws = np.cumsum(SHOWN) ** 8  # Best of 8: the chance that all 8 are at most this good.
policies["best of 8"] = np.diff(draws, prepend=0)
print(" " * 14, *(f"{name:>9s}" for name in ANSWERS), "   reward")
mean = {}
for name, policy in policies.items():
    mean[name] = policy @ REWARD
    print(f"{name:14s}", *(f"{share:9.3f}" for share in policy), f"{mean[name]:9.2f}")
assert np.abs(policies["SFT"] - SHOWN).max() < 1e-4 and abs(mean["SFT"] - SHOWN @ REWARD) < 1e-3
assert mean["SFT"] < mean["RL, beta 2.0"] < mean["RL, beta 0.5"] < mean["RL, beta 0.1"]
assert all(policy[3] == 0 for name, policy in policies.items() if name != "SFT")
assert mean["best of 8"] > 2 * mean["SFT"]

rare = policies["SFT"][3]  # A softmax does not reach 0.
tilted = policies["SFT"] * np.exp(REWARD / 0.1)
found = tilted[3] / tilted.sum()
print(f"brilliant after SFT: {rare:.1e}; after RL from there, beta 0.1: {found:.3f}")
assert 0 < rare < 1e-4 and found > 0.99
# --8<-- [end:show]
