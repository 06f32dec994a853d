# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""Widths, epochs, C and gamma are chosen on 270 validation images."""

# --8<-- [start:parts]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

tf.config.threading.set_intra_op_parallelism_threads(1)  # (1)!
digits = load_digits()
rest_x, _, rest_y, _ = train_test_split(  # The 450 test images are dropped.
    digits.images,
    digits.target,
    test_size=450,
    stratify=digits.target,
    random_state=0,
)
train_x, val_x, train_y, val_y = train_test_split(
    rest_x, rest_y, test_size=270, stratify=rest_y, random_state=0
)
print("training:", train_x.shape, "validation:", val_x.shape)
# --8<-- [end:parts]


# --8<-- [start:candidates]
def convolutional_layers(first, second):
    conv = {"padding": "same", "activation": "relu"}
    return [
        tf.keras.layers.Conv2D(first, 3, **conv),
        tf.keras.layers.MaxPooling2D(2),
        tf.keras.layers.Conv2D(second, 3, **conv),
        tf.keras.layers.MaxPooling2D(2),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dropout(0.5),
        tf.keras.layers.Dense(10),
    ]


def dense_layers(units):
    return [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(units, activation="relu"),
        tf.keras.layers.Dropout(0.5),
        tf.keras.layers.Dense(10),
    ]


# --8<-- [end:candidates]


# --8<-- [start:measure]
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def validate(layers, widths, epochs, batch=32):
    """Train with seed 0; return validation loss and number wrong."""
    tf.keras.utils.set_random_seed(0)
    head = [
        tf.keras.Input((8, 8)),
        tf.keras.layers.Rescaling(1 / 16),
        tf.keras.layers.Reshape((8, 8, 1)),
    ]
    model = tf.keras.Sequential(head + layers(*widths))
    steps = epochs * len(train_x) // batch
    falling = tf.keras.optimizers.schedules.CosineDecay(5e-3, steps)
    adam = tf.keras.optimizers.Adam(falling)
    adam.build(model.trainable_variables)
    x, y = tf.constant(train_x, tf.float32), tf.constant(train_y)

    @tf.function  # One call for all steps: Python does not wait for each.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                logits = model(tf.gather(x, rows), training=True)
                loss = cross_entropy(tf.gather(y, rows), logits)
            adam.apply(tape.gradient(loss, model.trainable_variables))

    shuffled = [np.random.permutation(len(train_x)) for _ in range(epochs)]
    fit(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))
    logits = model(val_x, training=False)  # (270, 10)
    wrong = np.sum(np.argmax(logits, axis=1) != val_y)
    return float(cross_entropy(val_y, logits)), int(wrong)


# --8<-- [end:measure]

# --8<-- [start:svm]
flat_train, flat_val = (x.reshape(-1, 64) / 16 for x in (train_x, val_x))
svm_wrong = {}
for c in (1, 10):
    for gamma in (0.05, 0.1, 0.2, 0.4):
        svm = SVC(C=c, gamma=gamma).fit(flat_train, train_y)
        svm_wrong[c, gamma] = int(np.sum(svm.predict(flat_val) != val_y))
    of_c = {gamma: w for (k, gamma), w in svm_wrong.items() if k == c}
    print(f"SVM, C={c}: wrong by gamma {of_c}")
assert svm_wrong[10, 0.1] == min(svm_wrong.values())
# --8<-- [end:svm]

# --8<-- [start:networks]
results = {}


def compare(*candidates):
    for name, layers, widths, epochs in candidates:
        loss, wrong = validate(layers, widths, epochs)
        results[name, epochs] = loss
        print(f"{name:12}{epochs} epochs  loss {loss:.3f}  wrong {wrong}")


compare(
    ("dense 64", dense_layers, (64,), 20),
    ("dense 256", dense_layers, (256,), 20),
)
assert results["dense 256", 20] < results["dense 64", 20] - 0.01
compare(
    ("conv 16, 32", convolutional_layers, (16, 32), 20),
    ("conv 32, 64", convolutional_layers, (32, 64), 30),
)
assert results["conv 32, 64", 30] < results["conv 16, 32", 20] - 0.01
compare(("conv 32, 64", convolutional_layers, (32, 64), 20))
# --8<-- [end:networks]
