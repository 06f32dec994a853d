# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A head of width 2 can point at any one place, but it cannot weight places as it likes."""

# --8<-- [start:softmax]
import numpy as np

PLACES = 16
rng = np.random.default_rng(0)


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def reached(keys):  # the places that get the highest score from some query
    queries = rng.normal(size=(5000, keys.shape[1]))
    return set((queries @ keys.T).argmax(axis=1).tolist())


# --8<-- [end:softmax]

# --8<-- [start:point]
line = rng.normal(size=(PLACES, 1))  # keys of width 1
angle = 2 * np.pi * np.arange(PLACES) / PLACES
circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)  # keys of width 2
pointed = softmax(200 * circle @ circle.T).diagonal()  # Each query asks for its own key.
print(f"width 1: {len(reached(line))} of {PLACES} places can have the highest score")
print(f"width 2: {len(reached(circle))} of {PLACES}, ", end="")
print(f"and each can get a weight of {pointed.min():.4f}")
assert len(reached(line)) == 2 and reached(circle) == set(range(PLACES))
assert pointed.min() > 0.999
# --8<-- [end:point]

# --8<-- [start:any]
target = rng.dirichlet(np.ones(PLACES), size=PLACES)  # any weights: (queries, keys)
logs = np.log(target) - np.log(target).mean(axis=1, keepdims=True)
u, s, v = np.linalg.svd(logs)
off = {}
for width in (1, 2, 4, 8, 14, 15):
    q, k = u[:, :width] * s[:width], v[:width].T  # (places, width) each
    off[width] = np.abs(softmax(q @ k.T) - target).sum(axis=1).mean() / 2
    print(f"width {width:2d}: share of the weight in the wrong place {off[width]:.1%}")
rank = np.linalg.matrix_rank(logs)
print(f"these weights need scores of rank {rank}")
assert rank == PLACES - 1 and off[15] < 1e-12 and off[8] > 0.05
# --8<-- [end:any]
