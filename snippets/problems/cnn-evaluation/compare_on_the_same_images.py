# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "scipy", "matplotlib"]
# ///
"""A small CNN reads digits as well as an SVM does, at many times the cost."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from scipy.stats import binomtest
from sklearn.datasets import load_digits
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

tf.config.threading.set_intra_op_parallelism_threads(1)
digits = load_digits()  # images (1797, 8, 8), grey levels 0 to 16
fit_x, test_x, fit_y, test_y = train_test_split(
    digits.images,
    digits.target,
    test_size=450,
    stratify=digits.target,
    random_state=0,
)
# The choice is made: fit on training and validation part together.
print("to fit:", fit_x.shape, "to test:", test_x.shape)
# --8<-- [end:data]


# --8<-- [start:network]
def convolutional_layers():
    conv = {"padding": "same", "activation": "relu"}
    return [
        tf.keras.layers.Conv2D(32, 3, **conv),  # (batch, 8, 8, 32)
        tf.keras.layers.MaxPooling2D(2),  # (batch, 4, 4, 32)
        tf.keras.layers.Conv2D(64, 3, **conv),  # (batch, 4, 4, 64)
        tf.keras.layers.MaxPooling2D(2),  # (batch, 2, 2, 64)
        tf.keras.layers.Flatten(),  # (batch, 256)
        tf.keras.layers.Dropout(0.5),
        tf.keras.layers.Dense(10),  # (batch, 10), logits
    ]


# --8<-- [end:network]


# --8<-- [start:train]
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def train(layers, images, labels, seed, epochs=30, batch=32):
    tf.keras.utils.set_random_seed(seed)
    head = [
        tf.keras.Input((8, 8)),
        tf.keras.layers.Rescaling(1 / 16),  # 0..16 becomes 0..1
        tf.keras.layers.Reshape((8, 8, 1)),  # One channel.
    ]
    model = tf.keras.Sequential(head + layers())
    steps = epochs * len(images) // batch
    falling = tf.keras.optimizers.schedules.CosineDecay(5e-3, steps)
    adam = tf.keras.optimizers.Adam(falling)
    adam.build(model.trainable_variables)
    x, y = tf.constant(images, tf.float32), tf.constant(labels)

    @tf.function  # One call for all steps: Python does not wait for each.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                logits = model(tf.gather(x, rows), training=True)
                loss = cross_entropy(tf.gather(y, rows), logits)
            adam.apply(tape.gradient(loss, model.trainable_variables))

    shuffled = [np.random.permutation(len(images)) for _ in range(epochs)]
    fit(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))
    return lambda x: tf.nn.softmax(model(x, training=False)).numpy()


# --8<-- [end:train]

# --8<-- [start:simple]
svm = SVC(C=10, gamma=0.1).fit(fit_x.reshape(-1, 64) / 16, fit_y)
svm_guess = svm.predict(test_x.reshape(-1, 64) / 16)
svm_accuracy = np.mean(svm_guess == test_y)
print("SVM, wrong of", len(test_y), "images:", int(np.sum(svm_guess != test_y)))


def dense_layers():
    return [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(256, activation="relu"),
        tf.keras.layers.Dropout(0.5),
        tf.keras.layers.Dense(10),
    ]


# --8<-- [end:simple]

# --8<-- [start:paired]
wrong, dense_wrong, guesses = [], [], []
p_values = {"dense net": [], "SVM": []}
for seed in (0, 1, 2):
    dense = train(dense_layers, fit_x, fit_y, seed, epochs=20)(test_x).argmax(1)
    cnn = train(convolutional_layers, fit_x, fit_y, seed, epochs=30)(test_x).argmax(1)
    guesses.append(cnn)  # (450,)
    wrong.append(int(np.sum(cnn != test_y)))
    dense_wrong.append(int(np.sum(dense != test_y)))
    print(f"seed {seed}: CNN misreads {wrong[-1]}, dense net {dense_wrong[-1]}")
    assert wrong[-1] < dense_wrong[-1]
    for rival, guess in (("dense net", dense), ("SVM", svm_guess)):
        only_cnn = int(np.sum((cnn != test_y) & (guess == test_y)))
        only_rival = int(np.sum((cnn == test_y) & (guess != test_y)))
        p = binomtest(only_cnn, only_cnn + only_rival).pvalue
        p_values[rival].append(float(p))
        print(f"  only the CNN {only_cnn}, only the {rival} {only_rival}: p = {p:.2f}")
    assert p_values["SVM"][-1] > 0.05
# --8<-- [end:paired]

# --8<-- [start:score]
accuracies, dense_accuracies = (1 - np.array(w) / len(test_y) for w in (wrong, dense_wrong))
mean_accuracy, dense_accuracy = accuracies.mean(), dense_accuracies.mean()
print(f"mean accuracy: CNN {mean_accuracy:.4f}, dense net {dense_accuracy:.4f}")
print(f"standard deviation over seeds, CNN: {accuracies.std(ddof=1):.4f}")
standard_error = (mean_accuracy * (1 - mean_accuracy) / len(test_y)) ** 0.5
print(f"standard error from {len(test_y)} images: {standard_error:.4f}")
# --8<-- [end:score]

# --8<-- [start:confusion]
counts = confusion_matrix(test_y, guesses[0])  # (10 true, 10 read)
figure, axes = plt.subplots(figsize=(5.2, 4.4), layout="constrained")
ConfusionMatrixDisplay(counts).plot(ax=axes, cmap="viridis")
axes.set(xlabel="digit the network read", ylabel="digit the writer meant")
axes.set_title("450 test images, seed 0 (number of images)")
plt.show()
# --8<-- [end:confusion]

# --8<-- [start:mistakes]
reads = np.stack(guesses)  # (3 seeds, 450)
missed = np.flatnonzero((reads != test_y).any(axis=0))
always_missed = int((reads != test_y).all(axis=0).sum())
shared = int(np.sum(svm_guess[missed] != test_y[missed]))
print("missed by some seed:", len(missed), "by all three:", always_missed)
print("of these the SVM misses too:", shared)
figure, grid = plt.subplots(2, 5, figsize=(6.4, 3.6), layout="constrained")
for axes, i in zip(grid.flat, missed, strict=False):
    axes.imshow(test_x[i], cmap="viridis")
    read = ", ".join(map(str, reads[:, i]))
    axes.set_title(f"{test_y[i]} read as\n{read}")
for axes in grid.flat:
    axes.set_axis_off()
plt.show()
# --8<-- [end:mistakes]
