# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""DPO in TensorFlow, compared with the library's sigmoid cross-entropy, and its gradient."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def dpo(chosen, rejected, ref_chosen, ref_rejected, chosen_mask, rejected_mask, beta=0.1):
    def total(log_p, mask):
        return tf.reduce_sum(tf.where(mask, tf.cast(log_p, tf.float32), 0.0), axis=1)

    better = beta * (total(chosen, chosen_mask) - total(ref_chosen, chosen_mask))
    worse = beta * (total(rejected, rejected_mask) - total(ref_rejected, rejected_mask))
    return tf.reduce_mean(tf.nn.softplus(worse - better)), better, worse


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
chosen, ref_chosen, rejected, ref_rejected = -rng.exponential(size=(4, 3, 5)).astype("float32")
mask = np.arange(5) < np.array([[5], [2], [3]])
with tf.GradientTape() as tape:
    policy = tf.constant(chosen)
    tape.watch(policy)
    loss, better, worse = dpo(policy, rejected, ref_chosen, ref_rejected, mask, mask)
theirs = tf.nn.sigmoid_cross_entropy_with_logits(tf.ones(3), better - worse)
gap = abs(float(loss) - float(tf.reduce_mean(theirs)))
expected = -0.1 * tf.sigmoid(worse - better)[:, None] * mask / 3
slope = float(np.abs(tape.gradient(loss, policy) - expected).max())
print("sigmoid cross-entropy with label 1, to 1e-6:", gap < 1e-6)
print("gradient by each chosen token is -beta * sigmoid(-margin) / batch:", slope < 1e-6)
assert gap < 1e-6
assert slope < 1e-6
# --8<-- [end:compare]
