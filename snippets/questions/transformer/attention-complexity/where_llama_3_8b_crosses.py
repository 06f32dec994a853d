# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Fewer key heads and another feed-forward move the crossing from 6 to 6.5 widths."""

# --8<-- [start:config]
hidden, inner, heads, key_heads = 4096, 14336, 32, 8  # Llama 3 8B
head = hidden // heads
attention = 2 * hidden**2 + 2 * hidden * key_heads * head  # Q and O, K and V
matrices = attention + 3 * hidden * inner  # SwiGLU has three matrices.
crossing = 2 * matrices // (4 * heads * head)  # 2 N S = 4 S^2 (heads x head)
print(f"{matrices:,} weights a layer, crossing at {crossing:,} tokens")
share, skipped = {}, {}  # with the future computed, and without
for s in (8192, 13 * hidden, 131072):
    linear, quadratic = 2 * s * matrices, 4 * s**2 * heads * head
    share[s] = quadratic / (linear + quadratic)
    skipped[s] = quadratic / 2 / (linear + quadratic / 2)
    print(f"{s:6d} tokens: {share[s]:.0%} quadratic, {skipped[s]:.0%} if the future is skipped")
assert matrices == 218_103_808 and crossing == 6.5 * hidden
assert skipped[13 * hidden] == 0.5  # Without the future it takes twice the length.
# --8<-- [end:config]
