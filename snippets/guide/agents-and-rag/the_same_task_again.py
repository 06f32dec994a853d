# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Runs of one task fail together: independent retries do not explain published results."""

# --8<-- [start:repeats]
import numpy as np

# tau-bench: share of tasks of which 1, 2, 3, 4 runs are all right, as published;
# Sonnet is Claude 3.5 of June or October 2024, 4o is gpt-4o.
published = {
    "retail Sonnet Oct": (0.692, 0.576, 0.509, 0.462),
    "retail Sonnet June": (0.626, 0.506, 0.435, 0.387),
    "retail gpt-4o": (0.604, 0.491, 0.430, 0.383),
    "airline Sonnet Oct": (0.460, 0.326, 0.263, 0.225),
    "airline gpt-4o": (0.420, 0.273, 0.220, 0.200),
    "airline Sonnet June": (0.360, 0.224, 0.169, 0.139),
    "airline 4o Act": (0.365, 0.217, 0.160, 0.140),
    "airline 4o ReAct": (0.325, 0.233, 0.185, 0.160),
    "airline 4o-mini": (0.225, 0.140, 0.110, 0.100),
}


def all_alike(p, alike, k):
    """P(k runs all come out so), each with p; the tasks' own p are Beta (alike: correlation)."""
    i = np.arange(k)
    return np.prod((p * (1 - alike) + i * alike) / (1 - alike + i * alike))


repeats, errors = {}, {"independent": [], "alike": []}
print("fails, fails again, four runs right:")
print("independent, alike, published")
for name, (one, two, _, four) in published.items():
    repeats[name] = 1 - (one - two) / (1 - one)
    alike = (two - one**2) / (one * (1 - one))  # from one and two runs only
    guess = all_alike(one, alike, 4)
    errors["independent"].append(abs(one**4 - four))
    errors["alike"].append(abs(guess - four))
    print(f"{name:19s} {1 - one:.0%} {repeats[name]:.0%}", end=" ")
    print(f"{one**4:.3f} {guess:.3f} {four:.3f}")
assert min(repeats.values()) > 0.60
assert max(errors["alike"]) < 0.04 < 0.09 < min(errors["independent"])
# --8<-- [end:repeats]
