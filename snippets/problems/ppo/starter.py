# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: generalized advantages and the losses of PPO."""

# --8<-- [start:starter]
import numpy as np


def ppo(
    new, old, new_values, old_values, rewards, last, done, mask,
    gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True,
):  # fmt: skip
    """All (batch, time), last (batch,); returns advantage, returns, policy loss, value loss."""
    return np.zeros(rewards.shape), np.zeros(rewards.shape), 0.0, 0.0  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
new, old = np.log([[0.4, 0.4]]), np.log([[0.2, 0.2]])
new_values, old_values = np.array([[1.0, 1.0]]), np.array([[0.5, 0.5]])
rewards, last = np.array([[0.0, 1.0]]), np.array([7.0])
done, mask = np.array([[False, True]]), np.array([[True, True]])
steps = (new, old, new_values, old_values, rewards, last, done, mask)
advantage, returns, policy_loss, value_loss = ppo(*steps, gamma=0.5, lam=0.5, whiten=False)
print(f"wanted -0.1750 and 0.1202, got {policy_loss:.4f} and {value_loss:.4f}")
print(f"wanted [[-0.125, 0.5]], got {advantage.tolist()}")
# --8<-- [end:example]
