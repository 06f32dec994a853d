# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Memory of Llama 2 7B: full fine-tuning, LoRA, QLoRA, and what serving leaves for the cache."""

# --8<-- [start:training]
GB, GiB = 1e9, 2**30
layers, width, hidden, vocabulary = 32, 4096, 11008, 32000  # Llama 2 7B
attention, feed_forward = 4 * width**2, 3 * width * hidden
matrices = layers * (attention + feed_forward)  # q, k, v, o; gate, up, down
parameters = matrices + 2 * vocabulary * width + (2 * layers + 1) * width
rank = 16
adapters = layers * rank * (4 * (width + width) + 3 * (width + hidden))
print(f"{parameters:,} parameters, {adapters:,} in adapters: {adapters / parameters:.2%}")
assert parameters == 6_738_415_616

tokens = 4096  # of one batch
kept = tokens * layers * 2 * (8 * width + 4 * hidden) / GB
inputs = tokens * layers * 2 * width / GB  # Full recomputation keeps the input of each layer
recomputed = inputs + kept / layers  # and one layer's arrays at a time.
nf4 = (4 + 8 / 64 + 32 / (64 * 256)) / 8  # bytes, scales in two levels included
methods = {  # model state
    "full, 32-bit gradients": (2 + 4 + 12) * parameters,
    "full, 16-bit gradients": (2 + 2 + 12) * parameters,
    "full, all in bfloat16": (2 + 2 + 2 * 2) * parameters,
    "LoRA": 2 * parameters + 16 * adapters,
    "QLoRA": nf4 * matrices + 2 * (parameters - matrices) + 16 * adapters,
}
print(f"activations of {tokens} tokens: {kept:.1f} GB, recomputed {recomputed:.1f} GB")
state, sums = {}, {}
for name, size in methods.items():
    state[name] = size / GB
    sums[name] = state[name] + kept, state[name] + recomputed
    print(f"{name:22s} {state[name]:6.1f} {sums[name][0]:7.1f} {sums[name][1]:7.1f} GB")

assert state["full, 16-bit gradients"] > 80 > sums["full, all in bfloat16"][0]
assert sums["LoRA"][0] > 24 > sums["LoRA"][1] and sums["QLoRA"][1] < 8
estimates = {  # of LLaMA-Factory, for 7B
    "full, 32-bit gradients": 120,
    "full, all in bfloat16": 60,
    "LoRA": 16,
    "QLoRA": 6,
}
for name, theirs in estimates.items():
    print(f"{name:22s} {sums[name][1]:6.1f} GB here, {theirs} GB there")
    assert abs(sums[name][1] / theirs - 1) < 0.08, name
# --8<-- [end:training]


# --8<-- [start:serving]
def per_token(layers, heads, head_width):
    return 2 * layers * heads * head_width * 2  # bytes: keys and values of 16 bits


llama2, llama3 = per_token(32, 32, 128), per_token(32, 8, 128)
logged_tokens, logged_gib = 2356 * 16, 4.60  # blocks of 16 in a log of vLLM
here = logged_tokens * llama3 / GiB
print(f"cache for {logged_tokens} tokens: logged {logged_gib:.2f} GiB, here {here:.2f} GiB")
assert abs(here - logged_gib) < 0.005 and llama2 == 4 * llama3 == 512 * 1024
room, fits, share = 0.92 * 80 - 2, {}, {}  # GB: vLLM's default; 2 for all but weights, cache
for name, size, weights in [
    ("Llama 2 7B", llama2, 2 * parameters / GB),
    ("Llama 3.1 8B", llama3, 2 * 8_030_261_248 / GB),
]:
    one = tokens * size / GB  # cache of a sequence
    fits[name], share[name] = int((room - weights) / one), one / weights
    print(f"{name:12s} {size // 1024} KiB a token, {fits[name]} sequences of {tokens}")
assert 0.15 < share["Llama 2 7B"] < 0.2 < 4 < share["Llama 2 7B"] * fits["Llama 2 7B"]
assert 3.5 < fits["Llama 3.1 8B"] / fits["Llama 2 7B"] < 4
# --8<-- [end:serving]
