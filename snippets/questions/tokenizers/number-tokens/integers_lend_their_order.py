# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""When 11 is one token before and behind the point, correct integers spoil correct decimals."""

# --8<-- [start:tokens]
import numpy as np
import tensorflow as tf

fractions = [f for f in range(1, 100) if f < 10 or f % 10]
texts = [f"{whole}.{f}" for whole in range(10) for f in fractions]
decimals = len(texts)
texts += [str(n) for n in range(1, 100)]  # Behind the decimals, the integers.
value = np.array([float(text) for text in texts])  # The only order taught here.
POINT = 11


def digits(text):
    return [POINT if letter == "." else 1 + int(letter) for letter in text]


def chunks(text):  # 11 is one token, the same in 11 and in 9.11.
    return [POINT if part == "." else 12 + int(part) for part in text.replace(".", " . ").split()]


def chunks_apart(text):  # Behind the point it is another token.
    ids = chunks(text)
    return ids[:2] + [i + 100 for i in ids[2:]]


for cut in (digits, chunks, chunks_apart):
    print(f"{cut.__name__:12s} 9.11 → {cut('9.11')}, 9.9 → {cut('9.9')}, 11 → {cut('11')}")
# --8<-- [end:tokens]

# --8<-- [start:pairs]
rng = np.random.default_rng(0)
x, y = rng.integers(0, decimals, (2, 30_000))
y = np.where(rng.random(len(y)) < 0.7, x // 90 * 90 + y % 90, y)  # Often the same whole part.
whole, fraction = np.divmod(np.arange(decimals), 90)
version = 100 * whole + np.array(fractions)[fraction]
disputed = (value[x] > value[y]) != (version[x] > version[y])
test = np.stack([x, y])[:, :8000][:, disputed[:8000]]  # (2, pairs)
kept = np.isin(x * decimals + y, test[0] * decimals + test[1])
train = np.stack([x, y])[:, ~kept & (x != y)][:, -10_000:]
print(f"{test.shape[1]} disputed pairs to test on, {train.shape[1]} other pairs to train on")
# --8<-- [end:pairs]

# --8<-- [start:batches]
SEEDS, STEPS, BATCH = 2, 1000, 64
runs = [(digits, True), (chunks, False), (chunks, True), (chunks_apart, True)]
names = ["digits, with integers", "chunks, decimals only"]
names += ["chunks, with integers", "chunks apart, with integers"]
nets = [run for run in runs for _ in range(SEEDS)]
ids = np.array([[(cut(text) + [0, 0, 0])[:4] for text in texts] for cut, _ in nets])
mixed = np.array([with_integers for _, with_integers in nets])[:, None]
pairs = train[:, rng.integers(0, train.shape[1], (STEPS, len(nets), BATCH))]
integers = rng.integers(decimals, len(texts), pairs.shape)
half = mixed & (np.arange(BATCH) < BATCH // 2)  # Half of these batches compare integers.
left, right = np.where(half, integers, pairs)  # (steps, nets, batch)
larger = (value[left] > value[right]).astype("float32")
net = np.arange(len(nets))[:, None]
tokens = np.concatenate([ids[net, left], ids[net, right]], axis=-1).astype("int32")
# --8<-- [end:batches]


# --8<-- [start:model]
def create(*shape):
    return tf.Variable(tf.random.normal((len(nets), *shape)) * (2 / shape[0]) ** 0.5)


tf.keras.utils.set_random_seed(0)
embed = tf.Variable(tf.random.normal((len(nets), 212, 16)))
layers = [create(8 * 16, 64), create(64, 64), create(64, 1)]
biases = [tf.Variable(tf.zeros((len(nets), 1, 64))) for _ in range(2)]


def forward(tokens):  # (nets, batch, 8) → (nets, batch)
    h = tf.reshape(tf.gather(embed, tokens, axis=1, batch_dims=1), (len(nets), -1, 8 * 16))
    for w, b in zip(layers, biases, strict=False):
        h = tf.nn.relu(h @ w + b)
    return (h @ layers[-1])[..., 0]


# --8<-- [end:model]

# --8<-- [start:train]
variables = [embed, *layers, *biases]
adam = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(4e-3, STEPS))
adam.build(variables)


@tf.function
def learn(tokens, larger):
    for i in tf.range(STEPS):
        with tf.GradientTape() as tape:
            losses = tf.nn.sigmoid_cross_entropy_with_logits(larger[i], forward(tokens[i]))
            loss = tf.reduce_sum(tf.reduce_mean(losses, axis=1))  # Nets do not interact.
        adam.apply(tape.gradient(loss, variables))


learn(tf.constant(tokens), tf.constant(larger))
# --8<-- [end:train]

# --8<-- [start:table]
asked = np.concatenate([ids[:, test[0]], ids[:, test[1]]], axis=-1)
right_answer = value[test[0]] > value[test[1]]
right_share = ((forward(asked).numpy() > 0) == right_answer).mean(axis=1)
share = dict(zip(names, right_share.reshape(-1, SEEDS), strict=True))
print("share of disputed decimals answered right, two seeds")
for name, values in share.items():
    print(f"{name:28s}", *(f"{v:.2f}" for v in values))
spoiled = share["chunks, with integers"]
assert spoiled.max() < 0.85 < share["chunks, decimals only"].min()
unspoiled = share["chunks apart, with integers"], share["digits, with integers"]
assert np.min(unspoiled) > 0.9
# --8<-- [end:table]
