# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = []
# ///
"""What a token takes in the KV cache of six models, and how many contexts fit a GPU."""

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
# --8<-- [end:bytes]


# --8<-- [start:room]
def weights(layers, hidden, inner, heads, groups, vocabulary, width=128):
    attention = 2 * hidden * width * (heads + groups)  # W_Q and W_O, W_K and W_V
    layer = attention + 3 * hidden * inner + 2 * hidden  # gated feed-forward, two norms
    return layers * layer + 2 * vocabulary * hidden + hidden  # embedding, output, last norm


GPU = 80e9  # bytes
shapes = {
    "Llama 2 7B, MHA": (32, 4096, 11008, 32, 32, 32000),
    "Llama 3 8B, GQA": (32, 4096, 14336, 32, 8, 128256),
}
room, balance = {}, {}
for name, shape in shapes.items():
    size = BYTES * weights(*shape)
    room[name] = int((GPU - size) // cache(name, 4096))
    balance[name] = int(size // token[name])
    print(f"{name}: {size / 1e9:.1f} GB of weights, beside them", end=" ")
    print(f"{room[name]} sequences of 4,096 tokens")
assert weights(*shapes["Llama 3 8B, GQA"]) == 8_030_261_248
assert room["Llama 3 8B, GQA"] > 3.5 * room["Llama 2 7B, MHA"]
# --8<-- [end:room]

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
