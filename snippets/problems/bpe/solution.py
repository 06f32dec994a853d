# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Byte-pair encoding: train merges from counted words, and encode one word with them."""

# --8<-- [start:solution]
from collections import Counter
from itertools import pairwise

import numpy as np


def merge(ids, pair, new):
    out, i = [], 0
    while i < len(ids):
        found = tuple(ids[i : i + 2]) == pair
        out.append(new if found else ids[i])
        i += 2 if found else 1
    return out


def bpe(words, merges, text):
    spelled = [(list(word.encode()), count) for word, count in words.items()]
    learned = []
    while len(learned) < merges:
        pairs = Counter()
        for ids, count in spelled:
            for pair in pairwise(ids):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        new = 256 + len(learned)
        spelled = [(merge(ids, best, new), count) for ids, count in spelled]
        learned.append(best)
    encoded = list(text.encode())
    for rank, pair in enumerate(learned):
        encoded = merge(encoded, pair, 256 + rank)
    return np.array(learned, dtype=int).reshape(-1, 2), np.array(encoded, dtype=int)


# --8<-- [end:solution]
# --8<-- [start:example]
learned, encoded = bpe({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 5, "lowest")
print(learned.tolist(), encoded.tolist())
assert learned.tolist() == [[101, 115], [256, 116], [108, 111], [258, 119], [101, 119]]
assert encoded.tolist() == [259, 257]
# --8<-- [end:example]
