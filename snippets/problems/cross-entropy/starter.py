# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: stable softmax cross-entropy with ignored labels."""

# --8<-- [start:starter]
import math

import numpy as np


def cross_entropy(logits, labels, ignore=-100):
    """logits: (batch, time, vocabulary); labels: (batch, time); returns loss and gradient."""
    return 0.0, np.zeros_like(logits)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
logits = np.array([[[math.log(3), 0.0], [5.0, 9.0]]])
loss, gradient = cross_entropy(logits, np.array([[0, -100]]))
print(f"wanted {math.log(4 / 3):.4f}, got {loss:.4f}")
print("wanted [[-0.25, 0.25], [0.0, 0.0]], got", gradient[0].tolist())
# --8<-- [end:example]
