# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""With more devices than KV heads, splitting by heads has to keep copies of the KV heads."""

# --8<-- [start:weights]
import numpy as np

HIDDEN, HEADS, KV_HEADS, WIDTH, TIME = 48, 16, 4, 8, 10
rng = np.random.default_rng(0)
x = rng.normal(size=(TIME, HIDDEN))
w_q = rng.normal(size=(HEADS, HIDDEN, WIDTH)) / HIDDEN**0.5
w_k, w_v = rng.normal(size=(2, KV_HEADS, HIDDEN, WIDTH)) / HIDDEN**0.5
w_o = rng.normal(size=(HEADS, WIDTH, HIDDEN)) / (HEADS * WIDTH) ** 0.5
# --8<-- [end:weights]


# --8<-- [start:shard]
def device(mine):  # The part of the output of the query heads `mine`, and the cache.
    needed = sorted({head * KV_HEADS // HEADS for head in mine})
    k, v = x @ w_k[needed], x @ w_v[needed]  # (KV heads here, time, width)
    output = np.zeros((TIME, HIDDEN))
    for head in mine:
        place = needed.index(head * KV_HEADS // HEADS)
        weights = np.exp(x @ w_q[head] @ k[place].T / WIDTH**0.5)  # (time, time)
        weights /= weights.sum(axis=1, keepdims=True)
        output += weights @ v[place] @ w_o[head]
    return output, k.size + v.size


# --8<-- [end:shard]

# --8<-- [start:count]
whole, numbers = device(range(HEADS))
shares = {}  # of the cache of one device: the largest on a device, all together
for devices in (1, 2, 4, 8, 16):
    parts = [device(mine) for mine in np.split(np.arange(HEADS), devices)]
    total = np.sum([output for output, _ in parts], axis=0)  # The all-reduce.
    caches = [cache / numbers for _, cache in parts]
    shares[devices] = max(caches), sum(caches)
    print(f"{devices:2d} devices: largest cache {max(caches):.4f} of one device,", end=" ")
    print(f"all together {sum(caches):.0f}")
    assert np.abs(total - whole).max() < 1e-12
# With more than 4 devices the cache of each stays a quarter, and copies add up.
assert shares == {1: (1, 1), 2: (1 / 2, 1), 4: (1 / 4, 1), 8: (1 / 4, 2), 16: (1 / 4, 4)}
# --8<-- [end:count]

# --8<-- [start:llama]
each = {}  # GiB of one sequence of 8192 tokens, in the shape of Llama 3 70B
for kv_heads in (64, 8, 1):
    sequence = 2 * 80 * kv_heads * 128 * 2 * 8192 / 2**30
    for devices in (1, 8, 16):
        each[kv_heads, devices] = sequence / min(devices, kv_heads)
    line = [f"{each[kv_heads, devices]:7.4f}" for devices in (1, 8, 16)]
    print(f"{kv_heads:2d} KV heads on 1, 8, 16 devices: {' '.join(line)} GiB each")
assert each[8, 16] == each[8, 8] == each[1, 8] < each[64, 8]
# --8<-- [end:llama]
