# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Groups of three digits line up in a sum if they are counted from the right."""

# --8<-- [start:groups]
import numpy as np


def cuts(length, right_to_left):  # places where a group of three ends, from the right
    if right_to_left:
        return {*range(3, length, 3)}
    return {length - i for i in range(3, length, 3)}


a, b = np.random.default_rng(0).integers(1, 10**7, (2, 2000))
sums = a + b
aligned = {}
for name, right_to_left in (("left to right", False), ("right to left", True)):
    same = 0
    for row in zip(a, b, sums, strict=True):
        sets = [cuts(len(str(n)), right_to_left) for n in row]
        same += all(s <= sets[2] for s in sets[:2])  # Cut where the sum is cut.
    aligned[name] = same / len(a)
    print(f"groups from {name}: {aligned[name]:.0%} of additions line up")
assert aligned["right to left"] == 1 and abs(aligned["left to right"] - 1 / 3) < 0.05
# --8<-- [end:groups]
