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
    scale = max(1.0, length / TRAINED)
    return 10000.0 * scale ** (WIDTH / (WIDTH - 2))


# --8<-- [end:cache]

# --8<-- [start:compare]
length = 4 * TRAINED
keys = rng.normal(size=(length, WIDTH))  # before rotation: (time, width)
query = rng.normal(size=(1, WIDTH))
now = dynamic_base(length)
turned_query = rotate(query, np.array([length - 1]), now)
right = rotate(keys, np.arange(length), now) @ turned_query[0]  # (time,)
stored = np.empty_like(keys)  # Each key was rotated when its token arrived.
for position in range(length):
    here = np.array([position])
    base = dynamic_base(position + 1)
    stored[position] = rotate(keys[here], here, base)[0]
cached = stored @ turned_query[0]
error = np.linalg.norm(cached - right) / np.linalg.norm(right)
print(f"scores from the cache are off by {error:.0%} of their size")
assert error > 0.5
# --8<-- [end:compare]


# --8<-- [start:entropy]
def entropy(count, factor):
    scores = factor * np.random.default_rng(1).normal(size=count)
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    return -np.sum(weights * np.log2(weights))


short, long = entropy(4096, 1.0), entropy(8 * 4096, 1.0)
sharper = entropy(8 * 4096, (1 + 0.1 * np.log(8)) ** 2)  # on q and on k
print(f"entropy of the weights, 4,096 keys:    {short:.2f} bits")
print(f"32,768 keys:                          {long:.2f} bits")
print(f"32,768 keys and the factor of YaRN:   {sharper:.2f} bits")
assert abs(long - short - 3) < 0.05  # 8 times the keys: log2(8) bits more.
assert short < sharper < long - 0.5
# --8<-- [end:entropy]
