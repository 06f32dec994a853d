# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""LoRA on one layer: the zero at the start, alpha under Adam, the rank as a floor, the merge."""

# --8<-- [start:layer]
import numpy as np

OUT, IN, SEEDS = 24, 32, range(3)


def problem(seed):  # A frozen weight, and the change that the task asks for, of rank 8.
    rng = np.random.default_rng(seed)
    change = rng.normal(size=(OUT, 8)) @ rng.normal(size=(8, IN))
    return rng.normal(size=(OUT, IN)), change / np.linalg.norm(change), rng


def start(rank, rng):  # A is random, B is zero.
    return rng.normal(size=(rank, IN)) / IN**0.5, np.zeros((OUT, rank))


def train(change, a, b, scale, steps, rate_a, rate_b):  # Squared error, white inputs, Adam.
    means, squares = [0 * b, 0 * a], [0 * b, 0 * a]
    for step in range(1, steps + 1):
        error = scale * b @ a - change  # (out, in)
        moves = []
        for k, gradient in enumerate((scale * error @ a.T, scale * b.T @ error)):  # of B, of A
            means[k] = 0.9 * means[k] + 0.1 * gradient
            squares[k] = 0.999 * squares[k] + 0.001 * gradient**2
            size = np.sqrt(squares[k] / (1 - 0.999**step))
            mean = means[k] / (1 - 0.9**step)
            moves.append(np.divide(mean, size, out=0 * mean, where=size > 0))
        decay = 1 - (step - 1) / steps
        b, a = b - rate_b * decay * moves[0], a - rate_a * decay * moves[1]
    return a, b


weight, change, rng = problem(0)
x = rng.normal(size=(100, IN))
a, b = start(4, rng)
assert np.array_equal(x @ weight.T, x @ (weight + 2 * b @ a).T)  # The base model, exactly.
first_a, first_b = train(change, a, b, 2, 1, 0.01, 0.01)
print("B = 0, one step:       A moved", not np.array_equal(first_a, a), " B moved", first_b.any())
assert np.array_equal(first_a, a) and np.all(first_b != 0)
dead_a, dead_b = train(change, 0 * a, b, 2, 100, 0.01, 0.01)
print("A = B = 0, 100 steps:  A moved", dead_a.any(), " B moved", dead_b.any())
assert not dead_a.any() and not dead_b.any()
# --8<-- [end:layer]

# --8<-- [start:alpha]
gaps = []
for seed in SEEDS:
    _, change, rng = problem(seed)
    a, b = start(4, rng)
    twice = train(change, a, b, 2 * 0.5, 200, 0.003, 0.003)
    only_b = train(change, a, b, 0.5, 200, 0.003, 2 * 0.003)
    both = train(change, a, b, 0.5, 200, 2 * 0.003, 2 * 0.003)
    update, by_b, by_both = 2 * 0.5 * twice[1] @ twice[0], *(0.5 * n @ m for m, n in (only_b, both))
    gaps.append([np.linalg.norm(update - other) for other in (by_b, by_both)])
gaps = np.array(gaps) / np.linalg.norm(change)  # (seeds, 2)
print("alpha doubled, away from B's rate doubled:  ", *(f"{gap:.0e}" for gap in gaps[:, 0]))
print("               away from both rates doubled:", *(f"{gap:.2f}" for gap in gaps[:, 1]))
assert gaps[:, 0].max() < 1e-9 and gaps[:, 1].min() > 0.05

ranks = (1, 2, 4, 8, 16)
left, best = np.zeros((2, len(SEEDS), len(ranks)))
for seed in SEEDS:
    _, change, rng = problem(seed)
    values = np.linalg.svd(change, compute_uv=False)
    for column, rank in enumerate(ranks):
        a, b = train(change, *start(rank, rng), 16 / rank, 1500, 0.02, 0.02)
        left[seed, column] = np.linalg.norm(16 / rank * b @ a - change) ** 2
        best[seed, column] = (values[rank:] ** 2).sum()
print("rank                       ", *(f"{rank:6}" for rank in ranks))
print("share of the error left    ", *(f"{share:6.3f}" for share in left.mean(axis=0)))
print("best matrix of that rank   ", *(f"{share:6.3f}" for share in best.mean(axis=0)))
assert np.abs(left - best).max() < 1e-3

scale = 2.0
a, b = train(change, *start(4, rng), scale, 200, 0.01, 0.01)
merged = weight + scale * b @ a
gap = np.abs(x @ merged.T - (x @ weight.T + scale * (x @ a.T) @ b.T)).max()
print(f"merged, farthest from unmerged: {gap:.0e}")
assert gap < 1e-12
# --8<-- [end:alpha]
