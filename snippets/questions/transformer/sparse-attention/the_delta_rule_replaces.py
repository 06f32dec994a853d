# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Writing the difference replaces an old value; adding mixes it with the new one."""

# --8<-- [start:delta]
import numpy as np

WIDTH, PAIRS = 64, 16
error = {"add": [], "delta": []}
for seed in range(3):
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(PAIRS, WIDTH))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    old, new = rng.normal(size=(2, PAIRS, WIDTH))
    for rule in error:
        state = np.zeros((WIDTH, WIDTH))
        for key, value in zip(np.tile(keys, (2, 1)), np.r_[old, new], strict=True):
            known = key @ state if rule == "delta" else 0  # What it says already.
            state += np.outer(key, value - known)
        last = np.linalg.norm(keys[-1] @ state - new[-1]) / np.linalg.norm(new[-1])
        every = np.linalg.norm(keys @ state - new) / np.linalg.norm(new)
        error[rule].append((last, every))
# --8<-- [end:delta]

# --8<-- [start:result]
for rule, rows in error.items():
    last, every = np.max(rows, axis=0)
    print(f"{rule:5s}: error of the last key {last:.0e}, of all keys {every:.2f}")
add, delta = np.array(error["add"]), np.array(error["delta"])
assert delta[:, 0].max() < 1e-12 and add[:, 0].min() > 0.5
assert (delta[:, 1] < 0.5 * add[:, 1]).all()
# --8<-- [end:result]
