# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Greedy takes the best token at each step, not always the best text; a beam mostly comes closer."""

# --8<-- [start:search]
import numpy as np

VOCABULARY, LENGTH, TABLES, WIDTHS = 10, 8, 200, (1, 2, 4, 8)


def beam(logp, width):
    paths = [(0.0, 0)]  # Sum of log-probabilities, last token.
    for _ in range(LENGTH):
        longer = [
            (total + step, token) for total, last in paths for token, step in enumerate(logp[last])
        ]
        paths = sorted(longer, reverse=True)[:width]
    return paths[0][0]


def most_probable(logp):
    reach = np.where(np.arange(VOCABULARY) == 0, 0.0, -np.inf)  # Best sum that ends in each token.
    for _ in range(LENGTH):
        reach = (reach[:, None] + logp).max(axis=0)
    return reach.max()


# --8<-- [end:search]

# --8<-- [start:compare]
rng = np.random.default_rng(0)
logits = 2 * rng.normal(size=(TABLES, VOCABULARY, VOCABULARY))
tables = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
best = np.array([most_probable(table) for table in tables])
found = {width: np.array([beam(table.tolist(), width) for table in tables]) for width in WIDTHS}
share = {width: np.mean(found[width] > best - 1e-9) for width in WIDTHS}
for width in WIDTHS:
    print(f"width {width}: the most probable text in {share[width]:.1%} of the tables")
ratio = np.median(np.exp(found[1] - best))
worse = np.sum(found[2] < found[1] - 1e-9)
print(f"greedy's text is {ratio:.2f} times as probable as the best (median)")
print(f"width 2 found a less probable text than width 1 in {worse} tables")
assert all(np.all(found[width] <= best + 1e-9) for width in WIDTHS)
assert worse > 0
assert share[1] < 0.6 and share[8] > 0.85 and sorted(share.values()) == list(share.values())
# --8<-- [end:compare]


# --8<-- [start:rounding]
def sums(terms):
    pieces = (terms.reshape(parts, -1).cumsum(axis=1)[:, -1] for parts in (1, 2, 4, 8, 16))
    return {float(piece.cumsum()[-1]) for piece in pieces}


results = []
for seed in range(5):
    terms = np.random.default_rng(seed).normal(size=4096).astype(np.float32)
    results.append(len(sums(terms)))
print("the same numbers added in 1, 2, 4, 8 or 16 pieces, different sums:", results)
assert min(results) > 1
# --8<-- [end:rounding]
