# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Sequence parallelism: a quarter of the norm's activations, the same bytes."""

# --8<-- [start:whole]
import collections

import numpy as np
import tensorflow as tf

random = np.random.default_rng(0)
tokens, model, hidden, workers = 16, 12, 48, 4
x = tf.constant(random.normal(size=(tokens, model)))
gain = tf.constant(random.normal(size=model))
a = tf.constant(random.normal(size=(model, hidden)) / 4)
b = tf.constant(random.normal(size=(hidden, model)) / 8)
target = tf.constant(random.normal(size=(tokens, model)))


def norm(x, gain):  # RMSNorm: each token by itself.
    return gain * x / tf.sqrt(tf.reduce_mean(x**2, axis=1, keepdims=True))


with tf.GradientTape() as tape:
    tape.watch([x, a, b, gain])
    whole = x + tf.nn.gelu(norm(x, gain) @ a) @ b
    loss = tf.reduce_sum((whole - target) ** 2)
expected = tape.gradient(loss, [x, a, b, gain])
# --8<-- [end:whole]

# --8<-- [start:operators]
ring = (workers - 1) / workers  # Of the array, what a worker sends in one collective.
sent = []
gather_again = True


def all_gather(parts):
    sent.append(("all-gather", ring * tokens * model))
    return tf.concat(parts, axis=0)


def reduce_scatter(parts):
    sent.append(("reduce-scatter", ring * tokens * model))
    return tf.split(tf.add_n(parts), workers)


@tf.custom_gradient
def enter(*both):  # Each worker: its tokens, and its columns of the weights.
    shards, weights = both[:workers], both[workers:]
    together = all_gather(shards)

    def backward(*slopes):
        rows = all_gather(shards) if gather_again else together  # (1)!
        back = [slope @ tf.transpose(w) for slope, w in zip(slopes, weights, strict=True)]
        return [*reduce_scatter(back), *[tf.transpose(rows) @ slope for slope in slopes]]

    return [together @ w for w in weights], backward


@tf.custom_gradient
def leave(*partial):
    def backward(*slopes):
        return [all_gather(slopes)] * workers

    return reduce_scatter(partial), backward


# --8<-- [end:operators]


# --8<-- [start:layer]
def gradients():
    sent.clear()
    x_shards, gains = tf.split(x, workers), [tf.identity(gain) for _ in range(workers)]
    a_parts, b_parts = tf.split(a, workers, axis=1), tf.split(b, workers)
    with tf.GradientTape() as tape:
        tape.watch([x_shards, a_parts, b_parts, gains])
        normed = [norm(shard, g) for shard, g in zip(x_shards, gains, strict=True)]
        inner = [tf.nn.gelu(h) for h in enter(*normed, *a_parts)]
        out = leave(*[h @ b_i for h, b_i in zip(inner, b_parts, strict=True)])
        out = tf.concat([s + o for s, o in zip(x_shards, out, strict=True)], 0)
        loss = tf.reduce_sum((out - target) ** 2)
    slopes = tape.gradient(loss, [x_shards, a_parts, b_parts, gains])
    return out, normed, slopes


# --8<-- [end:layer]

# --8<-- [start:compare]
gather_again = False
out, normed, slopes = gradients()
found = [tf.concat(s, axis) for s, axis in zip(slopes[:3], (0, 1, 0), strict=True)]
pairs = zip([out, *found], [whole, *expected[:3]], strict=True)
error = max(np.abs(f - e).max() for f, e in pairs)
all_reduces = 2 * 2 * ring * tokens * model  # Without it: one forward, one backward.
total = sum(numbers for _, numbers in sent)
print("output and gradients equal:", bool(error < 1e-12))
print("normed tokens on a worker:", tokens, "->", normed[0].shape[0])
print("collectives:", dict(collections.Counter(name for name, _ in sent)))
print(f"numbers sent by a worker: {all_reduces:.0f} -> {total:.0f}")
assert error < 1e-12 and total == all_reduces and len(sent) == 4
alone = np.abs(slopes[3][0] - expected[3]).max() / np.abs(expected[3]).max()
summed = np.abs(tf.add_n(slopes[3]) - expected[3]).max()
print(f"gain: one gradient {alone:.0%} off, the sum equal", bool(summed < 1e-12))
assert alone > 0.2 and summed < 1e-12
# --8<-- [end:compare]

# --8<-- [start:again]
gather_again = True
again = gradients()[2]
extra = sum(numbers for _, numbers in sent) / all_reduces
print("collectives:", dict(collections.Counter(name for name, _ in sent)))
print(f"numbers sent by a worker: {all_reduces:.0f} -> {extra * all_reduces:.0f}")
same = max(np.abs(s - t).max() for s, t in zip(again[1], slopes[1], strict=True))
assert same < 1e-12 and extra == 1.25
# --8<-- [end:again]
