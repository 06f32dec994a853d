# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "matplotlib"]
# ///
"""One function counts GPT-2, Llama and Qwen to the last parameter; 12 L d^2 does not."""

# --8<-- [start:count]
import matplotlib.pyplot as plt
import tensorflow as tf


def count(vocabulary, d, layers, heads, kv_heads, ffn, matrices, bias, positions, tied, head=0):
    head = head or d // heads
    q, kv = heads * head, kv_heads * head  # Width of all queries, all keys of one token.
    biases = {"none": 0, "qkv": q + 2 * kv, "all": q + 2 * kv + d + ffn + d}[bias]
    norm = 2 * d if bias == "all" else d  # LayerNorm has a shift, RMSNorm has none.
    return {
        "embeddings": (vocabulary * (1 if tied else 2) + positions) * d,
        "attention": layers * (2 * d * q + 2 * d * kv),  # q, output; k, v
        "feed-forward": layers * matrices * d * ffn,
        "norms and biases": layers * biases + (2 * layers + 1) * norm,
    }


# --8<-- [end:count]


# --8<-- [start:build]
def build(vocabulary, d, layers, heads, kv_heads, ffn, matrices, bias, positions, tied, head=0):
    k, with_bias = tf.keras.layers, bias == "all"
    tokens, places = (tf.keras.Input((None,), dtype="int32") for _ in range(2))
    embedding = k.ReversibleEmbedding(vocabulary, d, tie_weights=tied)
    x = embedding(tokens)  # (batch, time, d)
    x = x + k.Embedding(positions, d)(places) if positions else x
    norm = k.LayerNormalization if with_bias else k.RMSNormalization
    for _ in range(layers):
        attention = k.GroupQueryAttention(head or d // heads, heads, kv_heads, use_bias=with_bias)
        h = norm()(x)
        x = x + attention(h, h)
        h = norm()(x)
        up = k.Dense(ffn, "silu", use_bias=with_bias)(h)  # (batch, time, ffn)
        if matrices == 3:
            up = up * k.Dense(ffn, use_bias=False)(h)
        x = x + k.Dense(d, use_bias=with_bias)(up)
    logits = embedding(norm()(x), reverse=True)  # (batch, time, vocabulary)
    return tf.keras.Model([tokens, places], logits)


# --8<-- [end:build]

# --8<-- [start:equal]
small = {  # vocabulary, d, layers, heads, kv heads, ffn, matrices, bias, positions, tied (, head)
    "like GPT-2": (1000, 48, 3, 4, 4, 192, 2, "all", 64, True),
    "the same with one head": (1000, 48, 3, 1, 1, 192, 2, "all", 64, True),
    "twice the heads of 12": (1000, 48, 3, 8, 8, 192, 2, "all", 64, True, 12),
    "like Llama 2": (1000, 48, 3, 4, 4, 128, 3, "none", 0, False),
    "like Llama 3": (1000, 48, 3, 4, 2, 168, 3, "none", 0, False),
}
by_keras = {}
for name, shape in small.items():
    by_keras[name], by_hand = build(*shape).count_params(), sum(count(*shape).values())
    print(f"{name:23s} Keras {by_keras[name]:,}, by hand {by_hand:,}")
    assert by_keras[name] == by_hand
assert by_keras["like GPT-2"] == by_keras["the same with one head"]
assert by_keras["twice the heads of 12"] > 1.2 * by_keras["like GPT-2"]
# --8<-- [end:equal]

# --8<-- [start:published]
models = {
    "GPT-2 small": (50257, 768, 12, 12, 12, 3072, 2, "all", 1024, True),
    "Llama 2 7B": (32000, 4096, 32, 32, 32, 11008, 3, "none", 0, False),
    "Llama 3 8B": (128256, 4096, 32, 32, 8, 14336, 3, "none", 0, False),
    "Qwen2.5-0.5B": (151936, 896, 24, 14, 2, 4864, 3, "qkv", 0, True),
}
published = [124_439_808, 6_738_415_616, 8_030_261_248, 494_032_768]
parts, short, factor = {}, {}, {}
print("                      counted      12 L d^2   factor of L d^2")
for (name, shape), official in zip(models.items(), published, strict=True):
    parts[name], (_, d, layers, *_) = count(*shape), shape
    total = sum(parts[name].values())
    short[name] = 12 * layers * d * d / total - 1
    blocks = parts[name]["attention"] + parts[name]["feed-forward"]
    factor[name] = blocks / (layers * d * d)
    print(f"{name:13s} {total:15,} {short[name]:13.0%} {factor[name]:13.2f}")
    assert parts[name]["norms and biases"] < 0.002 * total
    assert total == official
# --8<-- [end:published]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 2.8))
left = dict.fromkeys(models, 0.0)
for part, color in zip(parts["GPT-2 small"], ("C7", "C0", "C1", "C3"), strict=True):
    share = {n: 100 * parts[n][part] / sum(parts[n].values()) for n in models}
    plt.barh(list(share), list(share.values()), left=list(left.values()), color=color, label=part)
    left = {n: left[n] + share[n] for n in models}
plt.gca().invert_yaxis()
plt.xlabel("share of all parameters (%)")
plt.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.45, 1), fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
