# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""A block table changes no result, wastes less than a block a request, and lets requests share."""

# --8<-- [start:table]
import numpy as np

rng = np.random.default_rng(0)


def attention(q, k, v):
    weights = np.exp(k @ q / np.sqrt(len(q)))
    return weights @ v / weights.sum()


length, block = 100, 16
k, v, q = rng.normal(size=(length, 64)), rng.normal(size=(length, 64)), rng.normal(size=64)
table = rng.permutation(1000)[: -(-length // block)]  # Blocks anywhere in the pool.
pool = np.zeros((2, 1000, block, 64))  # (key or value, block, slot, width)
for position in range(length):
    pool[:, table[position // block], position % block] = k[position], v[position]
paged = pool[:, table].reshape(2, -1, 64)[:, :length]  # Read by the table.
assert np.array_equal(attention(q, *paged), attention(q, k, v))
# --8<-- [end:table]

# --8<-- [start:waste]
LIMIT, SLOTS = 2048, 200_000
now = rng.integers(1, 513, size=10_000) + rng.integers(0, 257, size=10_000)  # Prompt and answer.
print(f"limit {LIMIT}, {now.mean():.0f} tokens held on average, room for {SLOTS:,}")
fits, waste = {}, {}
for size in (1, 16, 64, 256, LIMIT):
    held = -(-now // size) * size
    assert np.all(held - now < size)
    waste[size], fits[size] = 1 - now.sum() / held.sum(), int(np.sum(held.cumsum() <= SLOTS))
    print(f"blocks of {size:4d}: {waste[size]:5.1%} wasted, {fits[size]:4d} requests fit")
assert waste[16] < 0.03 and waste[LIMIT] > 0.75 and fits[16] > 4 * fits[LIMIT]
# --8<-- [end:waste]


# --8<-- [start:prefix]
def keys(tokens, size):  # A full block is known by all that comes before it, and by its tokens.
    chain = [0]
    for end in range(size, len(tokens) + 1, size):
        chain.append(hash((chain[-1], *tokens[end - size : end])))
    return chain[1:]


system, user = list(range(1000)), list(range(2000, 2100))
cached, shared = set(keys(system + user, 16)), {}
for name, prompt in {
    "same start": system + user[::-1],
    "one token in front": [7] + system + user,
    "one token changed halfway": system[:500] + [7] + system[501:] + user,
}.items():
    shared[name] = 16 * sum(key in cached for key in keys(prompt, 16))
    print(f"{name:26s}{shared[name]:4d} of {len(prompt)} tokens from the cache")
assert list(shared.values()) == [1000 // 16 * 16, 0, 500 // 16 * 16]
# --8<-- [end:prefix]
