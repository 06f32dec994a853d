# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""A starter that runs: one linear layer, scored on the validation part."""

# --8<-- [start:starter]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def split(images, labels):
    """Training, validation and test part, each (images, labels)."""
    rest_x, test_x, rest_y, test_y = train_test_split(
        images, labels, test_size=450, stratify=labels, random_state=0
    )
    train_x, val_x, train_y, val_y = train_test_split(
        rest_x, rest_y, test_size=270, stratify=rest_y, random_state=0
    )
    return (train_x, train_y), (val_x, val_y), (test_x, test_y)


def train(images, labels, seed):
    """Return a function: images (n, 8, 8) to probabilities (n, 10)."""
    tf.keras.utils.set_random_seed(seed)
    model = tf.keras.Sequential(
        [  # Replace these layers; the rest of the page relies on the names.
            tf.keras.Input((8, 8)),
            tf.keras.layers.Rescaling(1 / 16),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(10),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    adam = tf.keras.optimizers.Adam(5e-3)
    model.compile(optimizer=adam, loss=loss, jit_compile=False)
    model.fit(images, labels, batch_size=32, epochs=10, verbose=0)
    return lambda x: tf.nn.softmax(model(x, training=False)).numpy()


tf.config.threading.set_intra_op_parallelism_threads(1)
digits = load_digits()
training, validation, test = split(digits.images, digits.target)
predict = train(*training, seed=0)
x, y = validation
starter_accuracy = np.mean(predict(x).argmax(1) == y)
print("images:", *(len(y) for _, y in (training, validation, test)))
print(f"validation accuracy {starter_accuracy:.3f}")
assert starter_accuracy > 0.85, "worse than one linear layer"
# --8<-- [end:starter]
