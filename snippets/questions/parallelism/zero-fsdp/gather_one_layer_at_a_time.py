# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""ZeRO-3 gathers one layer at a time: same gradient, little memory, 1.5 times the bytes."""

# --8<-- [start:store]
import numpy as np

random = np.random.default_rng(0)
workers, layers, width, rows = 4, 8, 24, 32
full = [random.normal(size=(width, width)) / np.sqrt(width) for _ in range(layers)]
stored = [np.split(w, workers) for w in full]  # [layer][worker]: a quarter of the rows.
x = np.split(random.normal(size=(rows, width)), workers)  # Each worker its own examples.
share = (workers - 1) / workers  # Of an array, what one worker receives in a collective.
# --8<-- [end:store]


# --8<-- [start:step]
def step(x, reshard=True):
    received, here, peak = 0, set(), 0

    def gather(layer):
        nonlocal received, peak
        if layer not in here:
            here.add(layer)
            received += share * width**2
        peak = max(peak, len(here))
        return np.concatenate(stored[layer])

    hidden = [x]  # [layer][worker]
    for layer in range(layers):
        w = gather(layer)
        hidden.append([np.tanh(h @ w) for h in hidden[-1]])
        if reshard:
            here.remove(layer)  # (1)!
    slopes, gradient = [2 * h / rows for h in hidden[-1]], [None] * layers
    for layer in reversed(range(layers)):
        w = gather(layer)
        inner = [s * (1 - h**2) for s, h in zip(slopes, hidden[layer + 1], strict=True)]
        local = [h.T @ s for h, s in zip(hidden[layer], inner, strict=True)]
        gradient[layer] = np.split(sum(local), workers)  # (2)!
        received += share * width**2
        slopes = [s @ w.T for s in inner]
        here.remove(layer)
    return [np.concatenate(g) for g in gradient], received, peak


# --8<-- [end:step]


# --8<-- [start:compare]
def on_one_device(x):
    hidden = [x]
    for w in full:
        hidden.append(np.tanh(hidden[-1] @ w))
    slope, gradient = 2 * hidden[-1] / rows, []
    for w, before, after in zip(full[::-1], hidden[-2::-1], hidden[:0:-1], strict=True):
        slope = slope * (1 - after**2)
        gradient.insert(0, before.T @ slope)
        slope = slope @ w.T
    return gradient


expected = on_one_device(np.concatenate(x))
all_reduce = 2 * share * layers * width**2  # Data parallelism, for all gradients.
sent, peaks = {}, {}
print("                     / all-reduce   layers held")
for name, reshard in {"free after forward": True, "keep until backward": False}.items():
    found, received, peaks[name] = step(x, reshard)
    assert all(np.allclose(f, e) for f, e in zip(found, expected, strict=True))
    sent[name] = received / all_reduce
    print(f"{name:20s} {sent[name]:11.2f} {peaks[name]:9d} of {layers}")
assert list(sent.values()) == [1.5, 1.0] and list(peaks.values()) == [1, layers]
# --8<-- [end:compare]

# --8<-- [start:wrong]
columns = [np.split(h, workers, axis=1) for h in x]  # [worker][piece]
own = sum(columns[k][k] @ stored[0][k] for k in range(workers))  # As tensor parallelism would.
right = x[0] @ full[0]
off = np.linalg.norm(own - right) / np.linalg.norm(right)
same = sum(columns[0][k] @ stored[0][k] for k in range(workers))
print(f"own slices, own examples: off by {off:.0%}")
print("own slices, same examples: equal", bool(np.allclose(same, right)))
assert off > 0.5 and np.allclose(same, right)
# --8<-- [end:wrong]
