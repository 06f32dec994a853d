# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Gradient accumulation in TensorFlow, compared with that of a Keras optimizer."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def total_loss(weights, x, labels):
    """The sum of the losses over tokens that count."""
    kept = tf.constant(x[labels != -100], tf.float32)
    logits = kept @ weights[0] + weights[1]
    words = labels[labels != -100]
    return tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(words, logits))


def accumulate(w, bias, x, labels, every, limit, rate):
    weights = [tf.Variable(one, dtype=tf.float32) for one in (w, bias)]
    losses, norms = [], []
    for start in range(0, len(x), every):
        window = slice(start, start + every)
        count = max(int((labels[window] != -100).sum()), 1)
        sums, loss = [tf.zeros_like(one) for one in weights], 0.0
        for x_part, labels_part in zip(x[window], labels[window], strict=True):
            with tf.GradientTape() as tape:
                share = total_loss(weights, x_part, labels_part) / count
            gradients = tape.gradient(share, weights)
            sums = [one + more for one, more in zip(sums, gradients, strict=True)]
            loss += share
        clipped, norm = tf.clip_by_global_norm(sums, limit)
        for weight, gradient in zip(weights, clipped, strict=True):
            weight.assign_sub(rate * gradient)
        losses.append(loss)
        norms.append(norm)
    return tf.stack(losses), tf.stack(norms), *weights


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
w, bias, x = rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=(4, 6, 3))
labels = rng.integers(5, size=(4, 6))
labels[np.arange(6) >= np.array([[1], [6], [2], [5]])] = -100
counts = (labels != -100).sum(axis=1)


def by_keras(divisors, limit):
    """One step of Keras, which averages the gradients of the four parts and then clips."""
    weights = [tf.Variable(one, dtype=tf.float32) for one in (w, bias)]
    sgd = tf.keras.optimizers.SGD(0.5, gradient_accumulation_steps=4, global_clipnorm=limit)
    for x_part, labels_part, divisor in zip(x, labels, divisors, strict=True):
        with tf.GradientTape() as tape:
            loss = total_loss(weights, x_part, labels_part) / divisor
        sgd.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return weights


def gap(divisors):
    """The distance from our weights; one limit clips, the other does not."""
    return max(
        float(np.abs(theirs - ours).max())
        for limit in (0.1, 10.0)
        for theirs, ours in zip(
            by_keras(divisors, limit),
            accumulate(w, bias, x, labels, 4, limit, 0.5)[2:],
            strict=True,
        )
    )


by_tokens = gap([counts.sum() / 4] * 4)
by_parts = gap(counts)
print("Keras, all parts divided by the mean count, to 1e-6:", by_tokens < 1e-6)
print("Keras, each part divided by its own count, to 1e-2:", by_parts < 1e-2)
assert by_tokens < 1e-6
assert by_parts > 1e-2
# --8<-- [end:compare]
