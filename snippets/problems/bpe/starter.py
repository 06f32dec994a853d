# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: byte-pair encoding."""

# --8<-- [start:starter]
import numpy as np


def bpe(words, merges, text):
    """words: {word: count}; returns learned pairs, (n, 2), and the tokens of text, (m,)."""
    return np.zeros((0, 2), dtype=int), np.zeros(0, dtype=int)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
learned, encoded = bpe({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 2, "lowest")
print("wanted [[101, 115], [256, 116]], got", learned.tolist())
print("wanted [108, 111, 119, 257], got", encoded.tolist())
# --8<-- [end:example]
