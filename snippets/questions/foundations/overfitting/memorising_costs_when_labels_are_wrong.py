# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "matplotlib"]
# ///
"""A network may fit its training set perfectly and do well; it pays when labels are wrong."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

SEEDS, NOISE, BATCH, STEPS, EVERY = 3, (0.0, 0.2), 50, 600, 12
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
def create(units):  # Six networks side by side: two amounts of noise, three seeds.
    tf.keras.utils.set_random_seed(0)
    he, glorot = tf.keras.initializers.HeNormal, tf.keras.initializers.GlorotNormal
    w1 = tf.stack([he()((64, units)) for _ in labels])
    w2 = tf.stack([glorot()((units, 10)) for _ in labels])
    biases = tf.zeros((len(labels), 1, units)), tf.zeros((len(labels), 1, 10))
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
def train(size=300, units=512, dropout=0.0, decay=0.0):
    variables = create(units)
    optimizer = tf.keras.optimizers.AdamW(0.002, weight_decay=decay)
    optimizer.exclude_from_weight_decay(var_list=variables[2:])
    optimizer.build(variables)
    clean = np.tile(digits[test], (len(labels), 1))

    @tf.function  # One call for all steps up to the next check.
    def run(batches):
        for rows in batches:
            y = tf.gather(labels, rows, batch_dims=1)
            with tf.GradientTape() as tape:
                logits = forward(tf.gather(x, rows), variables, dropout)
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
                loss = tf.reduce_sum(tf.reduce_mean(loss, axis=1))
            optimizer.apply(tape.gradient(loss, variables))

    rng, curve = np.random.default_rng(0), []
    for _ in range(STEPS // EVERY):
        run(tf.constant(rng.integers(0, size, (EVERY, len(labels), BATCH))))
        parts = slice(size), validation
        found = [measure(part, variables, labels[:, part]) for part in parts]
        curve.append([*found, measure(test, variables, clean)])
    return np.array(curve)  # (checks, training or validation or test, 2, networks)


# --8<-- [end:train]

# --8<-- [start:compare]
recipes = {
    "512 units": {},
    "  dropout 0.5": {"dropout": 0.5},
    "  weight decay": {"decay": 1.0},
    "16 units": {"units": 16},
    "512 units, 1000 images": {"size": 1000},
}
curves = {name: train(**changes) for name, changes in recipes.items()}
ends = {name: curve[-1] for name, curve in curves.items()}
plain = curves["512 units"]
stop = plain[:, 1, 0].argmin(axis=0)  # (networks,), least loss on the validation set
ends["  early stopping"] = plain[stop, :, :, np.arange(len(labels))].transpose(1, 2, 0)
print("                          labels right         a fifth wrong")
print("accuracy on               train    test        train    test")
for name in [*recipes, "  early stopping"]:
    cells = []
    for first in (0, SEEDS):
        hits = ends[name][:, 1, first : first + SEEDS].mean(axis=1)
        cells.append(f"{hits[0]:.2f}     {hits[2]:.3f}")
    print(f"{name:25s} " + "       ".join(cells))
# --8<-- [end:compare]

# --8<-- [start:claim]
clean, noisy = slice(0, SEEDS), slice(SEEDS, None)
hits = {name: end[:, 1] for name, end in ends.items()}  # (training … test, networks)
gain = {name: hits[name][2] - hits["512 units"][2] for name in hits}  # on the test set
assert hits["512 units"][0].min() > 0.99  # It fits even the labels that are wrong.
for name in ("  dropout 0.5", "  weight decay", "  early stopping"):
    assert np.abs(gain[name][clean]).max() < 0.015 and gain[name][noisy].min() > 0.01
assert gain["16 units"][clean].max() < -0.005
more = gain["512 units, 1000 images"][noisy]
assert more.min() > 0.05 and more.mean() > gain["  early stopping"][noisy].mean() + 0.02
rise = plain[-1, 1, 0] / plain[:, 1, 0].min(axis=0)  # (networks,), end over minimum
print("validation loss at the end over its minimum, three seeds")
print("labels right ", *(f"{value:.2f}" for value in rise[clean]))
print("a fifth wrong", *(f"{value:.2f}" for value in rise[noisy]))
assert rise[clean].max() < 1.15 and rise[noisy].min() > 1.3
# --8<-- [end:claim]

# --8<-- [start:figure]
passes = np.arange(1, len(plain) + 1) * EVERY * BATCH / 300
figure, (left, right) = plt.subplots(1, 2, figsize=(6.8, 3.2))
for part, color in ((clean, "C0"), (noisy, "C3")):
    left.semilogy(passes, plain[:, 0, 0, part].mean(axis=1), color, ls="--")
    left.semilogy(passes, plain[:, 1, 0, part].mean(axis=1), color)
left.set_title("loss: - - training, — validation", fontsize="medium")
left.set_ylabel("cross-entropy (nats)")
lines = {"labels right": (plain, clean), "a fifth wrong": (plain, noisy)}
for name in ("  dropout 0.5", "  weight decay"):
    lines["a fifth wrong, " + name.strip()] = (curves[name], noisy)
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
