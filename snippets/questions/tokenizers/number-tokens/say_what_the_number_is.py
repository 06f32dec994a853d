# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Mixed data leaves 9.11 open until a word of context decides."""

# --8<-- [start:mixed]
import numpy as np
import tensorflow as tf

SEEDS, STEPS, WIDTH = 3, 1500, 64
fractions = [str(f) for f in range(1, 100) if f < 10 or f % 10]
numbers = [(whole, f) for whole in range(10) for f in fractions]
decimal = np.array([w + int(f) / 10 ** len(f) for w, f in numbers])
version = np.array([100 * w + int(f) for w, f in numbers])
places = [(1 + w, 1 + int(f[0]), 1 + int(f[1]) if f[1:] else 0) for w, f in numbers]
ids = np.array(places)  # (numbers, 3), one token for each digit
rng = np.random.default_rng(0)


def draw(shape):  # pairs with the same whole part
    x, near = rng.integers(0, len(numbers), (2, *shape))
    return x, x // 90 * 90 + near % 90


# --8<-- [end:mixed]

# --8<-- [start:encode]
x, y = draw((6000,))
disputed = (decimal[x] > decimal[y]) != (version[x] > version[y])
test_x, test_y = x[disputed], y[disputed]
held_out = np.zeros((len(numbers), len(numbers)), bool)
held_out[test_x, test_y] = True


def encode(x, y, is_version, hint):  # The first token: 11 "price", 12 "version", 0 none.
    kind = np.where(is_version, 12, 11)[..., None] * hint
    return np.concatenate([kind, ids[x], ids[y]], axis=-1)  # (seeds, batch, 7)


# --8<-- [end:encode]


# --8<-- [start:network]
def create(rows, columns, scale):
    return tf.Variable(tf.random.normal((SEEDS, rows, columns)) * scale)


def network():
    tf.keras.utils.set_random_seed(0)
    shapes = ((7 * 16, WIDTH), (WIDTH, WIDTH), (WIDTH, 1))
    layers = [create(*shape, (2 / shape[0]) ** 0.5) for shape in shapes]
    return [create(13, 16, 1.0), *layers]


def forward(tokens, weights):
    h = tf.gather(weights[0], tokens, axis=1, batch_dims=1)
    h = tf.reshape(h, (SEEDS, -1, 7 * 16))
    h = tf.nn.relu(tf.nn.relu(h @ weights[1]) @ weights[2])
    return (h @ weights[3])[..., 0]  # (seeds, batch)


# --8<-- [end:network]


# --8<-- [start:train]
def train(hint):
    weights = network()
    rate = tf.keras.optimizers.schedules.CosineDecay(3e-3, STEPS)
    adam = tf.keras.optimizers.Adam(rate)
    adam.build(weights)

    @tf.function  # One call for all steps.
    def learn(tokens, larger):
        for i in tf.range(STEPS):
            with tf.GradientTape() as tape:
                answers = forward(tokens[i], weights)
                loss = tf.nn.sigmoid_cross_entropy_with_logits(larger[i], answers)
                loss = tf.reduce_sum(tf.reduce_mean(loss, axis=1))
            adam.apply(tape.gradient(loss, weights))

    batches = []
    for _ in range(STEPS):
        x, y = draw((SEEDS, 128))
        y = np.where(held_out[x, y], x, y)  # A pair kept for the test: x with itself.
        is_version = rng.random(x.shape) < 0.5  # Half the text means versions.
        larger = np.where(is_version, version[x] > version[y], decimal[x] > decimal[y])
        batches.append((encode(x, y, is_version, hint), larger))
    tokens, larger = map(np.stack, zip(*batches, strict=True))
    learn(tf.constant(tokens), tf.constant(larger, tf.float32))
    return weights


# --8<-- [end:train]

# --8<-- [start:ask]
plain, hinted = train(hint=0), train(hint=1)
right = decimal[test_x] > decimal[test_y]
share = {}
for name, weights, hint, asked in (
    ("no hint", plain, 0, False),
    ("asked as a price", hinted, 1, False),
    ("asked as a version", hinted, 1, True),
):
    kind = np.full((SEEDS, len(test_x)), asked)
    x, y = (np.tile(part, (SEEDS, 1)) for part in (test_x, test_y))
    answer = forward(encode(x, y, kind, hint), weights).numpy() > 0
    share[name] = (answer == right).mean(axis=1)  # (seeds,)
    print(f"{name:18s} answered as decimals:", *(f"{s:.2f}" for s in share[name]))
assert np.abs(share["no hint"] - 0.5).max() < 0.2
assert share["asked as a price"].min() > 0.95 and share["asked as a version"].max() < 0.05
# --8<-- [end:ask]
