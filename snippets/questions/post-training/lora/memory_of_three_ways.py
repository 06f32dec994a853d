# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = []
# ///
"""Memory for the weights, gradients and Adam of Llama 3 8B: full, LoRA, QLoRA."""

# --8<-- [start:adapters]
d, layers, vocabulary, kv, ffn = 4096, 32, 128256, 1024, 14336
shapes = {  # (out, in) of the matrices of a layer
    **{"q": (d, d), "k": (kv, d), "v": (kv, d), "o": (d, d)},
    **{"gate": (ffn, d), "up": (ffn, d), "down": (d, ffn)},
}
matrices = layers * sum(out * into for out, into in shapes.values())
rest = 2 * vocabulary * d + (2 * layers + 1) * d  # both embeddings, norms
print(
    f"model {matrices + rest:,}, of which in matrices of the layers {matrices / (matrices + rest):.0%}"
)
assert matrices + rest == 8_030_261_248

rank, trained = 16, {}
for name, places in {"q, v": "q v", "attention": "q k v o", "all": " ".join(shapes)}.items():
    trained[name] = layers * sum(rank * sum(shapes[place]) for place in places.split())
    print(f"rank {rank} on {name:10}{trained[name]:11,} = {trained[name] / (matrices + rest):.2%}")
assert list(trained.values()) == [6_815_744, 13_631_488, 41_943_040]

# Per trained number: 2 weight, 2 gradient, 4 master copy, 8 for both moments of Adam.
LEARN, HALF = 16, 2
bits = 4 + 8 / 64 + 32 / (64 * 256)  # A scale of 8 bits per 64 weights, one of 32 per 256 scales.
single = 4 + 32 / 64
gigabytes = {
    "full": LEARN * (matrices + rest) / 1e9,
    "LoRA": (HALF * (matrices + rest) + LEARN * trained["all"]) / 1e9,
    "QLoRA": (bits / 8 * matrices + HALF * rest + LEARN * trained["all"]) / 1e9,
}
print(f"bits per quantized weight: {single} with one scale of 32 bits, {bits:.3f} with two")
for way, size in gigabytes.items():
    print(f"{way:6}{size:6.1f} GB, and activations")
assert round(single - bits, 2) == 0.37  # As the paper says.
assert gigabytes["full"] > 7 * gigabytes["LoRA"] and gigabytes["LoRA"] > 2.5 * gigabytes["QLoRA"]
# --8<-- [end:adapters]
