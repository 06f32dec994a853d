# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""What changes the Jacobian lets fifteen layers learn; the rest does not."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

SEEDS, EPOCHS, BATCH = 3, 10, 96
images, labels = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(
    (images / 16).astype("float32"),  # (batch, 64)
    labels.astype("int32"),
    test_size=0.25,
    stratify=labels,
    random_state=0,
)
linear = LogisticRegression(max_iter=1000).fit(x_train, y_train)
baseline = linear.score(x_test, y_test)
print(f"logistic regression, no depth: test accuracy {baseline:.3f}")
# --8<-- [end:data]

# --8<-- [start:network]
activations = {"sigmoid": tf.sigmoid, "relu": tf.nn.relu}


def create(initializer, *shape):
    # A Keras initializer object repeats itself: every draw needs a new one.
    count = int(np.prod(shape[:-2]))
    draws = [initializer()(shape[-2:]) for _ in range(count)]
    return tf.Variable(tf.reshape(tf.stack(draws), shape))


def normalize(h):  # LayerNorm without its learned scale and shift.
    mean, variance = tf.nn.moments(h, axes=[-1], keepdims=True)
    return (h - mean) / tf.sqrt(variance + 1e-6)


# --8<-- [end:network]


# --8<-- [start:forward]
def forward(x, variables, activation, residual):
    w_in, w, b, w_out = variables
    h = x @ w_in  # (seeds, batch, width)
    for kernel, bias in zip(tf.unstack(w), tf.unstack(b), strict=True):
        update = normalize(h) if residual else h
        update = activations[activation](update @ kernel + bias)
        h = h + update if residual else update
    return (normalize(h) if residual else h) @ w_out  # (seeds, batch, classes)


# --8<-- [end:forward]


# --8<-- [start:variables]
def create_network(initializer, depth, width):
    tf.keras.utils.set_random_seed(0)
    glorot = tf.keras.initializers.GlorotUniform
    hidden = tf.keras.initializers.HeNormal if initializer == "he" else glorot
    return [
        create(glorot, SEEDS, 64, width),
        create(hidden, depth, SEEDS, width, width),
        create(tf.keras.initializers.Zeros, depth, SEEDS, 1, width),
        create(glorot, SEEDS, width, 10),
    ]


# --8<-- [end:variables]


# --8<-- [start:train]
def train(
    activation="sigmoid",
    initializer="glorot",
    residual=False,
    l2=0.0,
    depth=15,
    width=64,
    optimizer=tf.keras.optimizers.Adam,
):
    variables = create_network(initializer, depth, width)
    optimizer = optimizer()  # learning rate 0.001, the default
    optimizer.build(variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = forward(x, variables, activation, residual)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            # A sum over seeds, so that the three networks do not interact.
            loss = tf.reduce_sum(tf.reduce_mean(losses, axis=1))
            loss += l2 * tf.reduce_sum(variables[1] ** 2)
        gradients = tape.gradient(loss, variables)
        optimizer.apply(gradients)

    rng = np.random.default_rng(0)
    for _ in range(EPOCHS):
        order = rng.permuted(np.tile(np.arange(len(x_train)), (SEEDS, 1)), axis=1)
        for i in range(0, len(x_train) - BATCH + 1, BATCH):
            rows = order[:, i : i + BATCH]  # (seeds, batch)
            step(x_train[rows], y_train[rows])
    logits = forward(x_test[None], variables, activation, residual)
    return np.mean(np.argmax(logits, axis=-1) == y_test, axis=1)  # (seeds,)


# --8<-- [end:train]


# --8<-- [start:compare]
def tiny_epsilon():
    return tf.keras.optimizers.Adam(epsilon=1e-16)


relu = {"activation": "relu", "initializer": "he"}
runs = {
    "sigmoid, Adam": {},
    "  2 layers, not 15": {"depth": 2},
    "ReLU + He": relu,
    "ReLU, residual + LN": {**relu, "residual": True},
    "sigmoid, residual + LN": {"residual": True},
    "sigmoid, L2 of 1e-4": {"l2": 1e-4},
    "  RMSprop instead": {"optimizer": tf.keras.optimizers.RMSprop},
    "  epsilon of 1e-16": {"optimizer": tiny_epsilon},
    "  16 units, not 64": {"width": 16},
}
shallow, *cures = list(runs)[1:5]
accuracy = {}
print("test accuracy of three seeds")
for name, changes in runs.items():
    accuracy[name] = train(**changes)
    print(f"{name:23s}", *(f"{a:.2f}" for a in accuracy[name]))
    if name == shallow:
        assert accuracy[name].min() > 0.5
    elif name in cures:
        assert accuracy[name].min() > 0.85
        assert accuracy[name].mean() < baseline + 0.02  # Depth was not needed.
    else:  # The level of guessing one of ten.
        assert accuracy[name].max() < 0.15
# --8<-- [end:compare]

# --8<-- [start:claim]
stuck = max(accuracy[name].max() for name in runs if name not in (*cures, shallow))
cured = min(accuracy[name].min() for name in cures)
print(f"best without a cure {stuck:.2f}, worst with a cure {cured:.2f}")
# --8<-- [end:claim]
