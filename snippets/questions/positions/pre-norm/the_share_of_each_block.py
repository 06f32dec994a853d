# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Where the norm stands decides how much a late block still changes, and how large the sum gets."""

# --8<-- [start:placements]
import numpy as np

BLOCKS, WIDTH = 64, 128
alpha, beta = BLOCKS**0.25, (4 * BLOCKS) ** -0.25  # DeepNorm, one block = one sublayer


def norm(x):
    x = x - x.mean(axis=-1, keepdims=True)
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6)


def block(kind, x, branch, number):  # The new x, and what the branch added to it.
    if kind == "post":
        return norm(x + branch(x)), branch(x)
    if kind == "DeepNorm":
        update = beta**2 * branch(x)  # Both matrices start smaller by beta.
        return norm(alpha * x + update), update / alpha
    update = branch(norm(x))
    if kind == "pre, scaled norm":
        update = branch(norm(x) / number**0.5)
    if kind == "norm on both sides":
        update = norm(update)
    return x + update, update


# --8<-- [end:placements]

# --8<-- [start:compare]
shares, size = {}, {}
print("added over present, in block      1      8     64    size behind block 64")
for kind in ("post", "pre", "norm on both sides", "pre, scaled norm", "DeepNorm"):
    rows = []
    for seed in range(3):
        rng, seen = np.random.default_rng(seed), []
        x = rng.normal(size=(64, WIDTH))
        for number in range(1, BLOCKS + 1):
            w = rng.normal(size=(WIDTH, WIDTH)) * (2 / WIDTH) ** 0.5
            v = rng.normal(size=(WIDTH, WIDTH)) / WIDTH**0.5

            def branch(x, w=w, v=v):
                return np.maximum(x @ w, 0) @ v

            after, update = block(kind, x, branch, number)
            seen.append(np.linalg.norm(update) / np.linalg.norm(x))
            x = after
        rows.append([*seen, np.sqrt((x**2).mean())])
    *shares[kind], size[kind] = np.mean(rows, axis=0)
    first, eighth, last = (shares[kind][i] for i in (0, 7, 63))
    print(f"{kind:26s} {first:6.2f} {eighth:6.2f} {last:6.2f}    {size[kind]:.2f}")
# --8<-- [end:compare]

# --8<-- [start:claim]
pre, both, scaled, deep = (shares[kind] for kind in list(shares)[1:])
assert min(shares["post"]) > 0.8  # Every block adds about as much as there is.
assert abs(pre[63] * 8 - 1) < 0.1 and abs(size["pre"] / 65**0.5 - 1) < 0.1
assert abs(both[63] / pre[63] - 1) < 0.1  # the same at the start
assert size["pre, scaled norm"] < size["pre"] / 2 and scaled[63] < pre[63] / 2
assert max(deep) < 0.05 and abs(size["DeepNorm"] - 1) < 0.01
# --8<-- [end:claim]
