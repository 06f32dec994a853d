# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Two thirds of a layer is feed-forward, and more where heads share keys and values."""

# --8<-- [start:share]
share = {}
print("model          attention   feed-forward   share of feed-forward")
for name, d, heads, kv_heads, width, matrices in (
    ("textbook", 4096, 32, 32, 4 * 4096, 2),
    ("LLaMA 7B", 4096, 32, 32, 11008, 3),
    ("Llama 3 8B", 4096, 32, 8, 14336, 3),
    ("SmolLM3 3B", 2048, 16, 4, 11008, 3),
):
    # Queries and output are d × d, keys and values d × (d · kv_heads / heads).
    attention = 2 * d * d + 2 * d * (d * kv_heads // heads)
    feed_forward = matrices * d * width
    share[name] = feed_forward / (attention + feed_forward)
    print(f"{name:11s} {attention:12,d} {feed_forward:14,d} {share[name]:12.1%}")
assert share["textbook"] == 2 / 3 and abs(share["LLaMA 7B"] - 2 / 3) < 0.005
assert share["Llama 3 8B"] > 0.8 and share["SmolLM3 3B"] > 0.85
# --8<-- [end:share]
