# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Padding leaves logits and loss alone only with the right mask, positions and denominator."""

# --8<-- [start:model]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
tf.keras.config.set_floatx("float64")
layers = tf.keras.layers
VOCAB, WIDTH, TIME, PAD = 50, 32, 12, 0
tokens_to_x = layers.Embedding(VOCAB, WIDTH, "random_normal")
places_to_x = layers.Embedding(TIME, WIDTH, "random_normal")
attends = [layers.MultiHeadAttention(num_heads=4, key_dim=8) for _ in range(2)]
norms = [layers.LayerNormalization() for _ in range(3)]
to_logits = layers.Dense(VOCAB)


def logits(tokens, positions, allowed):  # (batch, time) twice, (batch, time, time)
    x = tokens_to_x(tokens) + places_to_x(positions)
    for norm, attend in zip(norms[:2], attends, strict=True):
        h = norm(x)
        x += attend(h, h, attention_mask=allowed)
    return to_logits(norms[2](x))  # (batch, time, vocab)


# --8<-- [end:model]

# --8<-- [start:batch]
rng = np.random.default_rng(0)
sentences = [rng.integers(1, VOCAB, (1, n)) for n in (5, 12)]  # PAD is none of their tokens


def put_in_batch(side):  # both sentences in rows of TIME tokens
    batch = np.full((2, TIME), PAD)
    for row, sentence in zip(batch, sentences, strict=True):
        n = sentence.shape[1]
        row[slice(None, n) if side == "right" else slice(TIME - n, None)] = sentence
    return batch


def visible(real, causal, hide_padding):  # real: (batch, time) -> (batch, query, key)
    time = real.shape[1]
    order = np.tri(time, dtype=bool) if causal else np.ones((time, time), bool)
    return order & (real[:, None, :] | (not hide_padding))


# --8<-- [end:batch]


# --8<-- [start:alone]
def alone(sentence, causal):
    real = np.ones(sentence.shape, bool)
    return logits(sentence, np.arange(sentence.shape[1])[None], visible(real, causal, True))[0]


def in_batch(side, causal, hide_padding, count_real):
    batch = put_in_batch(side)
    real = batch != PAD
    positions = np.cumsum(real, axis=1) - 1 if count_real else np.tile(np.arange(TIME), (2, 1))
    found = logits(batch, np.maximum(positions, 0), visible(real, causal, hide_padding))
    return found, real  # (2, time, vocab), (2, time)


# --8<-- [end:alone]

# --8<-- [start:table]
cases = {  # side, causal, hide padding from the keys, positions count real tokens only
    "right, causal, nothing done": ("right", True, False, False),
    "right, bidirectional, nothing done": ("right", False, False, False),
    "right, bidirectional, keys masked": ("right", False, True, False),
    "left, causal, nothing done": ("left", True, False, False),
    "left, causal, keys masked": ("left", True, True, False),
    "left, causal, keys masked, positions counted": ("left", True, True, True),
}
change = {}
for name, case in cases.items():
    found, real = in_batch(*case)
    change[name] = float(np.abs(found[0][real[0]] - alone(sentences[0], case[1])).max())
    print(f"{name:45} logits of the short sentence change by {change[name]:.0e}")
safe = [value < 1e-12 for value in change.values()]
assert safe == [True, False, True, False, False, True]
assert min(value for value in change.values() if value > 1e-12) > 0.1
# --8<-- [end:table]


# --8<-- [start:loss]
def cross_entropy(found, tokens):  # every position predicts the next one
    return tf.nn.sparse_softmax_cross_entropy_with_logits(tokens[..., 1:], found[..., :-1, :])


each = [cross_entropy(alone(s, True), s[0]).numpy() for s in sentences]  # (4,), (11,)
truth = float(np.concatenate(each).mean())  # all 15 predictions count the same
found, real = in_batch("right", *cases["right, causal, nothing done"][1:])
padded, counts = cross_entropy(found, put_in_batch("right")).numpy(), real[:, 1:]
loss = {
    "sum over real targets / their number": (padded * counts).sum() / counts.sum(),
    "mean over everything": padded.mean(),
    "padding set to 0, then mean": (padded * counts).mean(),
    "mean of the means of the rows": np.mean([e.mean() for e in each]),
}
print(f"{'one sentence at a time':38} {truth:.4f}")
for name, value in loss.items():
    print(f"{name:38} {value:.4f}")
wrong = [abs(value - truth) > 0.01 for value in loss.values()]
assert wrong == [False, True, True, True] and abs(min(loss.values()) / truth - 15 / 22) < 1e-9
# --8<-- [end:loss]

# --8<-- [start:generate]
following = alone(sentences[0], True)[-1]  # (vocab,) what comes after the short sentence
left, _ = in_batch(*cases["left, causal, keys masked, positions counted"])
right, real = in_batch(*cases["right, causal, nothing done"])
last_real = real[0].sum() - 1
token = np.argmax(following)[None, None]  # (1, 1) the token that is written next
longer = np.append(put_in_batch("right")[:1], token, axis=1)  # It goes behind the padding.
positions = np.cumsum(longer != PAD, axis=1) - 1
behind = logits(longer, positions, visible(longer != PAD, True, True))[0, -1]
after_it = alone(np.append(sentences[0], token, axis=1), True)[-1]  # (vocab,)
reading = {
    "left, last column": left[0, -1],
    "right, last column": right[0, -1],
    "right, last real token": right[0, last_real],
}
miss = {name: float(np.abs(value - following).max()) for name, value in reading.items()}
miss["right, new token behind the padding"] = float(np.abs(behind - after_it).max())
print("next token of the short sentence, logits off by:")
for name, value in miss.items():
    print(f"  {name:35} {value:.0e}")
assert [value < 1e-12 for value in miss.values()] == [True, False, True, True]
# --8<-- [end:generate]
