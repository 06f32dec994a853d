# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "ml-dtypes"]
# ///
"""Absorption is exact; latents in 8 bits are not, and the cache shrinks once more."""

# --8<-- [start:cache]
import ml_dtypes
import numpy as np

HEADS, CONTENT, PLACE, RANK, TIME = 8, 128, 64, 512, 256  # As DeepSeek-V3, 8 heads.
rng = np.random.default_rng(0)
q_content, q_place = rng.normal(size=(HEADS, 1, CONTENT)), rng.normal(size=(HEADS, 1, PLACE))
latent, k_place = rng.normal(size=(TIME, RANK)), rng.normal(size=(TIME, PLACE))
up_k, up_v = rng.normal(size=(2, HEADS, RANK, CONTENT)) / RANK**0.5
# --8<-- [end:cache]


# --8<-- [start:absorb]
def softmax(scores):
    weights = np.exp(scores / (CONTENT + PLACE) ** 0.5)
    return weights / weights.sum(axis=-1, keepdims=True)


def absorbed(latent, k_place):
    q_latent = q_content @ up_k.transpose(0, 2, 1)  # (heads, 1, rank)
    return softmax(q_latent @ latent.T + q_place @ k_place.T) @ latent @ up_v


# --8<-- [end:absorb]

# --8<-- [start:eight]
blocks = latent.reshape(TIME, 4, 128)  # One scale for every 128 numbers.
scale = np.abs(blocks).max(axis=-1, keepdims=True).astype("float32") / 448
eight = (blocks / scale).astype(ml_dtypes.float8_e4m3fn)
place = k_place.astype(ml_dtypes.bfloat16)
kept = eight.nbytes + scale.nbytes + place.nbytes
restored = (eight.astype("float64") * scale).reshape(TIME, RANK), place.astype("float64")
# --8<-- [end:eight]

# --8<-- [start:compare]
k_content = latent @ up_k  # (heads, time, content)
scores = q_content @ k_content.transpose(0, 2, 1) + q_place @ k_place.T
exact = softmax(scores) @ (latent @ up_v)  # Every key and value expanded.
error = {}
for name, output in {
    "absorbed": absorbed(latent, k_place),
    "absorbed, 8 bits": absorbed(*restored),
}.items():
    error[name] = np.linalg.norm(output - exact) / np.linalg.norm(exact)
    print(f"{name:17s} off by {error[name]:.0e}")
print(f"bytes per token and layer: {2 * (RANK + PLACE)} in bfloat16, {kept // TIME} in 8 bits")
assert error["absorbed"] < 1e-12 and 0.001 < error["absorbed, 8 bits"] < 0.1
assert kept == 656 * TIME
# --8<-- [end:compare]
