# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = []
# ///
"""What a token takes in the KV cache of six models, and when that is as much as the weights."""

# --8<-- [start:bytes]
BYTES, WINDOW, KIB, GIB = 2, 128, 2**10, 2**30  # bfloat16
models = {  # layers that keep all tokens, that keep a window; numbers for a token and layer
    "Llama 2 7B, MHA": (32, 0, 2 * 32 * 128),  # keys and values, KV heads, width of a head
    "Llama 3 8B, GQA": (32, 0, 2 * 8 * 128),
    "Qwen3-8B, GQA": (36, 0, 2 * 8 * 128),
    "Llama 3 70B, GQA": (80, 0, 2 * 8 * 128),
    "DeepSeek-V3, MLA": (61, 0, 512 + 64),  # one latent and one position key
    "gpt-oss-20b, windows": (12, 12, 2 * 8 * 64),
}


def cache(name, tokens):  # bytes of one sequence
    whole, windowed, numbers = models[name]
    return BYTES * numbers * (whole * tokens + windowed * min(tokens, WINDOW))


token = {name: cache(name, 8192) - cache(name, 8191) for name in models}
print(f"{'':22s} one token   8,192 tokens")
for name, each in token.items():
    print(f"{name:22s} {each / KIB:5.1f} KiB {cache(name, 8192) / GIB:10.2f} GiB")
assert token["Llama 3 8B, GQA"] == 128 * KIB and cache("Llama 3 8B, GQA", 8192) == GIB
assert token["Llama 2 7B, MHA"] == 4 * token["Llama 3 8B, GQA"]
assert token["DeepSeek-V3, MLA"] < token["Qwen3-8B, GQA"] / 2

parameters = {"Llama 2 7B, MHA": 6_738_415_616, "Llama 3 8B, GQA": 8_030_261_248}
balance = {}
for name, count in parameters.items():
    balance[name] = BYTES * count // token[name]
    print(f"{name}: {balance[name]:,} tokens weigh as much as the model")
assert balance["Llama 3 8B, GQA"] > 4 * balance["Llama 2 7B, MHA"]
# --8<-- [end:bytes]

# --8<-- [start:hidden]
guess = {}  # 2 x layers x hidden width x bytes, a formula that is often quoted
for name, layers, hidden in (
    ("Llama 2 7B, MHA", 32, 4096),
    ("Llama 3 70B, GQA", 80, 8192),
    ("gpt-oss-20b, windows", 24, 2880),
):
    guess[name] = 2 * layers * hidden * BYTES / token[name]
    print(f"{name:22s} {guess[name]:5.2f} times the true growth")
assert guess["Llama 2 7B, MHA"] == 1 and guess["Llama 3 70B, GQA"] == 8
assert guess["gpt-oss-20b, windows"] == 11.25
# --8<-- [end:hidden]
