# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""PPO's clip ends a sample's own push; its ratio moves on when samples share weights."""

# --8<-- [start:gain]
import numpy as np

CLIP = 0.2


def gain(ratio, advantage):
    clipped = np.clip(ratio, 1 - CLIP, 1 + CLIP)
    return np.minimum(ratio * advantage, clipped * advantage)


def push(ratio, advantage):  # The derivative of the gain by the ratio.
    past = np.where(advantage > 0, ratio > 1 + CLIP, ratio < 1 - CLIP)
    return np.where(past, 0.0, advantage)


rng = np.random.default_rng(0)
ratio, advantage = np.exp(rng.normal(size=100_000)), rng.normal(size=100_000)
lost = ratio * advantage - gain(ratio, advantage)
step = 1e-6
numeric = (gain(ratio + step, advantage) - gain(ratio - step, advantage)) / (2 * step)
print("push at   ratio 0.5   ratio 1   ratio 2")
for name, sign in (("A = +1", 1.0), ("A = -1", -1.0)):
    print(name, *(f"{push(r, sign):+10.0f}" for r in (0.5, 1.0, 2.0)))
assert lost.min() == 0 and np.array_equal(lost > 1e-12, push(ratio, advantage) == 0)
assert np.allclose(numeric, push(ratio, advantage), atol=1e-6)
# --8<-- [end:gain]


# --8<-- [start:train]
def train(seed, steps, clip=True, shared=True, samples=256, actions=10):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(samples, 8)) if shared else np.eye(samples)  # Weights shared, or not.
    x *= (samples / 100) ** 0.5 / np.linalg.norm(x, axis=1, keepdims=True)  # Equal steps.
    rows, taken = np.arange(samples), rng.integers(actions, size=samples)
    advantage = rng.normal(size=samples)
    w, policy = np.zeros((x.shape[1], actions)), np.full((samples, actions), 1 / actions)
    for _ in range(steps):
        ratio = policy[rows, taken] * actions
        pushed = ratio * (push(ratio, advantage) if clip else advantage)
        grad = -policy * pushed[:, None]
        grad[rows, taken] += pushed
        w += x.T @ grad / samples
        policy = np.exp(x @ w)
        policy /= policy.sum(axis=1, keepdims=True)
    return policy[rows, taken] * actions


outside, largest = {}, {}
for steps in (1, 30, 1000):
    for clip in (True, False):
        ratios = np.stack([train(seed, steps, clip) for seed in range(5)])
        outside[steps, clip] = np.mean(np.abs(ratios - 1) > CLIP, axis=1)
        largest[steps, clip] = ratios.max(axis=1)
        share, top = outside[steps, clip].mean(), largest[steps, clip].max()
        name = "clip" if clip else "none"
        print(f"{steps:4d} steps, {name}: {share:3.0%} outside 0.8 to 1.2, at most {top:5.2f}")
alone = [train(seed, 1000, shared=False) for seed in range(5)]
print(f"own weights, clip: ratios from {np.min(alone):.2f} to {np.max(alone):.2f}")
assert 0.75 < np.min(alone) < 0.8 and 1.2 < np.max(alone) < 1.25
assert np.array_equal(train(0, 1, True), train(0, 1, False))
assert outside[1000, True].min() > 0.5 and largest[1000, True].min() > 2
assert np.all(outside[1000, False] > outside[1000, True] + 0.15)
# --8<-- [end:train]
