# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Scores grow like √d while q and k are independent, and like d once training aligns them."""

# --8<-- [start:step]
import numpy as np

WIDTHS, RUNS, TOKENS, RATE = (64, 256, 1024), 10, 32, 0.1
rng = np.random.default_rng(0)


def first_step(d):
    """Scores of random heads, and what one Adam step adds to the score it pulls at."""
    rate = RATE / d  # for Adam, as in μP
    before, change, largest = [], [], []
    for _ in range(RUNS):
        w_q, w_k = rng.normal(size=(2, d, d)) / d**0.5  # (input, d) each
        x, y = rng.normal(size=(2, TOKENS, d))
        q, k = x @ w_q, y @ w_k  # (tokens, d) each
        # The gradient of q[0]·k[0] by w_q is the outer product of x[0] and k[0], and
        # Adam's first step is the sign of the gradient times the rate.
        new_q = x[0] @ (w_q + rate * np.sign(np.outer(x[0], k[0])))
        new_k = y[0] @ (w_k + rate * np.sign(np.outer(y[0], q[0])))
        before.append(q @ k.T)
        change.append(new_q @ new_k - q[0] @ k[0])
        powers = np.exp(q @ k.T / d)
        largest.append(TOKENS * np.max(powers / powers.sum(axis=1, keepdims=True)))
    return np.std(before), np.mean(change), np.mean(largest)


*measured, largest = np.array([first_step(d) for d in WIDTHS]).T  # (widths,) each
# --8<-- [end:step]

# --8<-- [start:powers]
power = {}
print("scores      at the start   after one step, change   (d = 64, 256, 1024)")
for name, exponent in (("q·k", 0), ("q·k/√d", 0.5), ("q·k/d", 1)):
    table = np.transpose(measured) / np.power(WIDTHS, exponent)[:, None]
    slopes = np.polyfit(np.log(WIDTHS), np.log(table), 1)[0]
    power[name] = dict(zip(("start", "change"), slopes, strict=True))
    print(f"{name:7s}", *(np.array2string(c, precision=2) for c in table.T), sep="   ")
    print(f"          grows like d^{slopes[0]:.2f}   d^{slopes[1]:.2f}")
assert abs(power["q·k/√d"]["start"]) < 0.05  # √d holds the start, …
assert abs(power["q·k/√d"]["change"] - 0.5) < 0.1  # … and not what learning adds.
print("largest weight under q·k/d, in equal shares:", np.round(largest, 2))
assert largest[-1] < 1.2 < largest[0]  # Divided by d, the start fades with the width.
# --8<-- [end:powers]
