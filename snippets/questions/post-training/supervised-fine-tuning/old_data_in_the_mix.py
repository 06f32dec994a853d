# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Fine-tuning on one skill alone costs the other; a little old data in the mix keeps most of it."""

# --8<-- [start:setup]
import numpy as np

FEATURES, LABELS, HIDDEN, BATCH = 16, 8, 64, 64


def examples(teachers, skill, noise):
    """The last two inputs name the skill; a linear teacher of that skill gives the label."""
    x = noise.normal(size=(len(skill), FEATURES))
    scores = np.stack([x @ teacher for teacher in teachers])  # (skill, size, label)
    labels = scores[skill, np.arange(len(skill))].argmax(axis=1)
    return np.hstack([x, 2 * np.eye(2)[skill]]), labels


def accuracy(w, teachers, skill, noise):
    x, labels = examples(teachers, np.full(2000, skill), noise)
    return float(((np.maximum(x @ w[0], 0) @ w[1]).argmax(axis=1) == labels).mean())


def train(w, teachers, old, steps, rate, noise):
    """A share `old` of every batch, on average, is the old skill, the rest the new one."""
    w = [part.copy() for part in w]
    for _ in range(steps):
        x, labels = examples(teachers, (noise.random(BATCH) >= old).astype(int), noise)
        h = np.maximum(x @ w[0], 0)
        p = np.exp(h @ w[1])
        error = (p / p.sum(axis=1, keepdims=True) - np.eye(LABELS)[labels]) / BATCH
        back = error @ w[1].T * (h > 0)
        w[1] -= rate * h.T @ error
        w[0] -= rate * x.T @ back
    return w


# --8<-- [end:setup]

# --8<-- [start:compare]
RUNS = {  # Share of old data, steps, learning rate.
    "new only": (0.0, 600, 0.3),
    "a tenth of the steps": (0.0, 60, 0.3),
    "a tenth of the rate": (0.0, 600, 0.03),
    "5% old": (0.05, 600, 0.3),
    "20% old": (0.2, 600, 0.3),
}
before, after = [], {name: [] for name in RUNS}  # Accuracy on the old skill, on the new one.
for seed in range(4):
    noise = np.random.default_rng(seed)
    teachers = noise.normal(size=(2, FEATURES, LABELS))
    shapes = (FEATURES + 2, HIDDEN), (HIDDEN, LABELS)
    w = [noise.normal(0, shape[0] ** -0.5, shape) for shape in shapes]
    base = train(w, teachers, 1.0, 1500, 0.3, noise)
    before.append([accuracy(base, teachers, skill, noise) for skill in (0, 1)])
    for name, setting in RUNS.items():
        tuned = train(base, teachers, *setting, noise)
        after[name].append([accuracy(tuned, teachers, skill, noise) for skill in (0, 1)])
for name, runs in {"before": before, **after}.items():
    old, new = np.mean(runs, axis=0)
    print(f"{name:21s} old skill {old:.2f}  new skill {new:.2f}")
old, new = np.moveaxis(np.array([before, *after.values()]), 2, 0)  # (run, seed)
assert old[0].min() > 0.9 and old[1].max() < 0.35 and new[1].min() > 0.88
assert (old[2:4] > old[1] + 0.1).all() and (new[2:4] < new[1] - 0.05).all()
assert (old[4] > old[2:4] + 0.1).all() and (new[4:] > new[1] - 0.05).all()
assert (old[4] < old[5]).all() and (old[5] < old[0] - 0.04).all()
# --8<-- [end:compare]
