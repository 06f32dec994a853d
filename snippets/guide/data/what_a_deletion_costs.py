# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Data in weights come out by training again; shards help while requests are few."""

# --8<-- [start:share]
import numpy as np

shards = 20  # models, each trained on its own part of the records
batches = 12  # a year: requests wait for the end of the month, an assumption


def retrained(requests, shards):
    """Share of the training that a batch repeats, its records in shards at random."""
    return 1 - (1 - 1 / shards) ** requests


for requests in (1, 5, 14, 50, 100):
    once, split = (batches * retrained(requests, s) for s in (1, shards))
    print(f"{requests:3d} requests a month: {once:.0f} full trainings a year", end=", ")
    print(f"{split:.1f} with {shards} shards")
rng = np.random.default_rng(0)
drawn = [len(set(rng.integers(shards, size=14))) / shards for _ in range(20_000)]
assert abs(np.mean(drawn) - retrained(14, shards)) < 0.005
half = int(np.ceil(np.log(0.5) / np.log(1 - 1 / shards)))
print(f"from {half} requests a batch, more than half is trained again")
assert retrained(half - 1, shards) < 0.5 < retrained(half, shards)
# --8<-- [end:share]
