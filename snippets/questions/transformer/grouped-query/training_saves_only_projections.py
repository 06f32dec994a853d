# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""In training, fewer KV heads save a part of the projections and none of the attention."""

# --8<-- [start:count]
HIDDEN, INNER, HEADS, WIDTH, TIME = 8192, 28672, 64, 128, 8192  # Llama 3 70B
weights, total = {}, {}
for kv_heads in (64, 8, 1):
    projections = 2 * HIDDEN * HEADS * WIDTH + 2 * HIDDEN * kv_heads * WIDTH
    weights[kv_heads] = projections + 3 * HIDDEN * INNER  # SwiGLU has three matrices.
    attention = 4 * TIME * HEADS * WIDTH / 2  # Half of it is the future.
    total[kv_heads] = 2 * weights[kv_heads] + attention  # FLOPs per token
    print(f"{kv_heads:2d} KV heads: {weights[kv_heads] / 1e6:.0f} million weights,", end=" ")
    print(f"{total[kv_heads] / 1e9:.2f} GFLOPs a token and layer")
saved = 1 - total[8] / total[64]
print(f"8 instead of 64 KV heads: cache {1 - 8 / 64:.1%} smaller, {saved:.1%} fewer FLOPs")
assert total[64] - total[8] == 2 * 2 * HIDDEN * (64 - 8) * WIDTH  # W_K and W_V alone.
# --8<-- [end:count]
