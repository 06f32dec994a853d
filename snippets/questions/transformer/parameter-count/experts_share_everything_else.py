# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Eight experts of a 7B model are not 56B, and a token uses two of them."""

# --8<-- [start:experts]
vocabulary, d, layers, heads, kv_heads, ffn = 32000, 4096, 32, 32, 8, 14336
experts, chosen = 8, 2


def mixtral(counted):  # Only the feed-forward networks are multiplied.
    attention = 2 * d * d + 2 * d * kv_heads * (d // heads)
    layer = attention + counted * 3 * d * ffn + d * experts + 2 * d  # router, two norms
    return layers * layer + 2 * vocabulary * d + d


total, active = mixtral(experts), mixtral(chosen)
print(f"in memory {total:,}, used by one token {active:,}")
print(f"eight dense models of this shape: {8 * (mixtral(1) - layers * d * experts):,}")
assert total == 46_702_792_704 and round(active / 1e9, 1) == 12.9
# --8<-- [end:experts]
