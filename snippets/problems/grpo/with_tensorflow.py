# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""GRPO in TensorFlow; its first gradient is that of a weighted cross-entropy."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def grpo(new, old, reference, rewards, mask, group, clip=0.2, beta=0.04):
    new, old, reference, rewards = (tf.cast(x, tf.float32) for x in (new, old, reference, rewards))
    grouped = tf.reshape(rewards, (-1, group))
    centred = grouped - tf.reduce_mean(grouped, axis=1, keepdims=True)
    spread = tf.math.reduce_std(grouped, axis=1, keepdims=True)
    advantage = tf.reshape(centred / (spread + 1e-6), (-1,))
    a, counted = advantage[:, None], tf.cast(mask, tf.float32)
    ratio = tf.exp(tf.where(mask, new - old, 0.0))
    gain = tf.minimum(ratio * a, tf.clip_by_value(ratio, 1 - clip, 1 + clip) * a)
    delta = tf.where(mask, reference - new, 0.0)
    per_token = (gain - beta * (tf.exp(delta) - delta - 1)) * counted
    length = tf.maximum(tf.reduce_sum(counted, axis=1), 1.0)
    return -tf.reduce_mean(tf.reduce_sum(per_token, axis=1) / length), advantage


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
logits = tf.constant(
    rng.normal(size=(4, 3, 5)).astype("float32")
)  # two questions, two answers each
tokens, mask = rng.integers(5, size=(4, 3)), np.arange(3) < np.array([[3], [1], [2], [3]])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(logits)
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, logits)
    frozen = tf.stop_gradient(-cross_entropy)  # the policy that sampled, and the reference
    rewards = np.array([1.0, 0.0, 0.5, 3.0])
    loss, advantage = grpo(-cross_entropy, frozen, frozen, rewards, mask, group=2)
    weight = advantage[:, None] * mask / mask.sum(axis=1, keepdims=True) / 4
    weighted = tf.reduce_sum(weight * cross_entropy)
mine, theirs = tape.gradient(loss, logits), tape.gradient(weighted, logits)
size, gap = float(np.abs(mine).max()), float(np.abs(mine - theirs).max())
print("the first loss is 0:", abs(float(loss)) < 1e-6, "· its gradient is not:", size > 0.01)
print("gradient of the weighted cross-entropy, to 1e-6:", gap < 1e-6)
assert abs(float(loss)) < 1e-6
assert size > 0.01
assert gap < 1e-6
# --8<-- [end:compare]
