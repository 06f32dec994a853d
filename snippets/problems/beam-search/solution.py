# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Beam search over tables of log-probabilities, with an end token and a length penalty."""

# --8<-- [start:solution]
import numpy as np


def search(table, start, end, width, steps, alpha):
    live, kept = [([start], 0.0)], []
    for length in range(1, steps + 1):
        candidates = [
            (ids + [token], total + more)
            for ids, total in live
            for token, more in enumerate(table[ids[-1]])
        ]
        candidates.sort(key=lambda one: -one[1])  # stable: of equal sums the first stays first
        best = candidates[:width]
        kept += [(ids, total / length**alpha) for ids, total in best if ids[-1] == end]
        live = [one for one in candidates if one[0][-1] != end][:width]
    kept += [(ids, total / steps**alpha) for ids, total in live]
    return max(kept, key=lambda one: one[1])


def beam_search(log_probs, start, end, width, steps, alpha=1.0):
    tokens = np.full((len(log_probs), steps), end)
    scores = np.zeros(len(log_probs))
    for row, table in enumerate(log_probs.tolist()):
        ids, scores[row] = search(table, start, end, width, steps, alpha)
        tokens[row, : len(ids) - 1] = ids[1:]
    return tokens, scores


# --8<-- [end:solution]
# --8<-- [start:example]
table = np.log([[0.1, 0.5, 0.4], [0.3, 0.4, 0.3], [0.9, 0.05, 0.05]])  # a row: after this token
greedy, low = beam_search(table[None], start=0, end=0, width=1, steps=2)
tokens, high = beam_search(table[None], start=0, end=0, width=2, steps=2)
print(greedy.tolist(), np.exp(2 * low).round(4), tokens.tolist(), np.exp(2 * high).round(4))
assert greedy.tolist() == [[1, 1]] and np.isclose(np.exp(2 * low[0]), 0.5 * 0.4)
assert tokens.tolist() == [[2, 0]] and np.isclose(np.exp(2 * high[0]), 0.4 * 0.9)
# --8<-- [end:example]
