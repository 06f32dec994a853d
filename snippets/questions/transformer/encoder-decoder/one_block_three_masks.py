# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""One block with three masks; encoder plus decoder has the dependences of the prefix mask."""

# --8<-- [start:block]
import itertools

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
tf.keras.config.set_floatx("float64")
layers = tf.keras.layers
WIDTH, SOURCE, TARGET = 32, 4, 4
TIME = SOURCE + TARGET


def block(cross=False):
    attends = [layers.MultiHeadAttention(num_heads=4, key_dim=8) for _ in range(1 + cross)]
    feed_forward = layers.Dense(4 * WIDTH, "gelu"), layers.Dense(WIDTH)
    return *attends, *feed_forward


# --8<-- [end:block]


# --8<-- [start:run]
def run(blocks, x, allowed, memory=None):  # (time, width), (time, time), (source, width)
    x = x[None]
    for attend, *cross, up, down in blocks:
        x += attend(x, x, attention_mask=allowed[None])
        for look in cross:
            x += look(x, memory[None])
        x += down(up(x))
    return x[0].numpy()


# --8<-- [end:run]

# --8<-- [start:masks]
past = np.tri(TIME, dtype=bool)  # (query, key)
key_in_source = np.arange(TIME) < SOURCE
masks = {
    "encoder-only": np.ones((TIME, TIME), bool),
    "decoder-only": past,
    "prefix": past | key_in_source,
}
print("   ".join(f"{name:12}" for name in masks))
for rows in zip(*masks.values(), strict=True):
    print("   ".join(f"{''.join('#' if seen else '.' for seen in row):12}" for row in rows))
pairs = {name: int(mask.sum()) for name, mask in masks.items()}
print("pairs (query, key):", pairs)
assert (masks["decoder-only"] <= masks["prefix"]).all()  # Lets through all the causal one does.
assert pairs["prefix"] == SOURCE**2 + SOURCE * TARGET + TARGET * (TARGET + 1) // 2
# --8<-- [end:masks]


# --8<-- [start:dependence]
def dependence(states):  # which output (row) notices a change of which token (column)
    noticed = np.zeros((TIME, TIME), bool)
    x = np.random.default_rng(0).normal(size=(TIME, WIDTH))
    before = states(x)
    for j in range(TIME):
        other = x.copy()
        other[j] += 1
        noticed[:, j] = np.abs(states(other) - before).max(axis=1) > 1e-9
    return noticed


shared = [block(), block()]  # The same weights under every mask.
for name, mask in masks.items():
    measured = dependence(lambda x, mask=mask: run(shared, x, mask))
    assert (measured == mask).all(), name
# --8<-- [end:dependence]

# --8<-- [start:encoder_decoder]
encoder, decoder = [block(), block()], [block(cross=True), block(cross=True)]


def encode_decode(x):
    everything = np.ones((SOURCE, SOURCE), bool)
    memory = run(encoder, x[:SOURCE], everything)
    return np.concatenate([memory, run(decoder, x[SOURCE:], np.tri(TARGET, dtype=bool), memory)])


measured = dependence(encode_decode)
print(
    f"encoder plus decoder against the prefix mask: {(measured != masks['prefix']).sum()} differences"
)
assert (measured == masks["prefix"]).all()
# --8<-- [end:encoder_decoder]

# --8<-- [start:turns]
ENDS = (5, 9, 12, 18, 22)  # user, model, user, model, user: tokens so far
talk = np.random.default_rng(1).normal(size=(ENDS[-1], WIDTH))


def states_after(kind, turn):
    n = ENDS[turn]
    read = n if turn % 2 == 0 else ENDS[turn - 1]  # Up to and including the user's last words.
    keys = {"encoder-only": n, "decoder-only": 0, "prefix": read}[kind]
    return run(shared, talk[:n], np.tri(n, dtype=bool) | (np.arange(n) < keys))


# --8<-- [end:turns]

# --8<-- [start:reuse]
computed, changed = {}, {}
for kind in masks:
    history = [states_after(kind, turn) for turn in range(len(ENDS))]
    differences = [np.abs(b[: len(a)] - a) for a, b in itertools.pairwise(history)]
    old = [int((each.max(axis=1) > 1e-9).sum()) for each in differences]
    changed[kind], computed[kind] = old, ENDS[-1] + sum(old)
    print(
        f"{kind:13} old states that change in turns 2 to 5: {old}, computed in all {computed[kind]}"
    )
assert changed["decoder-only"] == [0, 0, 0, 0] and computed["decoder-only"] == ENDS[-1]
assert changed["encoder-only"] == list(ENDS[:-1]) and changed["prefix"] == [0, 9, 0, 18]
# --8<-- [end:reuse]
