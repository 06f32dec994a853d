# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A latent does not split by heads: under tensor parallelism every device keeps all of it."""

# --8<-- [start:shard]
import numpy as np

HEADS, RANK, WIDTH, HIDDEN, TIME = 16, 24, 8, 32, 20
rng = np.random.default_rng(0)
q = rng.normal(size=(HEADS, 1, WIDTH))  # One new token.
latent = rng.normal(size=(TIME, RANK))
up_k, up_v = rng.normal(size=(2, HEADS, RANK, WIDTH)) / RANK**0.5
w_o = rng.normal(size=(HEADS, WIDTH, HIDDEN)) / (HEADS * WIDTH) ** 0.5


def device(mine, seen):  # Heads of this device, columns of the latent it holds.
    scores = q[mine] @ up_k[mine][:, seen].transpose(0, 2, 1) @ latent[:, seen].T
    weights = np.exp(scores / WIDTH**0.5)
    weights /= weights.sum(axis=-1, keepdims=True)  # (heads here, 1, time)
    return np.sum(weights @ latent[:, seen] @ up_v[mine][:, seen] @ w_o[mine], axis=0)


# --8<-- [end:shard]

# --8<-- [start:split]
everything = slice(None)
whole = device(everything, everything)
heads, columns = (np.split(np.arange(n), 8) for n in (HEADS, RANK))
parts = {
    "heads split, latent copied": [device(mine, everything) for mine in heads],
    "heads split, latent split": [device(*pair) for pair in zip(heads, columns, strict=True)],
}
error = {}
for name, outputs in parts.items():  # The sum is the all-reduce.
    error[name] = np.linalg.norm(np.sum(outputs, axis=0) - whole) / np.linalg.norm(whole)
    print(f"{name}: output off by {error[name]:.0e}")
copied, cut = error.values()
assert copied < 1e-12 and cut > 0.3
# --8<-- [end:split]


# --8<-- [start:add]
def part(seen):  # Scores of all heads, from some columns of the latent.
    return q @ up_k[:, seen].transpose(0, 2, 1) @ latent[:, seen].T


weights = np.exp(sum(part(seen) for seen in columns) / WIDTH**0.5)  # One more all-reduce.
weights /= weights.sum(axis=-1, keepdims=True)
outputs = [weights @ latent[:, seen] @ up_v[:, seen] @ w_o for seen in columns]
added = np.linalg.norm(np.sum(outputs, axis=(0, 1)) - whole) / np.linalg.norm(whole)
print(f"latent split, scores added before the softmax: output off by {added:.0e}")
assert added < 1e-12
# --8<-- [end:add]

# --8<-- [start:deepseek]
each = {}  # GiB of one sequence of 4096 tokens on each device, 61 layers, bfloat16
for name, (pieces, numbers) in {
    "128 KV heads": (128, 128 * 256),
    "8 KV heads": (8, 8 * 256),
    "one latent": (1, 576),
}.items():
    for devices in (1, 8):
        each[name, devices] = 2 * 61 * 4096 * numbers / 2**30 / min(devices, pieces)
    print(f"{name:13s} 1 device {each[name, 1]:6.3f}, 8 devices {each[name, 8]:6.3f} GiB each")
print(f"8 sequences, one on each device: {each['one latent', 1]:.3f} GiB each")
assert each["8 KV heads", 8] < each["one latent", 8] < each["8 KV heads", 1]
# --8<-- [end:deepseek]
