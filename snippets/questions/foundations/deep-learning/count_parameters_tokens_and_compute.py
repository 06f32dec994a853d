# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0"]
# ///
"""A Transformer's size is 12 L d^2; its training cost also needs the tokens."""

# --8<-- [start:block]
import tensorflow as tf

layers = tf.keras.layers
width, heads = 768, 12
x = tf.keras.Input((None, width))  # (batch, time, features)
normed = layers.LayerNormalization()(x)
attended = layers.MultiHeadAttention(heads, width // heads)(normed, normed)
y = x + attended
normed = layers.LayerNormalization()(y)
y = y + layers.Dense(width)(layers.Dense(4 * width, "gelu")(normed))
by_keras = tf.keras.Model(x, y).count_params()


def block_parameters(d):
    return 12 * d * d + 13 * d  # The second term is biases and two norms.


print(f"one block, d = {width}: Keras {by_keras:,}")
print(f"12 d^2 + 13 d          = {block_parameters(width):,}")
assert by_keras == block_parameters(width)
# --8<-- [end:block]

# --8<-- [start:published]
published = {  # name: (layers, d, vocabulary, positions, billions)
    "BERT-base": (12, 768, 30522, 512, 0.110),
    "BERT-large": (24, 1024, 30522, 512, 0.340),
    "GPT-3": (96, 12288, 50257, 2048, 175.0),
}
size = {}
print("billions   12 L d^2   with embeddings         published")
for name, (depth, d, vocabulary, positions, billions) in published.items():
    short = 12 * depth * d * d / 1e9
    full = depth * block_parameters(d) + (vocabulary + positions) * d
    size[name] = full / 1e9
    print(f"{name:10} {short:8.3f} {size[name]:17.3f} {billions:17.3f}")
    assert abs(size[name] / billions - 1) < 0.02
# --8<-- [end:published]

# --8<-- [start:compute]
runs = {  # name: (parameters used per token, training tokens)
    "GPT-3": (175e9, 300e9),
    "Gopher": (280e9, 300e9),
    "Chinchilla": (70e9, 1.4e12),
    "DeepSeek-V3, active": (37e9, 14.8e12),
    "Llama 3 8B": (8e9, 15e12),
    "Qwen3-8B": (8.2e9, 36e12),
}
compute = {name: 6 * n * d for name, (n, d) in runs.items()}
print("model                parameters    tokens     6 N D   tokens per parameter")
for name, (n, d) in runs.items():
    row = f"{n / 1e9:8.1f} B {d / 1e9:8.0f} B  {compute[name]:.2e}"
    print(f"{name:20} {row} {d / n:14.1f}")
assert abs(compute["GPT-3"] / 3.14e23 - 1) < 0.01  # Published: 3.14e23.
balanced = (compute["Llama 3 8B"] / 6 / 20) ** 0.5  # 20 tokens for each parameter.
print(f"Llama 3 8B's compute, 20 tokens per parameter: {balanced / 1e9:.0f} B parameters")
assert 9 < balanced / 8e9 < 11  # Every generated token would cost ten times as much.
# --8<-- [end:compute]
