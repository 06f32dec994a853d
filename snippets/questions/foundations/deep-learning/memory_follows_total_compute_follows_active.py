# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""In a mixture of experts, memory follows all weights, compute the active ones."""

# --8<-- [start:count]
d, depth, hidden, vocabulary = 4096, 32, 14336, 32000  # Mixtral 8x7B.
key_value_width, experts, chosen = 1024, 8, 2

attention = 2 * d * d + 2 * d * key_value_width  # Query, output; key, value.
expert = 3 * d * hidden  # Gate, up and down matrices.
router, norms = d * experts, 2 * d
shared = depth * (attention + router + norms) + 2 * vocabulary * d + d
total = shared + depth * experts * expert
active = shared + depth * chosen * expert
memory = 2 * total / 1e9  # Two bytes a weight, in GB.

# "8x7B" is not 56 B: attention is shared.
print(f"total {total / 1e9:.1f} B, active for one token {active / 1e9:.1f} B")
print(f"weights in 16 bits {memory:.0f} GB, as the total says")
print(f"one token {2 * active / 1e9:.0f} billion operations, as the active says")
assert round(total / 1e9, 1) == 46.7 and round(active / 1e9, 1) == 12.9
# --8<-- [end:count]
