# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""Equal units stay equal; a layer of zeros does no harm if the others tell units apart and pass gradients."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEEDS, UNITS, STEPS = 3, 16, 200
images, labels = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(
    (images / 16).astype("float32"),  # (batch, 64)
    labels.astype("int32"),
    test_size=0.25,
    stratify=labels,
    random_state=0,
)
targets = np.tile(y_train, (SEEDS, 1))  # (seeds, batch)
# --8<-- [end:data]


# --8<-- [start:start]
def start(kind, inputs, outputs, rng):
    shape = (SEEDS, inputs, outputs)  # Three networks side by side.
    if kind == "zero":
        return np.zeros(shape, "float32")
    if kind == "0.02":
        return np.full(shape, 0.02, "float32")
    if kind == "near":
        return rng.normal(0.02, 0.001, shape).astype("float32")
    return (rng.normal(size=shape) * np.sqrt(2 / inputs)).astype("float32")


def create(kinds):
    rng = np.random.default_rng(0)
    sizes = [64, UNITS, UNITS, 10]
    layers = zip(kinds, sizes[:-1], sizes[1:], strict=True)
    return [tf.constant(start(*layer, rng)) for layer in layers]


# --8<-- [end:start]


# --8<-- [start:train]
def forward(x, weights, biases, activation):
    h = x  # (batch, 64), the same for every seed
    for w, b in zip(weights[:2], biases[:2], strict=True):
        h = activation(h @ w + b)  # (seeds, batch, units)
    return h @ weights[2] + biases[2]  # (seeds, batch, classes)


@tf.function
def train(weights, activation):
    biases = [tf.zeros((SEEDS, 1, w.shape[2])) for w in weights]
    for _ in tf.range(STEPS):
        with tf.GradientTape() as tape:
            tape.watch([weights, biases])
            logits = forward(x_train, weights, biases, activation)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            loss = tf.reduce_sum(tf.reduce_mean(loss, axis=1))
        gradients = tape.gradient(loss, [weights, biases])
        weights = [w - 0.5 * g for w, g in zip(weights, gradients[0], strict=True)]
        biases = [b - 0.5 * g for b, g in zip(biases, gradients[1], strict=True)]
    return weights, biases


# --8<-- [end:train]


# --8<-- [start:recipes]
def distinct(w):  # How many different units; the fewest over the seeds.
    return min(len(np.unique(np.round(one.T, 4), axis=0)) for one in w.numpy())


tanh, relu, r = tf.tanh, tf.nn.relu, "random"
recipes = {  # name: weights of layer 1, of layer 2, of the output; activation
    "all zero": ("zero", "zero", "zero", tanh),
    "all 0.02": ("0.02", "0.02", "0.02", tanh),
    "only output random": ("0.02", "0.02", r, tanh),
    "only layer 1 zero": ("zero", r, r, tanh),
    "only output zero": (r, r, "zero", tanh),
    "all random": (r, r, r, tanh),
    "row 3, near 0.02": ("near", "near", r, tanh),
    "ReLU, only layer 1 zero": ("zero", r, r, relu),
    "ReLU, only output zero": (r, r, "zero", relu),
}
# --8<-- [end:recipes]

# --8<-- [start:compare]
accuracy, units, moved = {}, {}, {}
print("recipe                  different units   test accuracy")
for name, (*kinds, activation) in recipes.items():
    begin = create(kinds)
    weights, biases = train(begin, activation)
    moved[name] = [float(tf.norm(w - b)) for w, b in zip(weights, begin, strict=True)]
    logits = forward(x_test, weights, biases, activation)
    accuracy[name] = np.mean(np.argmax(logits, axis=2) == y_test, axis=1)  # (seeds,)
    units[name] = [distinct(w) for w in weights[:2]]
    counts = " and ".join(f"{count:2d}" for count in units[name])
    print(f"{name:24s}{counts:18s}", *(f"{a:.2f}" for a in accuracy[name]))
# --8<-- [end:compare]

# --8<-- [start:claim]
for name in ("all zero", "all 0.02"):
    assert units[name] == [1, 1] and accuracy[name].max() < 0.5
assert max(moved["all zero"]) == 0  # Not one weight has moved.
# The output tells the units of layer 2 apart, and nothing tells those of layer 1 apart.
assert units["only output random"][0] == 1 and units["only output random"][1] > 8
assert moved["only output random"][0] > 0.1 and accuracy["only output random"].max() < 0.5
for name in ("only layer 1 zero", "only output zero", "all random", "ReLU, only output zero"):
    assert units[name] == [UNITS, UNITS] and accuracy[name].min() > 0.9
near = "row 3, near 0.02"  # A spread of 0.001 is enough.
assert units[near] == [UNITS, UNITS] and accuracy[near].min() > 0.9
dead = "ReLU, only layer 1 zero"  # No weight of any layer moves.
assert max(moved[dead]) == 0 and accuracy[dead].max() < 0.2
# --8<-- [end:claim]
