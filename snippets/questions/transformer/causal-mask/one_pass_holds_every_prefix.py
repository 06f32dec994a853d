# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""With a causal mask one pass gives the losses and the gradient of all prefixes at once."""

# --8<-- [start:model]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
tf.keras.config.set_floatx("float64")
layers = tf.keras.layers
VOCAB, WIDTH, TIME = 50, 32, 12
tokens_to_x = layers.Embedding(VOCAB, WIDTH, "random_normal")
places_to_x = layers.Embedding(TIME, WIDTH, "random_normal")
attends = [layers.MultiHeadAttention(num_heads=4, key_dim=8) for _ in range(2)]
norms = [layers.LayerNormalization() for _ in range(5)]
ups = [layers.Dense(4 * WIDTH, "gelu") for _ in range(2)]
downs = [layers.Dense(WIDTH) for _ in range(2)]
to_logits = layers.Dense(VOCAB)
# --8<-- [end:model]


# --8<-- [start:pass]
read = []  # How many positions each pass computes.


def logits(tokens, causal=True):  # tokens: (1, time)
    time = tokens.shape[1]
    read.append(time)
    x = tokens_to_x(tokens) + places_to_x(tf.range(time))  # (1, time, width)
    for i in range(2):
        h = norms[2 * i](x)
        x += attends[i](h, h, use_causal_mask=causal)
        x += downs[i](ups[i](norms[2 * i + 1](x)))
    return to_logits(norms[4](x))  # (1, time, vocab)


def losses(inputs, targets, causal=True):  # both (1, time)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits(inputs, causal))[0]


# --8<-- [end:pass]

# --8<-- [start:prefixes]
text = np.random.default_rng(0).integers(0, VOCAB, (1, TIME + 1))
inputs, targets = text[:, :-1], text[:, 1:]  # The answers are known beforehand.


def from_prefixes(causal):  # one pass for each prefix, of which only the last loss counts
    lengths = range(1, TIME + 1)
    return tf.stack([losses(inputs[:, :n], targets[:, :n], causal)[-1] for n in lengths])


gap = {}
for causal in (True, False):
    read.clear()
    together, apart = losses(inputs, targets, causal), from_prefixes(causal)
    gap[causal] = float(np.abs(together - apart).max())
    print(
        f"causal mask {causal!s:5}: one pass against {TIME} prefixes, losses differ by {gap[causal]:.0e}"
    )
print(f"positions computed: {read[0]} in one pass, {sum(read[1:])} in the prefixes")
assert gap[True] < 1e-12 and gap[False] > 0.1
assert read[0] == TIME and sum(read[1:]) == TIME * (TIME + 1) // 2
# --8<-- [end:prefixes]

# --8<-- [start:gradient]
parts = [tokens_to_x, places_to_x, *attends, *norms, *ups, *downs, to_logits]
weights = [w for part in parts for w in part.trainable_weights]


def gradient(compute):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(compute())
    found = tape.gradient(loss, weights)
    return np.concatenate([np.ravel(tf.convert_to_tensor(g)) for g in found])


one = gradient(lambda: losses(inputs, targets))
many = gradient(lambda: from_prefixes(causal=True))
off = np.linalg.norm(one - many) / np.linalg.norm(many)
print(f"gradient of {one.size} weights: relative difference {off:.0e}")
assert off < 1e-12 and np.linalg.norm(many) > 1
# --8<-- [end:gradient]

# --8<-- [start:generate]
read.clear()
known = text[:, :1]  # The prompt is one token.
while known.shape[1] <= TIME:
    following = np.argmax(logits(known)[:, -1:], axis=-1)  # Needs the token before.
    known = np.concatenate([known, following], axis=1)
steps = len(read)
again = np.argmax(logits(known[:, :-1]), axis=-1)  # One pass, now that all are known.
print(f"generated: {known[0].tolist()}")
print(f"{steps} passes to write it, 1 pass to check every step")
assert steps == TIME and (again == known[:, 1:]).all()
# --8<-- [end:generate]

# --8<-- [start:guess]
draft = np.concatenate([known[:, :1], np.zeros((1, TIME), int)], axis=1)  # guess: all zeros
right = [0]  # before the first pass and after each: how long is the correct beginning
while right[-1] < TIME:
    draft[:, 1:] = np.argmax(logits(draft[:, :-1]), axis=-1)
    right.append(int(np.cumprod(draft[0, 1:] == known[0, 1:]).sum()))
    assert right[-1] > right[-2]  # At least one more each time.
print(f"guess everything, repair in parallel: correct after each pass {right[1:]}")
# --8<-- [end:guess]
