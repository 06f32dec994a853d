# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Best of n by a score that errs: which quality it picks, by exact sums over a grid of answers."""

# --8<-- [start:errors]
import numpy as np

COUNTS = (1, 4, 16, 64, 256, 1024, 4096)


def grid(end, density):
    x = np.linspace(-end, end, 10 * end + 1)
    return x, density(x) / density(x).sum()


quality, share = grid(6, lambda x: np.exp(-(x**2) / 2))  # A normal quality.


def scored(error, weight):  # Chance, quality, score of each answer; the errors are independent.
    chance = np.outer(share, weight).ravel()
    return chance, np.repeat(quality, len(error)), np.add.outer(quality, error).ravel()


normal = scored(*grid(6, lambda x: np.exp(-(x**2) / 2)))
heavy = scored(*grid(200, lambda x: (1 + x**2 / 3) ** -2.0))  # Student's t, 3 degrees of freedom.


def with_trick(rare):  # A rare trick costs 3 of quality and brings 6 of score.
    more = rare * share, quality - 3, quality + 6
    chance, true, score = normal
    return [np.append(a, b) for a, b in zip(((1 - rare) * chance, true, score), more, strict=True)]


# --8<-- [end:errors]


# --8<-- [start:best]
def best_of(n, chance, score):  # Chance of each answer to be the one picked.
    levels, level = np.unique(score.round(6), return_inverse=True)
    mass = np.bincount(level, chance)  # Answers of equal score are picked in proportion.
    below = np.append(0, np.cumsum(mass)) / mass.sum()
    return (np.diff(below**n) / mass)[level] * chance


found = {}
kinds = {"normal": normal, "heavy": heavy}
kinds |= {f"1 in {round(1 / rare)}": with_trick(rare) for rare in (1e-2, 1e-3, 1e-4)}
for name, (chance, true, score) in kinds.items():
    picks = [best_of(n, chance, score) for n in COUNTS]
    for q, n in zip(picks, COUNTS, strict=True):
        kl = q @ np.log(q / chance, where=q > 0, out=0 * q)
        assert kl < np.log(n) - (n - 1) / n + 1e-9
    found[name] = np.array([(q @ score, q @ true) for q in picks]).round(9) + 0.0
    assert (np.diff(found[name][:, 0]) > 0).all()  # The score rises with n.
print("best of", *(f"{name:>12s}" for name in found))
for row, n in enumerate(COUNTS):
    print(f"{n:7d}", *(f"{f[row, 0]:6.2f} {f[row, 1]:5.2f}" for f in found.values()))
score, true = found["normal"].T
assert np.allclose(true, score / 2)
true = found["heavy"][:, 1]
assert true.argmax() == 2 and true[-1] < true[2] / 3
peaks = [COUNTS[f[:, 1].argmax()] for f in list(found.values())[2:]]
assert peaks == [16, 64, 256] and found["1 in 1000"][-1, 1] < -1
# --8<-- [end:best]
