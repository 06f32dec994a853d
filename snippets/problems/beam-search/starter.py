# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: beam search."""

# --8<-- [start:starter]
import numpy as np


def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    """log_probs: (batch, vocabulary, vocabulary); returns (batch, steps) and (batch,)."""
    return np.full((len(log_probs), steps), end), np.zeros(len(log_probs))  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
table = np.log([[0.1, 0.5, 0.4], [0.3, 0.4, 0.3], [0.9, 0.05, 0.05]])
tokens, score = beam_search(table[None], start=0, end=0, width=2, steps=2)
print("wanted [[2, 0]] and 0.36, got", tokens.tolist(), "and", np.exp(2 * score[0]).round(4))
# --8<-- [end:example]
