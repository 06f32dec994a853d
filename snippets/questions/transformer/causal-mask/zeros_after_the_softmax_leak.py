# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Zeroing weights after the softmax leaves the future in the denominators."""

# --8<-- [start:weights]
import numpy as np

TIME, WIDTH = 6, 16
rng = np.random.default_rng(0)
q, k, v = rng.normal(size=(3, TIME, WIDTH))
past = np.tri(TIME, dtype=bool)  # (query, key)


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def before(scores):
    return softmax(np.where(past, scores, -np.inf))


def after(scores):
    return softmax(scores) * past


def renormalized(scores):
    return after(scores) / after(scores).sum(axis=-1, keepdims=True)


# --8<-- [end:weights]

# --8<-- [start:leak]
scores = q @ k.T / WIDTH**0.5  # (query, key)
other = k.copy()
other[-1] += 3  # Another last token: nothing before it may notice.
moved = {}
print("mask             sum of each row                       outputs before the last move by")
for way in (before, after, renormalized):
    change = way(q @ other.T / WIDTH**0.5) @ v - way(scores) @ v
    moved[way.__name__] = float(np.abs(change[:-1]).max())
    print(f"{way.__name__:13} {way(scores).sum(axis=1).round(2)} {moved[way.__name__]:18.0e}")
assert moved["before"] == 0 and moved["after"] > 0.1 and moved["renormalized"] < 1e-12
assert np.allclose(renormalized(scores), before(scores))
# --8<-- [end:leak]

# --8<-- [start:read]
share = after(scores)[:-1].sum(axis=1)  # (time - 1,) of the past in each row
seen = np.log(np.where(past, np.exp(scores), 0).sum(axis=1))[:-1]
guessed = seen + np.log(1 / share - 1)  # the future, from quantities of the past alone
hidden = np.log(np.where(past, 0, np.exp(scores)).sum(axis=1)[:-1])
print(
    f"log-sum of the future scores {hidden.round(3)}\nread off the row sums        {guessed.round(3)}"
)
assert np.allclose(guessed, hidden)
# --8<-- [end:read]

# --8<-- [start:lead]
lead = {}  # How far one future score must lie above the past to make the first row NaN.
for kind in (np.float16, np.float32, np.float64):
    row = np.zeros((TIME, TIME), kind)  # (query, key)
    with np.errstate(invalid="ignore"):
        while not np.isnan(renormalized(row)[0, 0]):
            row[0, -1] += 1
    lead[kind.__name__] = int(row[0, -1])
    assert before(row)[0, 0] == 1  # The first row sees only itself.
print(f"first row NaN from a lead of {lead}")
assert lead["float16"] < 25 and 80 < lead["float32"] < 110 and lead["float64"] > 700
# --8<-- [end:lead]
