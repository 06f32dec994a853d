# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Trained without the mask, a model beats the entropy of random text and then cannot generate."""

# --8<-- [start:model]
import math

import numpy as np
import tensorflow as tf

VOCAB, WIDTH, TIME, BATCH, STEPS, LAYERS = 8, 32, 12, 32, 300, 1
FLOOR = math.log(VOCAB)  # Fair dice: no honest prediction costs less than this.


def create(rng):
    shapes = {"tokens": (VOCAB, WIDTH), "places": (TIME, WIDTH), "head": (WIDTH, VOCAB)}
    shapes |= dict.fromkeys(("q", "k", "v"), (WIDTH, WIDTH))
    return {n: tf.constant(rng.normal(size=s) / WIDTH**0.5, tf.float32) for n, s in shapes.items()}


def losses(w, text, allowed):  # (batch, time + 1), (time, time)
    tokens, targets = text[:, :-1], text[:, 1:]
    x = tf.one_hot(tokens, VOCAB) @ w["tokens"] + w["places"][: tf.shape(tokens)[1]]
    for _ in range(LAYERS):  # of attention, all with the same weights
        q, k, v = (x @ w[name] for name in "qkv")  # (batch, time, width)
        scores = tf.matmul(q, k, transpose_b=True) / WIDTH**0.5
        x += tf.nn.softmax(tf.where(allowed, scores, -1e9)) @ v
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, x @ w["head"])


# --8<-- [end:model]


# --8<-- [start:train]
@tf.function
def train(w, texts, allowed):  # texts: (steps, batch, time + 1); Adam, traced once for all runs
    mean = square = {name: tf.zeros_like(value) for name, value in w.items()}
    number = 0.0
    for text in texts:
        number += 1.0
        with tf.GradientTape() as tape:
            tape.watch(w)
            loss = tf.reduce_mean(losses(w, text, allowed))
        g = tape.gradient(loss, w)
        mean = {n: 0.9 * mean[n] + 0.1 * g[n] for n in w}
        square = {n: 0.999 * square[n] + 0.001 * g[n] ** 2 for n in w}
        rate = 0.01 * tf.sqrt(1 - 0.999**number) / (1 - 0.9**number)
        w = {n: w[n] - rate * mean[n] / (tf.sqrt(square[n]) + 1e-8) for n in w}
    return w


# --8<-- [end:train]


# --8<-- [start:measure]
def seen_by(time, causal):
    return tf.constant(np.tri(time, dtype=bool) if causal else np.ones((time, time), bool))


def measure(causal, seed):
    rng = np.random.default_rng(seed)
    texts = tf.constant(rng.integers(0, VOCAB, (STEPS, BATCH, TIME + 1)))
    w = train(create(rng), texts, seen_by(TIME, causal))
    fresh = tf.constant(rng.integers(0, VOCAB, (500, TIME + 1)))
    # Generation has only the text so far, and asks its last position.
    each = [losses(w, fresh[:, : n + 1], seen_by(n, causal))[:, -1] for n in range(1, TIME + 1)]
    return {
        "training": float(tf.reduce_mean(losses(w, fresh, seen_by(TIME, causal)))),
        "generation": float(tf.reduce_mean(each)),
        "mask added": float(tf.reduce_mean(losses(w, fresh, seen_by(TIME, True)))),
    }


# --8<-- [end:measure]

# --8<-- [start:compare]
found = {(causal, seed): measure(causal, seed) for causal in (True, False) for seed in range(3)}
print(f"entropy of the text {FLOOR:.3f}, of its last token alone {FLOOR / TIME:.3f}")
print("trained       seed   training  generation  mask added afterwards")
for (causal, seed), loss in found.items():
    name = "with mask" if causal else "without mask"
    row = f"{loss['training']:9.3f} {loss['generation']:11.3f} {loss['mask added']:12.3f}"
    print(f"{name:13} {seed:4d} {row}")
for seed in range(3):
    honest, cheat = found[True, seed], found[False, seed]
    assert abs(honest["training"] - FLOOR) < 0.02 and abs(honest["generation"] - FLOOR) < 0.02
    assert FLOOR / TIME < cheat["training"] < FLOOR / 5  # Only the last target is hidden.
    assert min(cheat["generation"], cheat["mask added"]) > FLOOR + 1  # Worse than guessing.
    assert abs(cheat["generation"] - cheat["mask added"]) < 1e-4  # The same, in one layer.
# --8<-- [end:compare]
