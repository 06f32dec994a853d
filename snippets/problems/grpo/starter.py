# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: the GRPO loss."""

# --8<-- [start:starter]
import numpy as np


def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    """new, old, reference, mask: (batch, time); rewards: (batch,); returns loss and advantage."""
    return 0.0, np.zeros(len(rewards))  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
new, old = np.log([[0.4], [0.4]]), np.log([[0.2], [0.2]])
rewards, mask = np.array([1.0, 0.0]), np.array([[True], [True]])
loss, advantage = grpo(new, old, new, rewards, mask, group=2)
print(f"wanted 0.4000 and [1.0, -1.0], got {loss:.4f} and {advantage.tolist()}")
# --8<-- [end:example]
