# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "matplotlib"]
# ///
"""Cross-entropy taken from logits keeps its gradient; taken from probabilities, it loses it."""

# --8<-- [start:overflow]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

z = tf.constant([1000.0, 999.0, 0.0])  # (classes,), float32
naive = tf.exp(z) / tf.reduce_sum(tf.exp(z))
shifted = tf.exp(z - tf.reduce_max(z)) / tf.reduce_sum(tf.exp(z - tf.reduce_max(z)))
exact = np.array([1.0, np.exp(-1.0), 0.0]) / (1.0 + np.exp(-1.0))
print("as in the formula:  ", naive.numpy())
print("largest logit first:", shifted.numpy())
assert np.isnan(naive[0]) and np.abs(shifted - exact).max() < 1e-7
# --8<-- [end:overflow]


# --8<-- [start:losses]
def probability(z, y):  # Softmax probability of the right class.
    return tf.gather(tf.nn.softmax(z), y, batch_dims=1)  # (batch,)


def from_logits(z, y):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(y, z)


def log_of_softmax(z, y):
    return -tf.math.log(probability(z, y))


def log_plus_epsilon(z, y):
    return -tf.math.log(probability(z, y) + 1e-7)


def log_of_clipped(z, y):
    return -tf.math.log(tf.clip_by_value(probability(z, y), 1e-7, 1 - 1e-7))


def squared_error(z, y):
    return tf.reduce_sum((tf.nn.softmax(z) - tf.one_hot(y, z.shape[1])) ** 2, axis=1)


# --8<-- [end:losses]


# --8<-- [start:sweep]
def measure(loss, gaps):  # A wrong class leads the right class, 0, by `gap`.
    z = tf.stack([tf.zeros(len(gaps)), tf.constant(gaps, tf.float32)], axis=1)  # (gaps, 2)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = loss(z, tf.zeros(len(gaps), tf.int32))
    return list(zip(value.numpy(), abs(tape.gradient(value, z)[:, 0].numpy()), strict=True))


losses = [from_logits, log_of_softmax, log_plus_epsilon, log_of_clipped, squared_error]
gaps = [5.0, 40.0, 150.0]
table = {loss: measure(loss, gaps) for loss in losses}
print("loss, gradient on the right logit")
print(" " * 18 + "".join(f"{f'lead {gap:.0f}':>18s}" for gap in gaps))
for loss, row in table.items():
    cells = (f"{f'{value:.2f}, {pull:.1e}':>18s}" for value, pull in row)
    print(f"{loss.__name__:18s}" + "".join(cells))
# --8<-- [end:sweep]

# --8<-- [start:claim]
for (value, pull), gap in zip(table[from_logits], gaps, strict=True):
    assert abs(value - gap) < 0.01 and pull > 0.99
(_, before), (value, after) = measure(log_of_softmax, [85.0, 105.0])
assert before > 0.99 and np.isinf(value) and np.isnan(after)
for loss in (log_plus_epsilon, log_of_clipped, squared_error):
    assert table[loss][0][1] > 0.01 and table[loss][1][1] < 1e-9
y, z = tf.constant([0]), tf.constant([[0.0, 40.0]])
keras_loss = tf.keras.losses.SparseCategoricalCrossentropy()
blind = float(keras_loss(y, tf.nn.softmax(z)))  # Keras cannot see the logits.
seeing = float(keras_loss(y, tf.keras.activations.softmax(z)))
print(f"Keras: {blind:.2f} from tf.nn.softmax, {seeing:.2f} from its own softmax")
assert abs(blind - table[log_of_clipped][1][0]) < 1e-4 and abs(seeing - 40) < 1e-4
# --8<-- [end:claim]

# --8<-- [start:figure]
grid = np.linspace(0, 110, 221)
styles = ["-", ":", "--", "-.", "-"]
plt.figure(figsize=(6.4, 3.4))
for loss, style in zip(losses, styles, strict=True):
    pull = np.array([pull for _, pull in measure(loss, grid)])
    pull[pull <= 0] = np.nan  # A logarithmic axis has no place for zero.
    plt.semilogy(grid, pull, style, label=loss.__name__)
plt.xlabel("lead of the wrong logit over the right one")
plt.ylabel("size of the gradient on the right logit")
plt.ylim(1e-20, 10)
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]

# --8<-- [start:wrong-start]
images, digits = load_digits(return_X_y=True)
x = np.c_[images / 16, np.ones(len(images))].astype("float32")  # (batch, 65)
digits = digits.astype("int32")


def wrong_start(seed):  # Learned from labels that are off by one.
    order = np.random.default_rng(seed).permutation(len(x))
    train, test = order[:1400], order[1400:]
    linear = LogisticRegression(max_iter=500, fit_intercept=False)
    linear.fit(x[train], (digits[train] + 1) % 10)
    return linear.coef_.T.astype("float32"), train, test  # (65, classes)


# --8<-- [end:wrong-start]


# --8<-- [start:train]
def step(w, x, y, loss):
    with tf.GradientTape() as tape:
        tape.watch(w)
        mean = tf.reduce_mean(loss(x @ w, y))
    return w - 3.0 * tape.gradient(mean, w)


@tf.function
def relearn(w, x, y):  # Every loss begins at the same wrong weights.
    ends = [w] * len(losses)
    for _ in tf.range(300):
        ends = [step(w, x, y, loss) for w, loss in zip(ends, losses, strict=True)]
    return ends


# --8<-- [end:train]

# --8<-- [start:relearn]
accuracy, lead = {}, {}
for seed in range(3):
    wrong, train, test = wrong_start(seed)
    for scale in (0, 2, 6):  # 0: an ordinary start; 6: wrong and very sure.
        w, y = tf.constant(scale * wrong), digits[train]
        z = x[train] @ w.numpy()
        lead[scale] = np.median(z.max(axis=1) - z[np.arange(len(y)), y])
        for loss, end in zip(losses, relearn(w, x[train], y), strict=True):
            predicted = np.argmax(x[test] @ end.numpy(), axis=1)
            accuracy.setdefault((loss, scale), []).append(np.mean(predicted == digits[test]))
            assert scale > 0 or accuracy[loss, 0][-1] > 0.95  # An ordinary start: all learn.
print("test accuracy after 300 steps on the right labels, three seeds")
print(" " * 17 + "".join(f"{f'median lead {gap:.0f}':>18s}" for gap in lead.values()))
for loss in losses:
    cells = (" ".join(f"{a:.2f}" for a in accuracy[loss, scale]) for scale in lead)
    print(f"{loss.__name__:17s}" + "".join(f"{cell:>18s}" for cell in cells))
# --8<-- [end:relearn]

# --8<-- [start:verdict]
kept = min(accuracy[from_logits, 6])
lost = max(max(accuracy[loss, 6]) for loss in losses if loss is not from_logits)
assert kept > 0.85 and lost < 0.5
assert max(accuracy[squared_error, 2]) < 0.4 and min(accuracy[log_plus_epsilon, 2]) > 0.9
# --8<-- [end:verdict]
