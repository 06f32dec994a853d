# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""GAE leans on the critic at lambda 0 and on the reward at lambda 1."""

# --8<-- [start:gae]
import numpy as np


def gae(rewards, values, gamma, lam):  # (answers, time), values of the states before each token
    advantage, carried, following = np.zeros_like(rewards), 0.0, 0.0
    for t in reversed(range(rewards.shape[1])):
        delta = rewards[:, t] + gamma * following - values[:, t]
        carried = delta + gamma * lam * carried
        advantage[:, t], following = carried, values[:, t]
    return advantage


rng = np.random.default_rng(0)
rewards, values = rng.normal(size=(2, 4, 6))
after = np.c_[values[:, 1:], np.zeros(4)]
assert np.allclose(gae(rewards, values, 0.9, 0), rewards + 0.9 * after - values)
returns = sum(0.9**k * np.c_[rewards, np.zeros((4, k))][:, k:] for k in range(6))
assert np.allclose(gae(rewards, values, 0.9, 1), returns - values)
# --8<-- [end:gae]

# --8<-- [start:compare]
LENGTH, ANSWERS = 50, 20_000
tokens = rng.choice([-1.0, 1.0], size=(ANSWERS, LENGTH))  # Each adds or takes 1.
tokens[:, 0] = 1  # The first is good: its true advantage is 1.
rewards = np.zeros_like(tokens)
rewards[:, -1] = tokens.sum(axis=1)  # One reward, at the end.
before = np.c_[np.zeros(ANSWERS), tokens.cumsum(axis=1)[:, :-1]]  # True value of each state.

mean, spread = {}, {}
print("critic knows   lambda   mean    deviation")
for knows in (1.0, 0.5, 0.0):
    for lam in (0, 0.95, 1):
        first = gae(rewards, knows * before, 1, lam)[:, 0]
        mean[knows, lam], spread[knows, lam] = first.mean(), first.std()
        print(f"{knows:8.0%} {lam:12} {first.mean():8.2f} {first.std():9.2f}")
        formula = knows + (1 - knows) * lam ** (LENGTH - 1)
        assert abs(first.mean() - formula) < 5 * first.std() / ANSWERS**0.5 + 1e-9
    assert spread[knows, 0] < spread[knows, 0.95] < spread[knows, 1]
# --8<-- [end:compare]
