# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Packed documents equal separate ones with a block mask, positions from 0 and fewer targets."""

# --8<-- [start:model]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
tf.keras.config.set_floatx("float64")
layers = tf.keras.layers
VOCAB, WIDTH, LENGTHS = 50, 32, (5, 3, 4)
TIME = sum(LENGTHS)
tokens_to_x = layers.Embedding(VOCAB, WIDTH, "random_normal")
places_to_x = layers.Embedding(TIME, WIDTH, "random_normal")
attends = [layers.MultiHeadAttention(num_heads=4, key_dim=8) for _ in range(2)]
norms = [layers.LayerNormalization() for _ in range(3)]
to_logits = layers.Dense(VOCAB)


def logits(tokens, positions, allowed):  # (time,) twice, (time, time)
    x = (tokens_to_x(tokens) + places_to_x(positions))[None]  # (1, time, width)
    for norm, attend in zip(norms[:2], attends, strict=True):
        h = norm(x)
        x += attend(h, h, attention_mask=allowed[None])
    return to_logits(norms[2](x))[0].numpy()  # (time, vocab)


# --8<-- [end:model]

# --8<-- [start:pack]
rng = np.random.default_rng(0)
documents = [rng.integers(0, VOCAB, n) for n in LENGTHS]
row = np.concatenate(documents)  # (time,)
document = np.repeat(np.arange(len(LENGTHS)), LENGTHS)  # 0 0 0 0 0 1 1 1 2 2 2 2
restarted = np.concatenate([np.arange(n) for n in LENGTHS])  # 0 1 2 3 4 0 1 2 0 1 2 3
causal = np.tri(TIME, dtype=bool)
block = causal & (document[:, None] == document)  # (query, key)
print(block.astype(int))
print(f"pairs across documents that the causal mask alone lets through: {(causal & ~block).sum()}")
assert (causal & ~block).sum() == 5 * 3 + 5 * 4 + 3 * 4
# --8<-- [end:pack]

# --8<-- [start:compare]
alone = np.concatenate(
    [logits(d, np.arange(d.size), np.tri(d.size, dtype=bool)) for d in documents]
)
ways = {
    "causal mask only": (np.arange(TIME), causal),
    "block mask, positions go on": (np.arange(TIME), block),
    "causal mask, positions restart": (restarted, causal),
    "block mask, positions restart": (restarted, block),
}
moved = {}  # largest change of the logits in each document
for name, way in ways.items():
    change = np.abs(logits(row, *way) - alone).max(axis=1)
    moved[name] = [float(change[document == d].max()) for d in range(len(LENGTHS))]
    print(f"{name:32}", *(f"{c:8.0e}" for c in moved[name]))
same = [[c < 1e-12 for c in changes] for changes in moved.values()]
assert same == [[True, False, False]] * 3 + [[True, True, True]]
# --8<-- [end:compare]

# --8<-- [start:targets]
counts = document[1:] == document[:-1]  # A last token must not predict the next document.
found = logits(row, restarted, block)[:-1]


def cross_entropy(found, targets):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, found).numpy()


packed = cross_entropy(found, row[1:])
starts = np.cumsum((0, *LENGTHS[:-1]))
separate = [
    cross_entropy(alone[s : s + d.size - 1], d[1:]) for s, d in zip(starts, documents, strict=True)
]
truth = float(np.concatenate(separate).mean())
print(f"targets {packed.size}, of which {int((~counts).sum())} cross into the next document")
print(
    f"loss: separate {truth:.4f}, packed {packed[counts].mean():.4f}, with the crossings {packed.mean():.4f}"
)
assert abs(packed[counts].mean() - truth) < 1e-12 < 0.01 < abs(packed.mean() - truth)
# --8<-- [end:targets]
