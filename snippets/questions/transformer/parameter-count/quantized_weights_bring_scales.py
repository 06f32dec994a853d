# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""An int8 copy of Llama 2 7B holds more numbers than the original: one scale per output."""

# --8<-- [start:scales]
vocabulary, d, layers, ffn = 32000, 4096, 32, 11008
per_layer = 4 * d + 2 * ffn + d  # q, k, v, output; gate, up; down
scales = layers * per_layer + 2 * vocabulary  # and one per row of both embeddings
quantized = 6_738_415_616 + scales
print(f"{scales:,} scales, {quantized:,} numbers")
assert quantized == 6_739_839_488
# --8<-- [end:scales]
