# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""PPO in TensorFlow; its first gradients are those of two losses of the library."""

# --8<-- [start:solution]
import numpy as np
import tensorflow as tf


def advantages(old_values, rewards, last, done, mask, gamma, lam):
    def back(following, step):
        carried, value = following
        reward, mine, goes_on, counts = step
        here = reward + gamma * goes_on * (value + lam * carried) - mine
        return tf.where(counts, here, carried), tf.where(counts, mine, value)

    by_time = [tf.transpose(x) for x in (rewards, old_values, tf.cast(~done, tf.float32), mask)]
    carried, _ = tf.scan(back, by_time, (tf.zeros_like(last), last), reverse=True)
    return tf.where(mask, tf.transpose(carried), 0.0)


def ppo(
    new, old, new_values, old_values, rewards, last, done, mask,
    gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True,
):  # fmt: skip
    given = (new, old, new_values, old_values, rewards, last)
    new, old, new_values, old_values, rewards, last = (tf.cast(x, tf.float32) for x in given)
    advantage = advantages(old_values, rewards, last, done, mask, gamma, lam)
    returns = tf.where(mask, advantage + old_values, 0.0)
    count = tf.maximum(tf.reduce_sum(tf.cast(mask, tf.float32)), 1.0)
    if whiten:
        centred = tf.where(mask, advantage - tf.reduce_sum(advantage) / count, 0.0)
        advantage = centred * tf.math.rsqrt(tf.reduce_sum(centred**2) / count + 1e-8)
    advantage, returns = tf.stop_gradient(advantage), tf.stop_gradient(returns)
    ratio = tf.exp(tf.where(mask, new - old, 0.0))
    gain = tf.minimum(ratio * advantage, tf.clip_by_value(ratio, 1 - clip, 1 + clip) * advantage)
    near = old_values + tf.clip_by_value(new_values - old_values, -value_clip, value_clip)
    error = tf.where(mask, tf.maximum((new_values - returns) ** 2, (near - returns) ** 2), 0.0)
    policy_loss, value_loss = -tf.reduce_sum(gain) / count, 0.5 * tf.reduce_sum(error) / count
    return advantage, returns, policy_loss, value_loss


# --8<-- [end:solution]
# --8<-- [start:compare]
rng = np.random.default_rng(0)
logits = tf.constant(rng.normal(size=(2, 3, 5)).astype("float32"))  # two answers, three tokens
values = tf.constant(rng.normal(size=(2, 3)).astype("float32"))
tokens, rewards = rng.integers(5, size=(2, 3)), rng.normal(size=(2, 3))
done, mask, last = np.zeros((2, 3), bool), np.ones((2, 3), bool), np.zeros(2)
with tf.GradientTape(persistent=True) as tape:
    tape.watch([logits, values])
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, logits)
    old, old_values = tf.stop_gradient(-cross_entropy), tf.stop_gradient(values)
    advantage, returns, policy_loss, value_loss = ppo(
        -cross_entropy, old, values, old_values, rewards, last, done, mask
    )
    weighted = tf.reduce_mean(advantage * cross_entropy)
    squared = tf.keras.losses.MeanSquaredError()(returns, values)
mine, theirs = tape.gradient(policy_loss, logits), tape.gradient(weighted, logits)
policy_gap = float(np.abs(mine - theirs).max())
mine, theirs = tape.gradient(value_loss, values), tape.gradient(squared, values)
value_gap = float(np.abs(mine - theirs / 2).max())
print("policy: the gradient of the weighted cross-entropy, to 1e-6:", policy_gap < 1e-6)
print("value: half the gradient of the squared error, to 1e-6:", value_gap < 1e-6)
assert policy_gap < 1e-6
assert value_gap < 1e-6

zero, one, ends = np.zeros((1, 2)), np.ones((1, 2)), np.ones((1, 2), bool)
moved = tf.constant([[0.5, -0.5]])  # old values 0, returns 1: towards it, and away from it
with tf.GradientTape() as tape:
    tape.watch(moved)
    value_loss = ppo(zero, zero, moved, zero, one, zero[:, 0], ends, ends)[3]
gradient = tape.gradient(value_loss, moved).numpy()
print("gradient of a value that moved too far:", gradient.round(4).tolist())
assert np.allclose(gradient, [[0, -0.75]])
# --8<-- [end:compare]
