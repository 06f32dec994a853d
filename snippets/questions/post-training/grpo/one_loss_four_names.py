# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""GRPO, Dr. GRPO, DAPO and GSPO are four recipes for one loss."""

# --8<-- [start:loss]
import numpy as np

LIMIT = 8  # The longest answer that may be sampled.
RECIPES = {
    "GRPO": {},
    "Dr. GRPO": {"std": False, "over": "limit"},
    "DAPO": {"high": 0.28, "over": "tokens"},
    "GSPO": {"ratio": "answer", "low": 3e-4, "high": 4e-4},
}


def objective(change, rewards, mask, std=True, over="answer", ratio="token", low=0.2, high=0.2):
    """change, mask: (answers, time); change: new less old log-probability of each token."""
    a = rewards - rewards.mean()
    a = (a / (rewards.std() + 1e-6) if std else a)[:, None]
    length = mask.sum(axis=1, keepdims=True)
    if ratio == "answer":  # The geometric mean of the token ratios.
        change = (change * mask).sum(axis=1, keepdims=True) / length + 0 * change
    r = np.exp(change)
    gain = np.minimum(r * a, np.clip(r, 1 - low, 1 + high) * a) * mask
    answers = len(rewards)
    share = {"answer": answers * length, "tokens": mask.sum(), "limit": answers * LIMIT}[over]
    return (gain / share).sum()


def push(change, rewards, mask, recipe):  # The derivative for each token, numerically.
    slope, step = np.zeros_like(change), 1e-6
    for place in zip(*np.nonzero(mask), strict=True):
        up, down = change.copy(), change.copy()
        up[place] += step
        down[place] -= step
        both = (objective(c, rewards, mask, **RECIPES[recipe]) for c in (up, down))
        slope[place] = (next(both) - next(both)) / (2 * step)
    return slope


LENGTHS = np.array([2, 2, 8, 8])
mask = np.arange(LIMIT) < LENGTHS[:, None]
rewards, still = np.array([1.0, 0.0, 1.0, 0.0]), np.zeros((4, LIMIT))
first = {name: push(still, rewards, mask, name) for name in RECIPES}
print("first step, per token:   right 2  wrong 2  right 8  wrong 8   8 over 2 in all")
for name, slope in first.items():
    total = slope.sum(axis=1)
    print(f"{name:22s}", *(f"{s:8.3f}" for s in slope[:, 0]), f"{total[2] / total[0]:12.0f}")
totals = {name: np.abs(slope).sum(axis=1) for name, slope in first.items()}
assert np.allclose(totals["GRPO"], 0.25) and np.allclose(first["GSPO"], first["GRPO"])
assert np.allclose(totals["DAPO"] / LENGTHS, 1 / 20)
assert np.allclose(totals["Dr. GRPO"] / LENGTHS, 0.5 / (4 * LIMIT))
# --8<-- [end:loss]

# --8<-- [start:moved]
share = {}
print("right answer of 8 tokens, some of them moved: push over that of the first step")
for ratios in ([1.25], [1.3], [1.25, 0.8]):
    change = still.copy()
    change[2, : len(ratios)] = np.log(ratios)
    for name in ("GRPO", "DAPO", "GSPO"):
        now = push(change, rewards, mask, name)[2] / first[name][2]
        share[name, len(ratios), max(ratios)] = now
        print(f"ratios {str(ratios):11s} {name}", *(f"{s:5.2f}" for s in now))
kept = np.ones(LIMIT - 1)
for high in (1.25, 1.3):
    assert np.allclose(share["GRPO", 1, high], [0, *kept])
    assert np.allclose(share["DAPO", 1, high], [1.25 * (high < 1.28), *kept])
    assert np.allclose(share["GSPO", 1, high], 0)
assert np.allclose(share["GSPO", 2, 1.25], 1)
# --8<-- [end:moved]
