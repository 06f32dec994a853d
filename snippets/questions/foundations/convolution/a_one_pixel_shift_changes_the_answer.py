# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""A trained CNN with pooling is not translation invariant; test it by shifting."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn import datasets, model_selection

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

digits, labels = datasets.load_digits(return_X_y=True)
pictures = (digits / 16).reshape(-1, 8, 8, 1).astype("float32")
pictures = np.pad(pictures, ((0, 0), (0, 0), (6, 6), (0, 0)))  # Room to move.
train, test, y_train, y_test = model_selection.train_test_split(
    pictures, labels, test_size=0.25, stratify=labels, random_state=0
)
print("train", train.shape, "test", test.shape)
# --8<-- [end:data]

# --8<-- [start:networks]
layers = tf.keras.layers
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def build(stride, head):
    """Two convolutions; stride 2 shrinks the maps with max pooling."""
    conv = {"padding": "same", "activation": "relu"}
    return tf.keras.Sequential(
        [
            tf.keras.Input((8, 20, 1)),
            layers.Conv2D(16, 3, **conv),
            layers.MaxPooling2D(2, strides=stride, padding="same"),
            layers.Conv2D(32, 3, **conv),
            layers.MaxPooling2D(2, strides=stride, padding="same"),
            head,
            layers.Dense(10),
        ]
    )


def train_once(seed, stride, head, epochs=4, batch=64):
    tf.keras.utils.set_random_seed(seed)
    network = build(stride, head())
    adam = tf.keras.optimizers.Adam(5e-3)
    adam.build(network.trainable_variables)
    x, y = tf.constant(train), tf.constant(y_train)

    @tf.function  # One call for all steps: Python does not wait for each.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                logits = network(tf.gather(x, rows), training=True)
                loss = cross_entropy(tf.gather(y, rows), logits)
            adam.apply(tape.gradient(loss, network.trainable_variables))

    shuffled = [np.random.permutation(len(train)) for _ in range(epochs)]
    steps = epochs * len(train) // batch
    fit(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))
    return network


# --8<-- [end:networks]

# --8<-- [start:shift]
shifts = (0, 1, 2, 3)


def measure(name, stride, head):
    """Accuracy after each shift, and the most that one pixel moves a logit."""
    rows, moves = [], []
    for seed in range(3):
        network = train_once(seed, stride, head)
        moved = [network(np.roll(test, s, 2)).numpy() for s in shifts]
        rows.append([np.mean(m.argmax(1) == y_test) for m in moved])
        moves.append(np.abs(moved[1] - moved[0]).max())
    means = np.mean(rows, axis=0)
    print(f"{name:30}", *(f"{a:6.2f}" for a in means), f"{max(moves):12.0f}")
    return means, max(moves)


# --8<-- [end:shift]

# --8<-- [start:claim]
print(f"{'shift in pixels':30}", *(f"{s:>6}" for s in shifts), "  a logit moves by")
flatten, _ = measure("pooling by 2, flatten", 2, layers.Flatten)
assert flatten[1] < flatten[0] - 0.15  # A shift of one pixel ...
strided, _ = measure("pooling by 2, global maximum", 2, layers.GlobalMaxPooling2D)
assert strided[1] < strided[0] - 0.05  # ... hurts with global pooling too
assert abs(strided[2] - strided[0]) < 0.005  # (two pixels do not),
still, moved = measure("no stride, global maximum", 1, layers.GlobalMaxPooling2D)
assert np.ptp(still) == 0 and moved < 1e-4  # but not when nothing has a stride.
# --8<-- [end:claim]
