# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""Average the gradients at every step, not the weights after training."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

images, labels = load_digits(return_X_y=True)
x, x_test, y, y_test = train_test_split(
    images / 16, labels, test_size=0.25, stratify=labels, random_state=0
)
workers, batch, epochs, rate = 4, 16, 10, 0.1
steps = len(x) // workers // batch  # Per epoch, on each worker.
own = np.arange(workers * steps * batch)
own = own.reshape(workers, -1)  # (workers, rows)
# --8<-- [end:data]


# --8<-- [start:network]
def start(seeds):
    sizes, network = [(64, 128), (128, 64), (64, 10)], []
    draws = [np.random.default_rng(seed) for seed in seeds]
    for size in sizes:
        scale = np.sqrt(2 / size[0])
        network.append(np.stack([d.normal(0, scale, size) for d in draws]))
    return [tf.constant(w) for w in network]  # (workers, inputs, outputs)


def logits(network, images):  # (workers or 1, batch, 64)
    hidden = tf.nn.relu(images @ network[0])  # (workers, batch, 128)
    hidden = tf.nn.relu(hidden @ network[1])  # (workers, batch, 64)
    return hidden @ network[2]  # (workers, batch, 10)


# --8<-- [end:network]


# --8<-- [start:step]
def all_reduce_mean(tensors):
    means = [tf.reduce_mean(t, axis=0, keepdims=True) for t in tensors]
    return [tf.repeat(t, workers, axis=0) for t in means]


def step(network, images, labels, share):
    with tf.GradientTape() as tape:
        tape.watch(network)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels, logits(network, images)
        )  # (workers, batch)
        loss = tf.reduce_sum(tf.reduce_mean(loss, axis=1))  # (1)!
    slopes = tape.gradient(loss, network)
    if share:
        slopes = all_reduce_mean(slopes)
    return [w - rate * g for w, g in zip(network, slopes, strict=True)]


# --8<-- [end:step]


# --8<-- [start:train]
@tf.function  # One call for all steps.
def run(network, batches, share, average_every):
    for i in tf.range(len(batches)):
        rows = batches[i]  # (workers, batch)
        network = step(network, tf.gather(x, rows), tf.gather(y, rows), share)
        if (i + 1) % average_every == 0:
            network = all_reduce_mean(network)
    return network


def train(network, seed, share=False, average_every=10**9):
    random = np.random.default_rng(seed)
    orders = [random.permuted(own, axis=1) for _ in range(epochs)]
    batches = [part for order in orders for part in np.split(order, steps, axis=1)]
    return run(network, tf.constant(batches), share, tf.constant(average_every))


def accuracy(scores):  # (..., tests, 10)
    return float(np.mean(np.argmax(scores, axis=-1) == y_test))


# --8<-- [end:train]


# --8<-- [start:shuffle]
def shuffle_units(network, seed):  # On every worker another order, and the same function.
    random = np.random.default_rng(seed)
    tables = [np.tile(np.arange(size), (workers, 1)) for size in (128, 64)]
    one, two = (random.permuted(table, axis=1) for table in tables)
    first = tf.gather(network[0], one, axis=2, batch_dims=1)
    second = tf.gather(network[1], one, axis=1, batch_dims=1)
    second = tf.gather(second, two, axis=2, batch_dims=1)
    return [first, second, tf.gather(network[2], two, axis=1, batch_dims=1)]


# --8<-- [end:shuffle]

# --8<-- [start:run]
table, gaps = {}, []
for seed in (0, 1, 2):
    same, test = start([seed] * workers), x_test[None]
    apart = train(start(range(10 * seed, 10 * seed + workers)), seed)
    once = all_reduce_mean(train(same, seed))
    each_epoch = train(same, seed, average_every=steps)
    each_step = train(same, seed, average_every=1)
    shared = train(same, seed, share=True)
    alone = logits(apart, test)  # (workers, tests, 10)
    merged = all_reduce_mean(apart)
    shuffled = shuffle_units(shared, seed)
    assert np.allclose(logits(shuffled, test), logits(shared, test))
    for name, scores in {
        "each worker alone": alone,
        "own starts, weights averaged": logits(merged, test)[0],
        "own starts, outputs averaged": tf.reduce_mean(alone, axis=0),
        "one network, units shuffled": logits(all_reduce_mean(shuffled), test)[0],
        "same start, averaged at the end": logits(once, test)[0],
        "same start, averaged every epoch": logits(each_epoch, test)[0],
        "gradients averaged every step": logits(shared, test)[0],
    }.items():
        table.setdefault(name, []).append(accuracy(scores))
    pairs = zip(each_step, shared, strict=True)
    gaps.append(max(float(tf.reduce_max(abs(a - b))) for a, b in pairs))
# --8<-- [end:run]

# --8<-- [start:report]
print(f"{'test accuracy':32s}  seed 0  seed 1  seed 2")
for name, values in table.items():
    print(f"{name:32s}" + "".join(f"{value:8.3f}" for value in values))
merged = table["own starts, weights averaged"]
shared = table["gradients averaged every step"]
assert max(merged) < 0.70 < 0.92 < min(shared)
assert max(table["one network, units shuffled"]) < 0.70
assert min(table["same start, averaged every epoch"]) > 0.92
print("plain SGD, weights averaged at every step instead:")
print("the same network, to 1e-9:", max(gaps) < 1e-9)
assert max(gaps) < 1e-9
# --8<-- [end:report]
