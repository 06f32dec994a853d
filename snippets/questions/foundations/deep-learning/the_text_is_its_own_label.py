# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy==2.4.6", "matplotlib"]
# ///
"""Next-character prediction needs no labels, and at toy scale counting wins."""

# --8<-- [start:text]
import inspect
from collections import Counter, defaultdict

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
text = "\n\n".join(dict.fromkeys(paragraphs))  # each once
alphabet = sorted(set(text))
ids = np.array([alphabet.index(letter) for letter in text], "int32")
cuts = [int(0.8 * len(ids)), int(0.9 * len(ids))]  # Train, validate, test.
train, valid, test = np.split(ids, cuts)
context = 32
example = text[1000 : 1001 + context]
print("input ", repr(example[:-1]))
print("target", repr(example[1:]))
print(f"{len(train):,} training characters, {len(alphabet)} different")
# --8<-- [end:text]


# --8<-- [start:counting]
past, future = text[: cuts[0]], text[cuts[1] :]
seen = defaultdict(Counter)  # What follows the last 0 to 4 characters, and how often.
for length in range(5):
    for end in range(length, len(past)):
        seen[past[end - length : end]][past[end]] += 1


def counting_bits(order):
    """Bits per test character of a Witten-Bell smoothed n-gram model."""
    bits = 0.0
    for end in range(order - 1, len(future)):
        chance = 1 / len(alphabet)
        for length in range(order):
            counts = seen.get(future[end - length : end], {})
            total, kinds = sum(counts.values()), len(counts)
            if counts:
                hits = counts[future[end]]
                chance = (hits + kinds * chance) / (total + kinds)
        bits -= np.log2(chance)
    return bits / (len(future) - order + 1)


bigram, trigram, fivegram = map(counting_bits, (2, 3, 5))
for name, bits in (("2", bigram), ("3", trigram), ("5", fivegram)):
    print(f"counting {name} characters: {bits:.2f} bits per character")
# --8<-- [end:counting]


# --8<-- [start:transformer]
class AddPosition(tf.keras.layers.Layer):
    def build(self, shape):
        self.position = self.add_weight(shape=shape[1:], initializer="normal")

    def call(self, x):
        return x + self.position  # (batch, time, features)


def build_transformer(width=64, heads=4):
    layers = tf.keras.layers
    tokens = tf.keras.Input((context,), dtype="int32")
    x = AddPosition()(layers.Embedding(len(alphabet), width)(tokens))
    a = layers.LayerNormalization()(x)
    attention = layers.MultiHeadAttention(heads, width // heads)
    x = x + attention(a, a, use_causal_mask=True)  # (1)!
    a = layers.Dense(4 * width, "gelu")(layers.LayerNormalization()(x))
    x = layers.LayerNormalization()(x + layers.Dense(width)(a))
    return tf.keras.Model(tokens, layers.Dense(len(alphabet))(x))


# --8<-- [end:transformer]

# --8<-- [start:train]
tf.keras.utils.set_random_seed(1)
steps, batch = 800, 16
starts = np.random.default_rng(1).integers(0, len(train) - context, steps * batch)
windows = train[starts[:, None] + np.arange(context + 1)]
model = build_transformer()
# 0.005 beat 0.01 and 0.02 on the validation part; the test part was not used.
rate = tf.keras.optimizers.schedules.CosineDecay(
    0.0, steps, warmup_target=5e-3, warmup_steps=steps // 20
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
adam = tf.keras.optimizers.Adam(rate)
adam.build(model.trainable_variables)


@tf.function  # One call for all steps: Python does not wait for each.
def fit(batches):  # (steps, batch, context + 1)
    for rows in batches:
        with tf.GradientTape() as tape:
            error = loss(rows[:, 1:], model(rows[:, :-1], training=True))
        adam.apply(tape.gradient(error, model.trainable_variables))


fit(windows.reshape(steps, batch, context + 1))


def transformer_bits(part):
    """Bits for every window (rows) and number of characters seen (columns)."""
    rows = (len(part) - 1) // context
    x = part[: rows * context].reshape(rows, context)
    y = part[1 : rows * context + 1].reshape(rows, context)
    nats = tf.keras.losses.sparse_categorical_crossentropy(y, model(x), True)
    return nats.numpy() / np.log(2)


test_bits = transformer_bits(test)
transformer = test_bits.mean()
parameters, seen_tokens = model.count_params(), steps * batch * context
flops = 6 * parameters * seen_tokens
print(f"Transformer, {parameters:,} parameters: {transformer:.2f} bits")
print(f"6 x parameters x characters read = {flops:.1e} operations")
assert transformer > fivegram + 0.2  # Counting five wins here ...
# --8<-- [end:train]

# --8<-- [start:plot]
by_position = test_bits.mean(axis=0)  # (context,)
first, early, late = by_position[0], by_position[8:16].mean(), by_position[16:].mean()
# It falls, then it levels off, and on the whole it is where counting three is.
assert early < first - 0.5 and late > early - 0.15 and abs(transformer - trigram) < 0.2
figure, axes = plt.subplots(figsize=(6.4, 3.4))
axes.plot(np.arange(1, context + 1), by_position, label="Transformer")
for bits, name, color in (
    (bigram, "counting 2", "C1"),
    (trigram, "counting 3", "C2"),
    (fivegram, "counting 5", "C3"),
):
    axes.axhline(bits, ls="--", color=color, label=name)
axes.set(xlabel="characters the model has seen", ylabel="bits per character")
axes.legend(ncols=2)
plt.show()
# --8<-- [end:plot]
