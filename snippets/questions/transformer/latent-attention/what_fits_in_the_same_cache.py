# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A latent can hold the keys and values of any GQA layer; GQA cannot follow a latent back."""

# --8<-- [start:gqa]
import numpy as np

HIDDEN, HEADS, GROUPS, WIDTH, TIME = 64, 8, 2, 8, 20
RANK = 2 * GROUPS * WIDTH  # As many numbers for each token as the cache of GQA.
rng = np.random.default_rng(0)
x = rng.normal(size=(TIME, HIDDEN))
w_q = rng.normal(size=(HEADS, HIDDEN, WIDTH)) / HIDDEN**0.5
w_k, w_v = rng.normal(size=(2, GROUPS, HIDDEN, WIDTH)) / HIDDEN**0.5


def attend(q, k, v):  # (heads, time, width) each
    weights = np.exp(q @ k.transpose(0, 2, 1) / WIDTH**0.5)
    return weights / weights.sum(axis=-1, keepdims=True) @ v


k, v = (np.repeat(x @ w, HEADS // GROUPS, axis=0) for w in (w_k, w_v))
grouped = attend(x @ w_q, k, v)  # (heads, time, width)
# --8<-- [end:gqa]

# --8<-- [start:mla]
down = np.concatenate([*w_k, *w_v], axis=1)  # All keys, then all values.
up_k, up_v = np.zeros((2, HEADS, RANK, WIDTH))
for head in range(HEADS):
    block = head // (HEADS // GROUPS) * WIDTH
    up_k[head, block : block + WIDTH] = np.eye(WIDTH)  # Its group.
    up_v[head, RANK // 2 + block : RANK // 2 + block + WIDTH] = np.eye(WIDTH)
latent = x @ down  # (time, rank)
same = np.abs(attend(x @ w_q, latent @ up_k, latent @ up_v) - grouped).max()
print(f"GQA as latent attention: {latent.shape[1]} numbers kept, off by {same:.0e}")
assert same < 1e-12
# --8<-- [end:mla]


# --8<-- [start:back]
def stacked(up_k):  # Scores are x_m form x_n; all forms: (heads · hidden, hidden)
    return (w_q @ (down @ up_k).transpose(0, 2, 1)).reshape(-1, HIDDEN)


rank, floor = {}, {}
for name, up in {"GQA": up_k, "MLA": rng.normal(size=up_k.shape)}.items():
    values = np.linalg.svd(stacked(up), compute_uv=False)
    rank[name] = int(np.sum(values > 1e-9 * values[0]))
    tail = values[GROUPS * WIDTH :]  # What any two KV heads have to leave out.
    floor[name] = np.linalg.norm(tail) / np.linalg.norm(values)
    print(f"{name}: keys span {rank[name]} directions,", end=" ")
    print(f"the best GQA with this cache {floor[name]:.0%} off")
assert rank == {"GQA": RANK // 2, "MLA": RANK}
assert floor["GQA"] < 1e-12 and floor["MLA"] > 0.3
# --8<-- [end:back]
