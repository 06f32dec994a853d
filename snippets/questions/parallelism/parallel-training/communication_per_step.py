# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Data parallelism sends gradients, tensor parallelism sends activations."""

# --8<-- [start:count]
layers, width, tokens, parameters = 32, 4096, 4096, 7e9
p, number = 8, 2  # Workers, bytes per 16-bit number.
ring = (p - 1) / p  # Sent by each worker in one reduce-scatter or all-gather.


def gigabytes(sequences):
    weights = ring * parameters * number
    activation = sequences * tokens * width * number
    return {
        "data parallel, ZeRO-1, ZeRO-2": 2 * weights / 1e9,
        "ZeRO-3": 3 * weights / 1e9,
        "tensor parallel": layers * 4 * 2 * ring * activation / 1e9,
        "pipeline, a middle stage": 2 * activation / 1e9,
    }


one, eight = gigabytes(1), gigabytes(8)
print("GB each worker sends per step     1 sequence   8 sequences")
for name in one:
    print(f"{name:30s} {one[name]:13.2f} {eight[name]:13.2f}")
assert one["tensor parallel"] < one["ZeRO-3"] < eight["tensor parallel"]
# --8<-- [end:count]
