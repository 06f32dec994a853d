# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The DPO loss, from log-probabilities of tokens, and the implicit rewards."""

# --8<-- [start:solution]
import numpy as np


def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    def total(log_p, mask):  # (batch, time) → (batch,)
        return np.where(mask, log_p, 0.0).sum(axis=1)

    better = beta * (total(chosen, chosen_mask) - total(ref_chosen, chosen_mask))
    worse = beta * (total(rejected, rejected_mask) - total(ref_rejected, rejected_mask))
    loss = np.logaddexp(0, -(better - worse)).mean()  # −log σ(x) = log(1 + exp(−x))
    return loss, better, worse


# --8<-- [end:solution]
# --8<-- [start:example]
chosen, ref_chosen = np.log([[0.4]]), np.log([[0.2]])  # (batch 1, time 1)
rejected, ref_rejected = np.log([[0.1]]), np.log([[0.2]])
mask = np.array([[True]])
loss, better, worse = dpo(chosen, rejected, ref_chosen, ref_rejected, mask, mask, beta=1.0)
print(f"{loss:.4f}", better.round(4).tolist(), worse.round(4).tolist())
assert np.isclose(loss, np.log(5 / 4))
assert np.allclose([better, worse], [[np.log(2)], [-np.log(2)]])
# --8<-- [end:example]
