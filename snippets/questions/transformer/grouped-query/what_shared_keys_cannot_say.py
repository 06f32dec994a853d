# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Heads that share a key read fewer directions of the input; averaging unlike heads costs."""

# --8<-- [start:layer]
import numpy as np

HIDDEN, HEADS, WIDTH, TIME = 128, 8, 8, 32


def layer(x, w_q, w_k, w_v, w_o):  # w_k: (groups, hidden, width)
    share = HEADS // len(w_k)
    q = x @ w_q  # (heads, time, width)
    k, v = (np.repeat(x @ w, share, axis=0) for w in (w_k, w_v))
    scores = q @ k.transpose(0, 2, 1) / WIDTH**0.5  # (heads, time, time)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.sum(weights @ v @ w_o, axis=0)  # (time, hidden)


# --8<-- [end:layer]


# --8<-- [start:heads]
def pool(w, groups):  # Mean of the heads of a group.
    return w.reshape(groups, -1, HIDDEN, WIDTH).mean(axis=1)


def heads(rng, own):  # A part common to a group of 4, and a part of their own.
    common, single = rng.normal(size=(2, 2, HEADS, HIDDEN, WIDTH)) / HIDDEN**0.5
    common = np.repeat(common[:, ::4], 4, axis=1)  # The same for 4 heads.
    return (1 - own) ** 0.5 * common + own**0.5 * single  # w_k and w_v


def draw(seed, own):  # An input and the weights of a layer.
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(TIME, HIDDEN))
    w_q = rng.normal(size=(HEADS, HIDDEN, WIDTH)) / HIDDEN**0.5
    w_o = rng.normal(size=(HEADS, WIDTH, HIDDEN)) / (HEADS * WIDTH) ** 0.5
    return x, w_q, *heads(rng, own), w_o


# --8<-- [end:heads]

# --8<-- [start:pool]
errors = {}
print("variance of its own   error with 2 KV heads   with 1")
for own in (0.0, 0.1, 0.5, 1.0):
    for groups in (2, 1):
        for seed in range(3):
            x, w_q, w_k, w_v, w_o = draw(seed, own)
            exact = layer(x, w_q, w_k, w_v, w_o)
            pooled = layer(x, w_q, pool(w_k, groups), pool(w_v, groups), w_o)
            error = np.linalg.norm(pooled - exact) / np.linalg.norm(exact)
            errors.setdefault((own, groups), []).append(error)
    two, one = (np.mean(errors[own, groups]) for groups in (2, 1))
    print(f"{own:19.0%} {two:23.0%} {one:8.0%}")
assert max(errors[0.0, 2]) < 1e-12 and min(errors[0.0, 1]) > 0.1
assert min(errors[0.1, 2]) > 0.3 and min(errors[1.0, 2]) > 0.5
# --8<-- [end:pool]

# --8<-- [start:rank]
rank, floor, reached = {}, {}, {}
_, w_q, w_k, *_ = draw(seed=0, own=1.0)  # Nothing in common.
forms = w_q @ w_k.transpose(0, 2, 1)  # (heads, hidden, hidden)
for groups in (8, 2, 1):
    kept = np.repeat(pool(w_k, groups), HEADS // groups, axis=0)
    pooled = w_q @ kept.transpose(0, 2, 1)
    rank[groups] = int(np.linalg.matrix_rank(pooled.reshape(-1, HIDDEN)))
    stacks = forms.reshape(groups, -1, HIDDEN)  # One stack for each group.
    tail = np.linalg.svd(stacks, compute_uv=False)[:, WIDTH:]
    floor[groups] = np.linalg.norm(tail) / np.linalg.norm(forms)
    reached[groups] = np.linalg.norm(pooled - forms) / np.linalg.norm(forms)
    print(f"{groups} KV heads: rank {rank[groups]:2d},", end=" ")
    print(f"pooled {reached[groups]:.0%} off, best shared keys {floor[groups]:.0%}")
assert rank == {groups: groups * WIDTH for groups in rank}
assert reached[2] > floor[2] > 0.5 and floor[8] < 1e-12
# --8<-- [end:rank]
