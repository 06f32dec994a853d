# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = []
# ///
"""Prefill waits for arithmetic, decode for memory; a batch shares weights and no cache."""

# --8<-- [start:phases]
LAYERS, HIDDEN, INNER, VOCABULARY = 32, 4096, 14336, 128256  # Llama 3 8B
HEADS, KV_HEADS, WIDTH, BYTES = 32, 8, 128, 2  # bfloat16
LAYER = 2 * HIDDEN * WIDTH * (HEADS + KV_HEADS) + 3 * HIDDEN * INNER
BODY, OUTPUT = LAYERS * LAYER, HIDDEN * VOCABULARY  # weights in matrix products
TOKEN = 2 * LAYERS * KV_HEADS * WIDTH * BYTES  # bytes of a token in the KV cache


def step(batch, new, seen, weight_bytes=BYTES):
    """Operations and bytes of `new` tokens behind `seen` cached ones, in each sequence."""
    pairs = batch * (new * seen + new * (new + 1) // 2)  # query and key, causal
    operations = 2 * (BODY * batch * new + OUTPUT * batch) + 4 * LAYERS * HEADS * WIDTH * pairs
    read = weight_bytes * (BODY + OUTPUT) + TOKEN * batch * (seen + new)
    return operations, read


def intensity(*case):
    operations, read = step(*case)
    return operations / read


gpus = {  # operations a second in dense bfloat16, bytes a second
    "A100": (3.1e14, 2.0e12),
    "H100": (9.9e14, 3.35e12),
    "H200": (9.9e14, 4.8e12),
    "B200": (2.3e15, 8.0e12),
}
ridge = {name: peak / bandwidth for name, (peak, bandwidth) in gpus.items()}
cases = {
    "prefill, 2,048 tokens": (1, 2048, 0),
    "prefill, 64 tokens": (1, 64, 0),
    "decode, 1 sequence": (1, 1, 2048),
    "decode, 32 sequences": (32, 1, 2048),
}


def bound(gpu, case, **other):  # seconds; peak rates, reading and computing overlap
    operations, read = step(*case, **other)
    return max(operations / gpus[gpu][0], read / gpus[gpu][1])


print("ridge:", ", ".join(f"{name} {value:.0f}" for name, value in ridge.items()))
print(f"{'':22s} operations a byte   at least on an H100   with 8-bit weights")
eight = {}
for name, case in cases.items():
    times = [bound("H100", case, weight_bytes=each) for each in (2, 1)]  # bfloat16, 8 bits
    eight[name] = times[1] / times[0]
    print(f"{name:22s} {intensity(*case):17.1f} {1e3 * times[0]:18.1f} ms", end="")
    print(f"{1e3 * times[1]:17.1f} ms")
assert intensity(1, 1, 2048) < 0.01 * min(ridge.values())
assert intensity(1, 2048, 0) > 4 * max(ridge.values())
assert max(intensity(*case) for case in list(cases.values())[1:]) < 0.5 * min(ridge.values())
assert eight["prefill, 2,048 tokens"] == 1 and eight["decode, 1 sequence"] < 0.55
# --8<-- [end:phases]

# --8<-- [start:batch]
print("context    batch 1      8     64    512   any batch")
limit = {}
for context in (256, 1024, 8192, 32768):
    alone = step(1, 1, context)[0]  # operations of one sequence
    limit[context] = alone / (TOKEN * (context + 1))  # reading weights costs nothing any more
    row = [intensity(batch, 1, context) for batch in (1, 8, 64, 512)]
    assert row == sorted(row) and row[-1] < limit[context]
    print(f"{context:7,d}", "".join(f"{value:7.1f}" for value in row), f"{limit[context]:9.1f}")
need = {
    name: next(n for n in range(1, 10**4) if intensity(n, 1, 256) > ridge[name]) for name in gpus
}
print("context 256: compute-bound from a batch of", need)
assert limit[8192] < 0.2 * min(ridge.values()) and limit[1024] < min(ridge.values())
assert all(need[name] > 1.5 * ridge[name] for name in gpus)

one, many = (bound("H100", (batch, 1, 8192)) for batch in (1, 56))
print(f"context 8,192 on an H100: {1e3 * one:.1f} ms a token alone, {1e3 * many:.1f} ms with 56,")
print(f"and {56 / many:,.0f} instead of {1 / one:,.0f} tokens a second")
assert 4 < many / one < 5 and step(56, 1, 8192)[1] < 80e9  # The weights and caches fit.
# --8<-- [end:batch]
