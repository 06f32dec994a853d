# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""In training, fewer key heads save a part of the projections and none of the attention."""

# --8<-- [start:count]
HIDDEN, INNER, HEADS, WIDTH, TIME = 8192, 28672, 64, 128, 8192  # Llama 3 70B
weights, total = {}, {}
for key_heads in (64, 8, 1):
    projections = 2 * HIDDEN * HEADS * WIDTH + 2 * HIDDEN * key_heads * WIDTH
    weights[key_heads] = projections + 3 * HIDDEN * INNER  # SwiGLU has three matrices.
    attention = 4 * TIME * HEADS * WIDTH / 2  # Half of it is the future.
    total[key_heads] = 2 * weights[key_heads] + attention  # FLOPs per token
    print(f"{key_heads:2d} key heads: {weights[key_heads] / 1e6:.0f} million weights,", end=" ")
    print(f"{total[key_heads] / 1e9:.2f} GFLOPs a token and layer")
saved = 1 - total[8] / total[64]
print(f"8 instead of 64 key heads: cache {1 - 8 / 64:.1%} smaller, {saved:.1%} fewer FLOPs")
assert 0.1 < saved < 0.12
# --8<-- [end:count]
