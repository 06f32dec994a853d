# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A recurrence without a non-linear function is associative: 1,024 steps take ten rounds."""

# --8<-- [start:scan]
import numpy as np

TIME, UNITS = 1024, 16


def loop(a, b, times):  # One step after the other.
    h = [b[0]]
    for t in range(1, TIME):
        h.append(times(a[t], h[-1]) + b[t])
    return np.array(h)


def scan(a, b, times):  # After each round every step has seen twice as far back.
    factor, value, rounds, merges, reach = a.copy(), b.copy(), 0, 0, 1
    while reach < TIME:
        value[reach:] = times(factor[reach:], value[:-reach]) + value[reach:]
        factor[reach:] = times(factor[reach:], factor[:-reach])
        rounds, merges, reach = rounds + 1, merges + TIME - reach, 2 * reach
    return value, rounds, merges


# --8<-- [end:scan]

# --8<-- [start:compare]
rng = np.random.default_rng(0)
b = rng.normal(size=(TIME, UNITS, 1))
gate = rng.uniform(0.9, 1.0, size=(TIME, UNITS, 1))  # Depends on the input only.
matrix = rng.normal(size=(TIME, UNITS, UNITS)) / UNITS**0.5 / 2
work = {}  # multiplications of the scan over those of the loop
for name, a, times, step in (
    ("gates", gate, np.multiply, UNITS),
    ("matrices", matrix, np.matmul, UNITS**2),
):
    value, rounds, merges = scan(a, b, times)
    error = np.abs(value - loop(a, b, times)).max()
    work[name] = merges * step * (1 + a.shape[2]) / (TIME * step)
    print(f"{name:8s}: {rounds} rounds instead of {TIME}, largest difference {error:.0e},", end="")
    print(f" {work[name]:.0f} times the multiplications")
    assert error < 1e-9
# --8<-- [end:compare]
