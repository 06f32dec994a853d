# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A recurrence without a non-linear function is associative: 1,024 steps take ten rounds."""

# --8<-- [start:scan]
import numpy as np

TIME, UNITS = 1024, 16
rng = np.random.default_rng(0)
a = rng.uniform(0.9, 1.0, size=(TIME, UNITS))  # A gate that depends on the input only.
b = rng.normal(size=(TIME, UNITS))
loop, h = np.zeros((TIME, UNITS)), np.zeros(UNITS)
for t in range(TIME):
    h = a[t] * h + b[t]
    loop[t] = h

factor, value, rounds, reach = a.copy(), b.copy(), 0, 1
while reach < TIME:  # After each round every step has seen twice as far back.
    value[reach:] = factor[reach:] * value[:-reach] + value[reach:]
    factor[reach:] = factor[reach:] * factor[:-reach]
    rounds, reach = rounds + 1, 2 * reach
error = np.abs(value - loop).max()
print(f"loop: {TIME} rounds, scan: {rounds} rounds, largest difference {error:.0e}")
print(f"largest d h[1024] / d h[0]: {factor[-1].max():.0e}")
assert rounds == 10 and error < 1e-9 and factor.max() <= 1.0
# --8<-- [end:scan]
