# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "matplotlib"]
# ///
"""A network may fit its training set perfectly and do well; it pays when labels are wrong."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

SEEDS, NOISE, BATCH, STEPS, CHECKS = 3, (0.0, 0.2), 50, 300, 25
images, digits = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(images))
x, digits = (images[order] / 16).astype("float32"), digits[order].astype("int32")


def wrong(noise, rng):  # Some labels become another digit, in training and validation.
    flip = rng.random(len(digits)) < noise
    return np.where(flip, (digits + rng.integers(1, 10, len(digits))) % 10, digits)


rng = np.random.default_rng(0)
labels = np.stack([wrong(noise, rng) for noise in NOISE for _ in range(SEEDS)])
labels = labels.astype("int32")  # (networks, images), without noise first
validation, test = slice(1000, 1300), slice(1300, None)
# --8<-- [end:data]


# --8<-- [start:network]
def create(units, count):  # Networks side by side: two amounts of noise, three seeds.
    tf.keras.utils.set_random_seed(0)
    he, glorot = tf.keras.initializers.HeNormal, tf.keras.initializers.GlorotNormal
    w1 = tf.stack([he()((64, units)) for _ in range(count)])
    w2 = tf.stack([glorot()((units, 10)) for _ in range(count)])
    biases = tf.zeros((count, 1, units)), tf.zeros((count, 1, 10))
    return [tf.Variable(v) for v in (w1, w2, *biases)]


def forward(inputs, variables, dropout=0.0):
    w1, w2, b1, b2 = variables
    h = tf.nn.relu(inputs @ w1 + b1)  # (networks, batch, units)
    if dropout:
        h = tf.nn.dropout(h, dropout)
    return h @ w2 + b2  # (networks, batch, classes)


def measure(rows, variables, truth):
    logits = forward(x[rows], variables)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(truth, logits)
    hits = tf.argmax(logits, axis=2, output_type=tf.int32) == truth
    hits = tf.reduce_mean(tf.cast(hits, tf.float32), axis=1)
    return tf.stack([tf.reduce_mean(losses, axis=1), hits])  # (2, networks)


# --8<-- [end:network]


# --8<-- [start:train]
def train(size=300, units=256, dropout=0.0, decay=0.0, steps=STEPS, some=slice(None)):
    given = labels[some]  # (networks, images)
    variables = create(units, len(given))
    optimizer = tf.keras.optimizers.AdamW(0.005, weight_decay=decay)
    optimizer.exclude_from_weight_decay(var_list=variables[2:])
    optimizer.build(variables)

    @tf.function  # One call for all steps up to the next check.
    def run(batches):
        for rows in batches:
            y = tf.gather(given, rows, batch_dims=1)
            with tf.GradientTape() as tape:
                logits = forward(tf.gather(x, rows), variables, dropout)
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
                loss = tf.reduce_sum(tf.reduce_mean(loss, axis=1))
            optimizer.apply(tape.gradient(loss, variables))

    true = np.tile(digits, (len(given), 1))
    parts = (slice(size), given), (validation, given), (test, true), (slice(size), true)
    rng, curve = np.random.default_rng(0), []
    for _ in range(CHECKS):
        run(tf.constant(rng.integers(0, size, (steps // CHECKS, len(given), BATCH))))
        curve.append([measure(part, variables, y[:, part]) for part, y in parts])
    return np.array(curve)  # (checks, the four parts, loss and accuracy, networks)


# --8<-- [end:train]

# --8<-- [start:plain]
clean, noisy = slice(0, SEEDS), slice(SEEDS, None)
plain = train()
rise = plain[-1, 1, 0] / plain[:, 1, 0].min(axis=0)  # (networks,), end over minimum
for name, part in {"labels right": clean, "a fifth wrong": noisy}.items():
    print(f"{name:14s}training labels learned", *(f"{v:.2f}" for v in plain[-1, 0, 1, part]))
    print(f"{'':14s}validation loss, end over minimum", *(f"{v:.2f}" for v in rise[part]))
assert plain[-1, 0, 1].min() > 0.95  # It learns even most labels that are wrong.
assert rise[clean].max() < 1.15 and rise[noisy].min() > 1.25
# --8<-- [end:plain]

# --8<-- [start:longer]
longer = train(steps=5 * STEPS, some=clean)
risen = longer[-1, 1, 0] / longer[:, 1, 0].min(axis=0)
change = longer[-1, 2, 1] - plain[-1, 2, 1, clean]
print("labels right, five times as long")
print("validation loss, end over minimum", *(f"{v:.2f}" for v in risen))
print("change of the test accuracy      ", *(f"{v:+.3f}" for v in change))
assert risen.min() > 1.1 and np.abs(change).max() < 0.015
# --8<-- [end:longer]

# --8<-- [start:compare]
hits = {}


def compare(name, curve, stop=False):  # Early stopping: at the least validation loss.
    last = curve[:, 1, 0].argmin(axis=0) if stop else np.full(len(labels), CHECKS - 1)
    hits[name] = curve[last, :, 1, np.arange(len(labels))].T  # (the four parts, networks)
    means = [hits[name][:, part].mean(axis=1) for part in (clean, noisy)]
    print(f"{name:25s} " + "       ".join(f"{m[0]:.2f}     {m[2]:.3f}" for m in means))
    return hits[name][2] - hits["256 units"][2]  # (networks,), gain on the test set


print("                          labels right         a fifth wrong")
print("accuracy on               train    test        train    test")
compare("256 units", plain)
early = compare("  early stopping", plain, stop=True)
assert np.abs(early[clean]).max() < 0.02 and early[noisy].min() > 0.01
true = {name: share[3, noisy] for name, share in hits.items()}  # True digits, in training.
assert true["  early stopping"].min() > true["256 units"].max() + 0.05
smaller = compare("16 units", train(units=16))
assert smaller[clean].max() < -0.002 and smaller[noisy].min() > 0.01
strengths = {"dropout 0.5": {"dropout": 0.5}, "dropout 0.8": {"dropout": 0.8}}
curves = {}
for name, change in {**strengths, "weight decay": {"decay": 1.0}}.items():
    curves[name] = train(**change)
    gain = compare("  " + name, curves[name])
    assert np.abs(gain[clean]).max() < 0.02 and gain[noisy].min() > 0.01
# --8<-- [end:compare]

# --8<-- [start:more]
thousand = train(size=1000, steps=1000)  # As many passes over the data: 50.
more = compare("256 units, 1000 images", thousand)[noisy]
both = compare("  and early stopping", thousand, stop=True)[noisy]
stopped = early[noisy].mean()  # More data help, and most together with early stopping.
assert more.min() > 0.02 and more.mean() < stopped + 0.02 < both.mean()
for name, share in true.items():
    print(f"{name.strip():14s} gives the true digit on training images", share.round(2))
# --8<-- [end:more]

# --8<-- [start:figure]
passes = np.arange(1, CHECKS + 1) * STEPS // CHECKS * BATCH / 300
figure, (left, right) = plt.subplots(1, 2, figsize=(6.8, 3.2))
for part, color in ((clean, "C0"), (noisy, "C3")):
    left.semilogy(passes, plain[:, 0, 0, part].mean(axis=1), color, ls="--")
    left.semilogy(passes, plain[:, 1, 0, part].mean(axis=1), color)
left.set_title("loss: - - training, — validation", fontsize="medium")
left.set_ylabel("cross-entropy (nats)")
lines = {"labels right": (plain, clean), "a fifth wrong": (plain, noisy)}
for name in ("dropout 0.8", "weight decay"):
    lines["a fifth wrong, " + name] = (curves[name], noisy)
for (name, (curve, part)), color in zip(lines.items(), ("C0", "C3", "C1", "C2"), strict=True):
    right.plot(passes, curve[:, 2, 1, part].mean(axis=1), color, label=name)
right.set_title("accuracy: test, true labels", fontsize="medium")
right.set_ylim(0.75, 1)
right.legend(fontsize="x-small")
for panel in (left, right):
    panel.set_xlabel("passes over 300 images")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
