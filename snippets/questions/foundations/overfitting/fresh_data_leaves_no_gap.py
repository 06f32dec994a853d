# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""When no example comes twice, the training loss is itself a test loss."""

# --8<-- [start:setup]
import numpy as np
import tensorflow as tf

STEPS, BATCH = 800, 32


def draw(count, seed):  # Noisy labels from a fixed rule: nobody can reach loss 0.
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 20)).astype("float32")
    rule = np.random.default_rng(0).normal(size=20)
    chance = 1 / (1 + np.exp(-(x @ rule)))
    return x, (rng.random(count) < chance).astype("int32")


# --8<-- [end:setup]


# --8<-- [start:train]
def train(distinct, seed):
    tf.keras.utils.set_random_seed(seed)
    sizes = [tf.keras.layers.Dense(n, a) for n, a in ((128, "relu"), (2, None))]
    network = tf.keras.Sequential(sizes)
    network.build((None, 20))
    optimizer = tf.keras.optimizers.Adam(0.003)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, network(x))
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, network.trainable_variables))
        return loss

    x, y = draw(distinct, 10 + seed)
    rows = np.arange(STEPS * BATCH).reshape(STEPS, BATCH) % distinct
    losses = [float(step(tf.constant(x[r]), tf.constant(y[r]))) for r in rows]
    x, y = draw(20_000, 99)
    test = tf.nn.sparse_softmax_cross_entropy_with_logits(y, network(x))
    return np.mean(losses[-200:]), float(tf.reduce_mean(test))


# --8<-- [end:train]

# --8<-- [start:compare]
gap = {}
for distinct in (STEPS * BATCH, STEPS * BATCH // 25):
    found = np.array([train(distinct, seed) for seed in range(3)])  # (seeds, 2)
    gap[distinct] = found[:, 1] - found[:, 0]
    mean = found.mean(axis=0)
    times = STEPS * BATCH // distinct
    print(
        f"{distinct:5d} examples seen {times:2d} times: training {mean[0]:.3f}, test {mean[1]:.3f}"
    )
once, often = gap.values()
assert np.abs(once).max() < 0.03 and often.min() > 0.3
# --8<-- [end:compare]
