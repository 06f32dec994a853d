# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""BatchNorm keeps its benefit when noise makes its outputs shift more than without BatchNorm."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

SEEDS, DEPTH, WIDTH, STEPS, BATCH = 3, 10, 64, 170, 64
images, labels = load_digits(return_X_y=True)
images, labels = (images / 16).astype("float32"), labels.astype("int32")
order = np.random.default_rng(0).permutation(len(images))
train, validation, test = np.split(order, [1100, 1450])
probe = images[train[:64]]  # Always the same inputs, to watch the layers shift.
# --8<-- [end:data]


# --8<-- [start:network]
def create():  # He initialization; three networks side by side.
    rng = np.random.default_rng(0)
    sizes = [64] + [WIDTH] * DEPTH + [10]
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    w = [rng.normal(size=(SEEDS, m, n)) * np.sqrt(2 / m) for m, n in pairs]
    return [
        [tf.constant(one, tf.float32) for one in w],
        [tf.zeros((SEEDS, 1, n)) for _, n in pairs],  # shift
        [tf.ones((SEEDS, 1, n)) for _, n in pairs],  # scale
    ]


def disturb(z, seed):  # Another mean and another scale for each feature, in each step.
    mean, scale = tf.unstack(tf.random.stateless_normal((2, SEEDS, 1, WIDTH), seed, 0, 0.4))
    return z * tf.exp(scale) + mean


# --8<-- [end:network]


# --8<-- [start:forward]
def forward(x, variables, kind, step=None):
    weights, shifts, scales = variables
    h, seen = x, []
    for layer in range(DEPTH):
        z = h @ weights[layer]  # (seeds, batch, width)
        if kind != "plain":
            mean, variance = tf.nn.moments(z, axes=[1], keepdims=True)
            z = (z - mean) / tf.sqrt(variance + 1e-5) * scales[layer]
        z += shifts[layer]
        if kind == "noisy BatchNorm" and step is not None:
            z = disturb(z, [step, layer])
        seen.append(tf.reduce_mean(z, axis=1) / (tf.math.reduce_std(z, axis=1) + 1e-6))
        h = tf.nn.relu(z)
    return h @ weights[-1] + shifts[-1], tf.stack(seen, axis=1)  # seen: (seeds, depth, width)


# --8<-- [end:forward]


# --8<-- [start:train]
@tf.function
def learn(rows, rate, kind):
    variables = create()
    before, shift = tf.zeros((SEEDS, DEPTH, WIDTH)), tf.zeros(SEEDS)
    for step in tf.range(STEPS):
        x, y = tf.gather(images, rows[step]), tf.gather(labels, rows[step])
        with tf.GradientTape() as tape:
            tape.watch(variables)
            logits, _ = forward(x, variables, kind, 2 * step)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            loss = tf.reduce_sum(tf.reduce_mean(loss, axis=1))
        gradients = tape.gradient(loss, variables, unconnected_gradients="zero")
        variables = tf.nest.map_structure(lambda v, g: v - rate * g, variables, gradients)
        _, now = forward(probe[None], variables, kind, 2 * step + 1)
        if step > 0:
            shift += tf.reduce_mean(tf.abs(now - before), axis=[1, 2]) / (STEPS - 1)
        before = now
    return variables, shift


# --8<-- [end:train]


# --8<-- [start:compare]
def accuracy(rows, variables, kind):
    logits, _ = forward(images[rows][None], variables, kind)
    return np.mean(np.argmax(logits, axis=2) == labels[rows], axis=1)  # (seeds,)


rng = np.random.default_rng(0)
rows = np.stack([rng.choice(train, (SEEDS, BATCH)) for _ in range(STEPS)])
found = {}
print("                  rate   shift of a layer per step   test accuracy")
for kind in ("plain", "BatchNorm", "noisy BatchNorm"):
    best = None
    for rate in (0.01, 0.03, 0.1, 0.3):
        variables, shift = learn(rows, tf.constant(rate), kind)
        score = accuracy(validation, variables, kind).mean()
        if best is None or score > best[0]:
            best = score, rate, shift.numpy(), accuracy(test, variables, kind)
    _, rate, shift, found[kind] = best
    found[kind, "rate"], found[kind, "shift"] = rate, shift
    values = " ".join(f"{value:.2f}" for value in found[kind])
    print(f"{kind:16s}  {rate:<5}  {shift.mean():<26.3f}  {values}")
# --8<-- [end:compare]

# --8<-- [start:claim]
plain, noisy = found["plain", "shift"], found["noisy BatchNorm", "shift"]
print(
    f"the noise makes the shift {noisy.mean() / plain.mean():.1f} times that of the plain network"
)
assert noisy.min() > 1.3 * plain.max()
lead = found["noisy BatchNorm"] - found["plain"]  # (seeds,), from the same weights
assert lead.min() > 0.02 and found["BatchNorm"].min() > 0.9
# --8<-- [end:claim]
