# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A chain of steps is only as good as the product of its parts."""

# --8<-- [start:chain]
import numpy as np

step_success, steps = 0.95, 20
rng = np.random.default_rng(0)
runs = rng.random((100_000, steps)) < step_success  # (runs, steps)
measured = runs.all(axis=1).mean()
predicted = step_success**steps

print(f"measured  {measured:.3f}")
print(f"predicted {predicted:.3f}")
assert abs(measured - predicted) < 0.005
# --8<-- [end:chain]
