# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""In float32 Keras on TensorFlow finds the logits behind a softmax; Adam bears unscaled inputs."""

# --8<-- [start:softmax]
import warnings

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(0)
digits = load_digits()
x, y = tf.constant(digits.images, tf.float32), tf.constant(digits.target)
from_logits = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
dense = tf.keras.layers.Dense(10)
dense.build((None, 64))


def loss_and_gradient(last):
    with tf.GradientTape() as tape:
        loss = from_logits(y, last(dense(tf.reshape(x, (-1, 64)))))
    return loss, tape.gradient(loss, dense.kernel)


def listen(last):
    """Loss, gradient, and whether Keras warned of a softmax."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        found = loss_and_gradient(last)
    return *found, any("does not represent logits" in str(w.message) for w in heard)


softmax_loss, softmax_gradient, warned = listen(tf.keras.layers.Softmax())
loss, gradient, _ = listen(tf.identity)
apart = float(tf.reduce_max(tf.abs(softmax_gradient - gradient)))
print(f"loss with a softmax layer {softmax_loss:.3f}, without {loss:.3f}")
print("largest difference of their gradients:", apart, "- Keras warned:", warned)
assert apart == 0 and warned
half_loss, _, warned_in_half = listen(tf.keras.layers.Softmax(dtype="mixed_float16"))
print(f"softmax in half precision: loss {half_loss:.3f} - Keras warned: {warned_in_half}")
assert half_loss < 3 < loss and not warned_in_half
# --8<-- [end:softmax]

# --8<-- [start:scale]
rest_x, _, rest_y, _ = train_test_split(
    digits.images,
    digits.target,
    test_size=450,
    stratify=digits.target,
    random_state=0,
)
train_x, val_x, train_y, val_y = train_test_split(
    rest_x, rest_y, test_size=270, stratify=rest_y, random_state=0
)


def validation_accuracy(divisor, seed, epochs=10, batch=32):
    tf.keras.utils.set_random_seed(seed)
    conv = {"padding": "same", "activation": "relu"}
    model = tf.keras.Sequential(
        [
            tf.keras.Input((8, 8)),
            tf.keras.layers.Rescaling(1 / divisor),
            tf.keras.layers.Reshape((8, 8, 1)),
            tf.keras.layers.Conv2D(32, 3, **conv),
            tf.keras.layers.MaxPooling2D(2),
            tf.keras.layers.Conv2D(64, 3, **conv),
            tf.keras.layers.MaxPooling2D(2),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dropout(0.5),
            tf.keras.layers.Dense(10),
        ]
    )
    steps = epochs * len(train_x) // batch
    falling = tf.keras.optimizers.schedules.CosineDecay(5e-3, steps)
    optimizer = tf.keras.optimizers.Adam(falling)
    optimizer.build(model.trainable_variables)
    x, y = tf.constant(train_x, tf.float32), tf.constant(train_y)

    @tf.function  # One call for all steps: Python does not wait for each.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                logits = model(tf.gather(x, rows), training=True)
                loss = from_logits(tf.gather(y, rows), logits)
            optimizer.apply(tape.gradient(loss, model.trainable_variables))

    shuffled = [np.random.permutation(len(train_x)) for _ in range(epochs)]
    fit(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))
    logits = model(val_x, training=False)  # (270, 10)
    return float(np.mean(np.argmax(logits, axis=1) == val_y))


# --8<-- [end:scale]

# --8<-- [start:compare]
by_divisor = {1: [], 16: []}
for divisor, accuracies in by_divisor.items():
    for seed in (0, 1, 2):
        accuracies.append(validation_accuracy(divisor, seed))
        assert accuracies[-1] > 0.95
    shown = ", ".join(f"{accuracy:.3f}" for accuracy in accuracies)
    print(f"divided by {divisor:2}: validation accuracy {shown}")
# --8<-- [end:compare]
