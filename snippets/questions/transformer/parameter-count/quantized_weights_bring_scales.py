# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""An int8 copy holds more numbers than the original: one scale for each output."""

# --8<-- [start:scales]
d, layers = 4096, 32
scales = {}
for name, vocabulary, kv, ffn, plain, int8 in (
    ("Llama 2 7B", 32000, 4096, 11008, 6_738_415_616, 6_739_839_488),
    ("Llama 3 8B", 128256, 1024, 14336, 8_030_261_248, 8_031_894_016),
):
    per_layer = 2 * d + 2 * kv + 2 * ffn + d  # q, output; k, v; gate, up; down
    scales[name] = layers * per_layer + 2 * vocabulary  # and rows of both embeddings
    print(f"{name}: {scales[name]:,} scales, {plain + scales[name]:,} numbers")
    assert plain + scales[name] == int8
# --8<-- [end:scales]
