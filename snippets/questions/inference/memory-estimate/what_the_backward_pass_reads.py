# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Which arrays of a layer the backward pass reads, and how many bytes that is."""

# --8<-- [start:layer]
import numpy as np

TIME, WIDTH, HIDDEN, RANK = 8, 24, 80, 2
rng = np.random.default_rng(0)
shapes = {name: (WIDTH, WIDTH) for name in ("q", "k", "v", "o")}
shapes |= {"gate": (WIDTH, HIDDEN), "up": (WIDTH, HIDDEN), "down": (HIDDEN, WIDTH)}
w = {name: rng.normal(size=s) / s[0] ** 0.5 for name, s in shapes.items()}
a = {name: rng.normal(size=(s[0], RANK)) / s[0] ** 0.5 for name, s in shapes.items()}
b = {name: rng.normal(size=(RANK, s[1])) for name, s in shapes.items()}
future = np.triu(np.full((TIME, TIME), -np.inf), 1)


def matrix(name):
    return w[name] + a[name] @ b[name]  # With its LoRA.


def forward(x):
    first = np.sqrt(np.mean(x**2, axis=1, keepdims=True))  # RMSNorm
    normed = x / first
    q, k, v = (normed @ matrix(name) for name in "qkv")  # One head.
    scores = q @ k.T / WIDTH**0.5 + future
    logsum = np.log(np.exp(scores).sum(axis=1, keepdims=True))
    mixed = np.exp(scores - logsum) @ v
    middle = x + mixed @ matrix("o")
    second = np.sqrt(np.mean(middle**2, axis=1, keepdims=True))
    again = middle / second
    gate, up = (again @ matrix(name) for name in ("gate", "up"))
    silu = gate / (1 + np.exp(-gate))
    product = silu * up
    out = middle + product @ matrix("down")
    return out, locals()


read = set()


class Kept(dict):
    def __getitem__(self, name):
        read.add(name)  # Notes what is asked for.
        return super().__getitem__(name)


def backward(kept, slope_out, whole=(), adapters=()):
    found = {}

    def through(name, source, slope):  # source: what the matrix was multiplied with.
        if name in whole:
            found["w", name] = kept[source].T @ slope
        if name in adapters:
            found["a", name] = kept[source].T @ (slope @ b[name].T)
            found["b", name] = (kept[source] @ a[name]).T @ slope
        return slope @ matrix(name).T

    def norm(source, scale, slope):
        x, r = kept[source], kept[scale]
        return (slope - x * np.mean(slope * x, axis=1, keepdims=True) / r**2) / r

    slope = through("down", "product", slope_out)
    sigmoid = 1 / (1 + np.exp(-kept["gate"]))
    by_gate = slope * kept["up"] * sigmoid * (1 + kept["gate"] * (1 - sigmoid))
    slope = through("up", "again", slope * kept["silu"]) + through("gate", "again", by_gate)
    middle = slope_out + norm("middle", "second", slope)
    by_mixed = through("o", "mixed", middle)
    scores = kept["q"] @ kept["k"].T / WIDTH**0.5 + future  # Again, as in FlashAttention.
    weights = np.exp(scores - kept["logsum"])
    inner = np.sum(by_mixed * kept["mixed"], axis=1, keepdims=True)
    by_score = weights * (by_mixed @ kept["v"].T - inner) / WIDTH**0.5
    slope = through("q", "normed", by_score @ kept["k"])
    slope += through("k", "normed", by_score.T @ kept["q"])
    slope += through("v", "normed", weights.T @ by_mixed)
    return found, middle + norm("x", "first", slope)


# --8<-- [end:layer]

# --8<-- [start:count]
x, slope_out = rng.normal(size=(2, TIME, WIDTH))
out, arrays = forward(x)
found, slope = backward(Kept(arrays), slope_out, whole=w, adapters=w)
tables, errors = {"w": w, "a": a, "b": b}, []
for value, gradient in [(x, slope)] + [(tables[t][n], g) for (t, n), g in found.items()]:
    place = tuple(rng.integers(value.shape))
    value[place] += 1e-6
    rise = np.sum((forward(x)[0] - out) * slope_out) / 1e-6
    value[place] -= 1e-6
    errors.append(abs(rise - gradient[place]))
print(f"{len(errors)} gradients against finite differences: off by {max(errors):.0e}")
assert len(errors) == 22 and max(errors) < 1e-3

small = {"first", "second", "logsum"}  # 32 bits, one number per token; the others 16.
modes = {"full": {"whole": w}, "LoRA on all seven": {"adapters": w}}
modes["LoRA on q and v"] = {"adapters": "qv"}
total = {}
for name, mode in modes.items():
    read.clear()
    backward(Kept(arrays), slope_out, **mode)
    total[name] = sum(arrays[n].size * (4 if n in small else 2) for n in read)
    print(f"{name:18s} {total[name]:6d} bytes, without {sorted(arrays.keys() - read)}")
assert total["full"] == TIME * (2 * (8 * WIDTH + 4 * HIDDEN) + 4 * 3)
assert total["LoRA on all seven"] == total["full"]
assert total["full"] - total["LoRA on q and v"] == TIME * 2 * (WIDTH + HIDDEN)
# --8<-- [end:count]
