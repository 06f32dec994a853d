# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A base that changes while decoding no longer fits the keys in the cache."""

# --8<-- [start:cache]
import numpy as np

WIDTH, TRAINED = 128, 4096
rng = np.random.default_rng(0)


def rotate(x, positions, base):  # x: (time, width)
    angle = positions[:, None] * base ** (-np.arange(0, WIDTH, 2) / WIDTH)
    first, second = np.split(x, 2, axis=-1)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.concatenate([first * cos - second * sin, first * sin + second * cos], -1)


def dynamic_base(length):  # NTK with the scale that this length needs
    scale = np.maximum(1.0, length / TRAINED)
    return 10000.0 * scale ** (WIDTH / (WIDTH - 2))


# --8<-- [end:cache]

# --8<-- [start:compare]
length = 4 * TRAINED
positions = np.arange(length)
keys = rng.normal(size=(length, WIDTH))  # before rotation: (time, width)
query = rng.normal(size=(1, WIDTH))
now = dynamic_base(length)
turned_query = rotate(query, np.array([length - 1]), now)
right = rotate(keys, positions, now) @ turned_query[0]  # (time,)
bases = dynamic_base(positions + 1)[:, None]  # When the token of each key arrived.
stored = rotate(keys, positions, bases)
cached = stored @ turned_query[0]
error = np.linalg.norm(cached - right) / np.linalg.norm(right)
turned = rotate(rotate(stored, -positions, bases), positions, now)  # back, and on
gap = np.abs(turned @ turned_query[0] - right).max()
print(f"scores from the cache are off by {error:.0%} of their size")
print(f"after every stored key is turned on: off by {gap:.0e}")
assert error > 0.5 and gap < 1e-9
# --8<-- [end:compare]


# --8<-- [start:entropy]
def entropy(count, factor, spread):  # Mean over 100 draws; single ones differ widely.
    scores = factor * spread * np.random.default_rng(1).normal(size=(100, count))
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return -np.sum(weights * np.log2(weights), axis=1).mean()


sharp = (1 + 0.1 * np.log(8)) ** 2  # on q and on k
print("bits of entropy:  4,096 keys  32,768  with the factor of YaRN")
rows = {}
for spread in (1, 2, 4):  # standard deviation of the scores
    settings = ((4096, 1), (8 * 4096, 1), (8 * 4096, sharp))
    rows[spread] = [entropy(*setting, spread) for setting in settings]
    print(f"spread {spread}: {rows[spread][0]:19.2f}", *(f"{b:8.2f}" for b in rows[spread][1:]))
short, long, sharper = rows[1]
assert abs(long - short - 3) < 0.05  # 8 times the keys: log2(8) bits more.
assert short + 2 < sharper < long - 0.5  # Most of it stays.
assert abs(rows[2][2] - rows[2][0]) < 0.4  # At spread 2 it takes back about all.
assert rows[4][1] - rows[4][0] < 2 and rows[4][2] < rows[4][0] - 0.5  # It overshoots.
# --8<-- [end:entropy]
