# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""When two answers share parameters, widening their gap can lower the log-probability of both."""

# --8<-- [start:policies]
import numpy as np

POLICIES, ANSWERS, WIDTH, BETA = 300, 100, 32, 0.1
SEEDS = range(3)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def draw(cosine, seed):  # Answer 0 is chosen, answer 1 rejected; the others stand in no pair.
    rng = np.random.default_rng(seed)
    features = unit(rng.normal(size=(POLICIES, ANSWERS, WIDTH)))
    chosen, rejected = features[:, 0], features[:, 1]
    along = (chosen * rejected).sum(axis=1, keepdims=True) * chosen
    features[:, 1] = cosine * chosen + np.sqrt(1 - cosine**2) * unit(rejected - along)
    return features, 4 * rng.normal(size=(POLICIES, WIDTH))  # and the weights at the start


def log_p(features, weights):
    logits = np.einsum("pad,pd->pa", features, weights)
    top = logits.max(axis=1, keepdims=True)
    return logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))


def train(features, weights, steps, rate, nll=0.0):
    reference = log_p(features, weights)
    for _ in range(steps):
        now = log_p(features, weights)
        change = now - reference
        margin = BETA * (change[:, 0] - change[:, 1])
        apart = features[:, 0] - features[:, 1]
        mean = np.einsum("pa,pad->pd", np.exp(now), features)
        step = (BETA / (1 + np.exp(margin)))[:, None] * apart  # down the loss of DPO
        weights = weights + rate * (step + nll * (features[:, 0] - mean))
    return (log_p(features, weights) - reference)[:, :2]  # change of chosen and rejected


cosines, small = (0.0, 0.5, 0.9, 0.99, 0.999), 1e-3
falls = np.zeros((len(SEEDS), len(cosines)))
for seed in SEEDS:
    for column, cosine in enumerate(cosines):
        change = train(*draw(cosine, seed), steps=1, rate=small)
        assert np.all(change[:, 0] > change[:, 1])  # The margin grows in every policy.
        falls[seed, column] = (change[:, 0] < 0).mean()
print("cosine of the two answers", *(f"{c:6}" for c in cosines))
for row in falls:
    print("chosen falls in one step ", *(f"{share:6.1%}" for share in row))
assert np.all(falls[:, :2] == 0) and np.all(np.diff(falls[:, 2:], axis=1) > 0)
assert falls[:, -1].min() > 0.35 and falls.max() < 0.5
# --8<-- [end:policies]

# --8<-- [start:tables]
alone = np.tile(np.eye(ANSWERS), (POLICIES, 1, 1))  # Every answer has a weight of its own.
start = 4 * np.random.default_rng(0).normal(size=(POLICIES, ANSWERS))
table = train(alone, start, steps=1, rate=small)
print("a weight for each answer: chosen rises in", f"{(table[:, 0] > 0).mean():.0%}")
assert np.all(table[:, 0] > 0) and np.all(table[:, 1] < 0)

down, rises = {}, {}  # the chosen answer lower, the rejected one higher
for nll in (0.0, 0.2):  # Llama 3 adds 0.2 times the NLL of the chosen answer.
    moved = np.stack([train(*draw(0.99, seed), 150, rate=2.0, nll=nll) for seed in SEEDS])
    assert (moved[..., 0] > moved[..., 1]).mean() > 0.99  # Still the margin grows.
    down[nll] = (moved[..., 0] < 0).mean(axis=1)
    rises[nll] = (moved[..., 1] > 0).mean(axis=1)
    name = "and 0.2 NLL" if nll else "DPO"
    print(f"{name:11} 150 steps: chosen lower in", *(f"{share:.1%}" for share in down[nll]))
    print(f"{'':22} rejected higher in", *(f"{share:.1%}" for share in rises[nll]))
assert down[0.0].min() > 0.2 and down[0.2].max() < 0.01
assert rises[0.0].max() < 0.3 and rises[0.2].min() > 0.95  # Nearly alike, they rise together.
# --8<-- [end:tables]
