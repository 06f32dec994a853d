# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A causal state cannot know what the next word will decide; reading the text twice repairs it."""

# --8<-- [start:task]
import numpy as np
import tensorflow as tf

WORDS, TIME, WIDTH, BATCH, STEPS = 9, 12, 32, 32, 150
# Word 0 is a "bank". Words 1 to 4 speak of money, 5 to 8 of a river.


def sentences(rng, rows):  # every bank stands before a word that tells its meaning
    text = rng.integers(1, WORDS, (rows, TIME))
    bank = rng.random((rows, TIME)) < 0.3
    bank[:, -1] = False
    bank[:, 1:] &= ~bank[:, :-1]  # Never two in a row.
    text[bank] = 0
    river = np.roll(text, -1, axis=1) > 4  # (rows, time) the answer where there is a bank
    return text, river.astype("float32"), bank.astype("float32")


# --8<-- [end:task]


# --8<-- [start:model]
def create(rng, time):
    shapes = {"words": (WORDS, WIDTH), "places": (time, WIDTH), "head": (WIDTH, 1)}
    shapes |= dict.fromkeys(("q", "k", "v"), (WIDTH, WIDTH))
    return {n: tf.constant(rng.normal(size=s) / WIDTH**0.5, tf.float32) for n, s in shapes.items()}


def scores(w, text, allowed):  # (rows, time), (time, time)
    x = tf.one_hot(text, WORDS) @ w["words"] + w["places"]
    q, k, v = (x @ w[name] for name in "qkv")  # (rows, time, width)
    s = tf.matmul(q, k, transpose_b=True) / WIDTH**0.5
    x += tf.nn.softmax(tf.where(allowed, s, -1e9)) @ v
    return (x @ w["head"])[:, -TIME:, 0]  # (rows, TIME): the last copy of the text


# --8<-- [end:model]


# --8<-- [start:train]
@tf.function
def train(w, texts, rivers, banks, allowed):  # (steps, rows, …); Adam
    mean = square = {name: tf.zeros_like(value) for name, value in w.items()}
    for i in tf.range(STEPS):
        with tf.GradientTape() as tape:
            tape.watch(w)
            found = scores(w, texts[i], allowed)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(rivers[i], found)
            loss = tf.reduce_sum(losses * banks[i]) / tf.reduce_sum(banks[i])
        g = tape.gradient(loss, w)
        mean = {n: 0.9 * mean[n] + 0.1 * g[n] for n in w}
        square = {n: 0.999 * square[n] + 0.001 * g[n] ** 2 for n in w}
        step = tf.cast(i + 1, tf.float32)
        rate = 0.01 * tf.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        w = {n: w[n] - rate * mean[n] / (tf.sqrt(square[n]) + 1e-8) for n in w}
    return w


# --8<-- [end:train]


# --8<-- [start:measure]
def measure(copies, causal, seed):
    rng = np.random.default_rng(seed)
    time = copies * TIME
    allowed = tf.constant(np.tri(time, dtype=bool) | (not causal))

    def draw(rows):
        text, river, bank = sentences(rng, rows)
        return np.tile(text, copies), river, bank

    data = [
        tf.constant(np.stack(part))
        for part in zip(*(draw(BATCH) for _ in range(STEPS)), strict=True)
    ]
    w = train(create(rng, time), *data, allowed)
    text, river, bank = draw(1000)
    right = (scores(w, tf.constant(text), allowed).numpy() > 0) == (river > 0)
    return float(right[bank > 0].mean())


# --8<-- [end:measure]

# --8<-- [start:compare]
ways = {"bidirectional": (1, False), "causal": (1, True), "causal, text twice": (2, True)}
accuracy = {name: [measure(*way, seed) for seed in range(3)] for name, way in ways.items()}
for name, values in accuracy.items():
    print(f"{name:20}", *(f"{value:7.3f}" for value in values))
assert min(accuracy["bidirectional"] + accuracy["causal, text twice"]) > 0.99
assert all(0.45 < value < 0.55 for value in accuracy["causal"])  # A coin does as well.
# --8<-- [end:compare]
