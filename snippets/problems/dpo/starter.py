# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: the DPO loss."""

# --8<-- [start:starter]
import numpy as np


def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    """All (batch, time); returns the loss and the rewards (batch,) of chosen and rejected."""
    return 0.0, np.zeros(len(chosen)), np.zeros(len(chosen))  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
chosen, ref_chosen = np.log([[0.4]]), np.log([[0.2]])
rejected, ref_rejected = np.log([[0.1]]), np.log([[0.2]])
mask = np.array([[True]])
loss, better, worse = dpo(chosen, rejected, ref_chosen, ref_rejected, mask, mask, beta=1.0)
print(f"wanted 0.2231, 0.6931, -0.6931; got {loss:.4f}, {better[0]:.4f}, {worse[0]:.4f}")
# --8<-- [end:example]
