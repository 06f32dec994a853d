# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""Rotating q and k by their own positions leaves a score that knows only the distance."""

# --8<-- [start:rotate]
import matplotlib.pyplot as plt
import numpy as np

WIDTH, BASE = 64, 10000.0  # of one attention head
theta = BASE ** (-np.arange(0, WIDTH, 2) / WIDTH)  # (pairs,) radians per token


def rotate(x, positions):  # x: (time, width), positions: (time,)
    angle = np.asarray(positions)[:, None] * theta  # (time, pairs)
    even, odd = x[..., 0::2], x[..., 1::2]  # (time, pairs)
    turned = [
        even * np.cos(angle) - odd * np.sin(angle),
        even * np.sin(angle) + odd * np.cos(angle),
    ]
    return np.stack(turned, axis=-1).reshape(*angle.shape[:1], WIDTH)


# --8<-- [end:rotate]


# --8<-- [start:compare]
def add_sinusoid(x, positions):
    angle = np.asarray(positions)[:, None] * theta
    wave = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    return x + wave.reshape(*angle.shape[:1], WIDTH)


rng = np.random.default_rng(0)
q, k = rng.normal(size=(2, 1, WIDTH))  # one query, one key: (1, width)
rope, added = [], []
print("position of q, of k    rotated  added")
for m in (7, 50, 1000):
    rope.append(float(rotate(q, [m])[0] @ rotate(k, [m - 7])[0]))
    added.append(float(add_sinusoid(q, [m])[0] @ add_sinusoid(k, [m - 7])[0]))
    print(f"{m:8d} {m - 7:8d} {rope[-1]:12.6f} {added[-1]:9.3f}")
stretch = np.linalg.norm(rotate(q, [1000])) / np.linalg.norm(q)
assert np.ptp(rope) < 1e-9 and np.ptp(added) > 1
assert abs(stretch - 1) < 1e-12  # A rotation keeps the length.
# --8<-- [end:compare]


# --8<-- [start:shift]
def attention(queries, keys, start):
    positions = start + np.arange(len(queries))
    scores = rotate(queries, positions) @ rotate(keys, positions).T / WIDTH**0.5
    scores = np.where(np.tri(len(queries), dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)  # (time, time)


queries, keys = rng.normal(size=(2, 16, WIDTH))  # (time, width) each
first = attention(queries, keys, start=0)
moved = attention(queries, keys, start=1000)
order = np.r_[np.arange(14, -1, -1), 15]  # Same tokens, other order.
mixed = attention(queries[order], keys[order], start=0)
shifted = np.abs(first - moved).max()
reordered = np.abs(np.sort(first[-1]) - np.sort(mixed[-1])).max()
print(f"all positions + 1000: weights change by {shifted:.0e}")
print(f"same tokens reversed: weights change by {reordered:.2f}")
assert shifted < 1e-9 and reordered > 0.01
# --8<-- [end:shift]

# --8<-- [start:decay]
distance = np.arange(1001)
ones = np.ones((1, WIDTH))
equal = rotate(ones, distance) @ ones[0] / WIDTH  # q = k = (1, 1, …)
k = rng.normal(size=(1, WIDTH))
q = rotate(k, [-40])  # A query that W_q could have learned.
# Only the distance counts, so leave q at 0 and put the key at -distance.
learned = rotate(k, -distance) @ q[0] / np.sum(k**2)
peak = int(learned.argmax())
many_k, noise = rng.normal(size=(2, 4000, WIDTH))  # (draws, width)
alike = 0.5 * many_k + 0.75**0.5 * noise  # correlation 0.5 with the key
kinds = {"unrelated": noise, "alike": alike}
kinds["alike, turned by 40"] = rotate(alike, np.full(4000, -40))
mean = {}
print("mean score at distance        0     40   1000")
for name, many_q in kinds.items():
    scores = [many_q * rotate(many_k, np.full(4000, -d)) for d in (0, 40, 1000)]
    mean[name] = np.sum(scores, axis=2).mean(axis=1)  # (distances,)
    print(f"{name:22s}", *(f"{score:6.1f}" for score in mean[name]))
# --8<-- [end:decay]

# --8<-- [start:claim]
rises = int(np.sum(np.diff(equal[:200]) > 0))
print(f"q = k = 1: {equal[0]:.2f} at 0, {equal[200]:.2f} at 200, {rises} steps upwards")
assert peak == 40 and learned[0] < 0.8  # The nearest token does not win.
assert rises > 20  # Not monotone, even in the textbook case.
assert np.abs(mean["unrelated"]).max() < 1  # No bias: nothing that could decay.
bias = mean["alike"] / mean["alike"][0]  # Their mean is the line of the ones.
assert np.abs(bias - equal[[0, 40, 1000]]).max() < 0.05 and bias[2] < 0.4
assert mean["alike, turned by 40"][1] > 1.5 * mean["alike, turned by 40"][0]
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
plt.plot(distance[:301], equal[:301], label="q = k = (1, …, 1)")
plt.plot(distance[:301], learned[:301], label="q = k turned back by 40 steps")
plt.axvline(40, ls=":", color="grey")
plt.xlabel("distance from the query back to the key (tokens)")
plt.ylabel("score / score of a perfect match")
plt.legend()
plt.tight_layout()
plt.show()
# --8<-- [end:figure]

# --8<-- [start:bound]
far = np.arange(20001)
sums = np.cumsum(np.exp(1j * far[:, None] * theta), axis=1)  # S_1, S_2, …
growth = np.abs(sums).sum(axis=1)  # (distances,), said to fall with the distance


def bound(q, k):  # RoFormer, section 3.4.3, divided by |q| |k|
    products = (q[0::2] + 1j * q[1::2]) * (k[0::2] - 1j * k[1::2])  # (pairs,)
    jump = np.abs(np.diff(np.append(products, 0))).max()
    return jump * growth / (np.linalg.norm(q) * np.linalg.norm(k))


slope = np.repeat(np.arange(WIDTH // 2, 0, -1.0) ** 0.5, 2)  # h_i falls evenly: 64, 62, …, 2.
lowest = {"ones": bound(ones[0], ones[0]).min(), "slope": bound(slope, slope).min()}
lowest["random"] = min(bound(*rng.normal(size=(2, WIDTH))).min() for _ in range(200))
print("bound / |q||k| at its lowest:", {name: round(float(b), 2) for name, b in lowest.items()})
assert np.all(np.abs(equal) <= bound(ones[0], ones[0])[:1001])
assert min(lowest["ones"], lowest["random"]) > 1 and lowest["slope"] < 0.1
# --8<-- [end:bound]
