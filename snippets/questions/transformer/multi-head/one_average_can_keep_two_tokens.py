# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""An average of two tokens with unequal weights can still tell which two they were."""

# --8<-- [start:tokens]
import numpy as np

rng = np.random.default_rng(0)
contents = rng.choice([-1.0, 1.0], size=(10_000, 2, 8))  # two places, each a code of 8 signs
first, second = contents[:, 0], contents[:, 1]
average = (2 * first + second) / 3  # what one head reads: weights of 2/3 and 1/3

guess_first = np.sign(average)
guess_second = np.sign(3 * average - 2 * guess_first)
wrong = np.mean(guess_first - guess_second != first - second)
best = np.linalg.lstsq(average, first - second)[0]
missing = np.var(first - second - average @ best) / np.var(first - second)
print(f"signs: {wrong:.0%} of the differences wrong; linear: {missing:.0%} missing")
assert missing > 0.5  # A linear function keeps to the bound, …
assert wrong == 0  # … one that is not linear gets both tokens out of one average.
# --8<-- [end:tokens]
