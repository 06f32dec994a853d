# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""RoPE on expanded keys leaves no one matrix to absorb; RoPE on a key of its own does."""

# --8<-- [start:rotate]
import numpy as np

HIDDEN, RANK, CONTENT, PLACE, TIME = 64, 24, 16, 8, 48


def rotation(position, width):  # RoPE as a matrix, for row vectors
    angle = position * 10000.0 ** (-np.arange(0, width, 2) / width)
    turn, pair = np.zeros((width, width)), np.arange(0, width, 2)
    turn[pair, pair] = turn[pair + 1, pair + 1] = np.cos(angle)
    turn[pair, pair + 1], turn[pair + 1, pair] = np.sin(angle), -np.sin(angle)
    return turn


def rotate(a):  # (time, width), each row by its own position
    return np.stack([row @ rotation(m, a.shape[1]) for m, row in enumerate(a)])


# --8<-- [end:rotate]

# --8<-- [start:wanted]
rng = np.random.default_rng(0)
x = rng.normal(size=(TIME, HIDDEN))
latent = x @ rng.normal(size=(HIDDEN, RANK)) / HIDDEN**0.5  # (time, rank)
w_q = rng.normal(size=(HIDDEN, CONTENT)) / HIDDEN**0.5  # One head is enough.
up_k = rng.normal(size=(RANK, CONTENT)) / RANK**0.5
wanted = rotate(x @ w_q) @ rotate(latent @ up_k).T  # RoPE on the expanded keys.


def between(distance):  # (hidden, rank): what stands between x_m and latent_n
    return w_q @ rotation(distance, CONTENT) @ up_k.T


def error(scores, exact):  # Over the pairs that causal attention uses.
    return np.linalg.norm(np.tril(scores - exact)) / np.linalg.norm(np.tril(exact))


# --8<-- [end:wanted]

# --8<-- [start:between]
each = np.zeros((TIME, TIME))
for m, n in np.ndindex(each.shape):
    each[m, n] = x[m] @ between(m - n) @ latent[n]
right = error(each, wanted)
far = [between(d).ravel() for d in rng.integers(0, 32768, size=64)]
independent = int(np.linalg.matrix_rank(far))
print(f"one matrix for each distance: scores off by {right:.0e}")
print(f"64 distances: {independent} independent matrices, head width {CONTENT}")
assert right < 1e-12 and independent == CONTENT
# --8<-- [end:between]

# --8<-- [start:absorb]
pairs = zip(*np.tril_indices(TIME), strict=True)  # What causal attention sees.
mean = np.mean([between(m - n) for m, n in pairs], axis=0)  # (hidden, rank)
off = {
    "the one of distance 0": error(x @ between(0) @ latent.T, wanted),
    "the mean of all pairs": error(x @ mean @ latent.T, wanted),
}
for name, value in off.items():
    print(f"one matrix for all, {name}: scores off by {value:.0%}")
assert min(off.values()) > 0.3
# --8<-- [end:absorb]

# --8<-- [start:decouple]
w_q_place, w_k_place = rng.normal(size=(2, HIDDEN, PLACE)) / HIDDEN**0.5
k_place = rotate(x @ w_k_place)  # (time, place), for all heads
q_place = rotate(x @ w_q_place)
decoupled = (x @ w_q) @ (latent @ up_k).T + q_place @ k_place.T
one_matrix = x @ (w_q @ up_k.T) @ latent.T + q_place @ k_place.T
split = error(one_matrix, decoupled)
print(f"content without RoPE, positions apart: scores off by {split:.0e}")
assert split < 1e-12
# --8<-- [end:decouple]
