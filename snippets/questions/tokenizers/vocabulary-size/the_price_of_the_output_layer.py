# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Logits outweigh the outputs of all layers, and a token that never occurs is only pushed down."""

# --8<-- [start:count]
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names


def parameters(vocabulary, width, layers, kv_width, ffn, tied):
    attention = 2 * width**2 + 2 * width * kv_width  # q, output; k, v
    layer = attention + 3 * width * ffn + 2 * width  # SwiGLU, two norms
    embeddings = vocabulary * width * (1 if tied else 2)
    return embeddings + layers * layer + width, embeddings


llama = dict(width=4096, layers=32, kv_width=1024, ffn=14336)
for vocabulary in (32_000, 128_256):
    total, part = parameters(vocabulary, **llama, tied=False)
    print(f"{vocabulary:7,} tokens: {total / 1e9:.2f}B, embeddings {part / total:.0%}")
assert total == 8_030_261_248
small, part_small = parameters(128_256, 1024, 24, 512, 2816, tied=False)
tied, part_tied = parameters(128_256, 1024, 24, 512, 2816, tied=True)
print(f"width 1024, 24 layers: {part_small / small:.0%}, tied {part_tied / tied:.0%}")
logits_gib = 8192 * 128_256 * 4 / 2**30  # GiB for one text of 8,192 tokens in float32
hidden_gib = 8192 * 4096 * 2 / 2**30  # GiB for one layer's output in bfloat16
print(f"logits {logits_gib:.1f} GiB, output of a layer {hidden_gib:.2f} GiB")
assert logits_gib > llama["layers"] * hidden_gib
# --8<-- [end:count]

# --8<-- [start:chunks]
tf.keras.utils.set_random_seed(0)
tokens, width, vocabulary = 512, 64, 5000
h = tf.random.normal((tokens, width))
head = tf.Variable(tf.random.normal((width, vocabulary)) / 8)
target = tf.random.uniform((tokens,), maxval=vocabulary, dtype=tf.int32)
sizes = []  # of every block of logits that is computed


@tf.recompute_grad  # Drop the logits after the forward pass, compute them again later.
def chunk_loss(h, head, target):
    logits = h @ head  # (rows, vocabulary)
    sizes.append(int(tf.size(logits)))
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(target, logits)
    return tf.reduce_sum(loss)


# --8<-- [end:chunks]


# --8<-- [start:compare]
def loss_and_gradients(rows):
    sizes.clear()
    with tf.GradientTape() as tape:
        tape.watch(h)
        loss = tf.add_n(
            [
                chunk_loss(h[i : i + rows], head, target[i : i + rows])
                for i in range(0, tokens, rows)
            ]
        )
    return loss / tokens, tape.gradient(loss, (h, head)), tuple(sizes)


whole, whole_gradients, (whole_size, *_) = loss_and_gradients(tokens)
cut, cut_gradients, blocks = loss_and_gradients(32)
error = max(
    float(tf.norm(a - b) / tf.norm(a)) for a, b in zip(whole_gradients, cut_gradients, strict=True)
)
print(f"loss {whole:.4f} and {cut:.4f}, gradients differ by {error:.0e}")
print(f"in one piece {whole_size:,} logits, in chunks {len(blocks)} times {max(blocks):,}")
assert abs(whole - cut) < 1e-4 and error < 1e-4
assert sum(blocks) == 2 * whole_size  # Each chunk is computed twice, so none has to stay.
# --8<-- [end:compare]

# --8<-- [start:unseen]
vocabulary, unseen = 100, 90  # ids 90 to 99 never occur


def train(tied=False, decay=None):
    embed = tf.Variable(tf.random.normal((vocabulary, width)) / width**0.25)
    out = embed if tied else tf.Variable(tf.random.normal((vocabulary, width)) / width**0.25)
    start, weights = embed.numpy(), [embed] if tied else [embed, out]
    adam = tf.keras.optimizers.Adam(0.01, weight_decay=decay)
    adam.build(weights)
    rng = np.random.default_rng(0)
    for _ in range(200):
        x, y = (tf.constant(rng.integers(0, unseen, 64)) for _ in range(2))
        with tf.GradientTape() as tape:
            logits = tf.matmul(tf.gather(embed, x), out, transpose_b=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            loss = tf.reduce_mean(losses)
        gradients = map(tf.convert_to_tensor, tape.gradient(loss, weights))
        adam.apply(list(gradients))
    return start, embed.numpy(), out.numpy()


def chance(embed, out):  # Of all unseen tokens together, after a seen one.
    return float(tf.reduce_sum(tf.nn.softmax(embed[:unseen] @ out.T)[:, unseen:], 1).numpy().mean())


# --8<-- [end:unseen]

# --8<-- [start:pushed]
start, embed, out = train()
moved = np.abs(embed - start).max(axis=1)  # (vocabulary,)
after, even = chance(embed, out), 1 - unseen / vocabulary
print(f"input vectors moved by {moved[:unseen].min():.2f} or more, unseen {moved[unseen:].max()}")
print(f"the ten unseen tokens together: {after:.1%} where an even spread has {even:.0%}")
assert moved[unseen:].max() == 0 and moved[:unseen].min() > 0.05
assert after < even / 4
# --8<-- [end:pushed]

# --8<-- [start:settings]
length = {}
for name, options in {"weight decay": dict(decay=1.0), "tied": dict(tied=True)}.items():
    start, embed, _ = train(**options)
    moved = np.abs(embed - start).max(axis=1)[unseen:].min()
    length[name] = np.linalg.norm(embed[unseen:]) / np.linalg.norm(start[unseen:])
    print(
        f"{name:12s}: unseen input vectors moved by {moved:.2f}, {length[name]:.2f} times as long"
    )
assert length["weight decay"] < 0.3 and length["tied"] > 1.5
# --8<-- [end:settings]
