# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: temperature, top-k and top-p."""

# --8<-- [start:starter]
import numpy as np


def distribution(logits, temperature=1.0, top_k=0, top_p=1.0):
    """logits: (batch, vocabulary); returns the probabilities, of the same shape."""
    return np.zeros(logits.shape)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
logits = np.log([[4.0, 2.0, 2.0, 1.0]])
both = distribution(logits, temperature=0.5, top_k=2, top_p=0.9)
print("wanted [[0.8, 0.2, 0.0, 0.0]], got", both.round(4).tolist())
# --8<-- [end:example]
