# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Without positional encodings an encoder sees a set of words; a causal decoder sees their order."""

# --8<-- [start:create]
import numpy as np
import tensorflow as tf

SEEDS, WIDTH, HEADS = 3, 16, 2  # Three networks side by side, each drawn anew.


def create(layers):
    rng = np.random.default_rng(0)

    def matrix(rows, columns):
        return tf.Variable(rng.normal(size=(SEEDS, 1, rows, columns)) / rows**0.5)

    n = WIDTH  # w_qkv, w_o and the two matrices of the feed-forward part
    shapes = (n, 3 * n), (n, n), (n, 4 * n), (4 * n, n)
    return [[matrix(*shape) for shape in shapes] for _ in range(layers)]


# --8<-- [end:create]


# --8<-- [start:encode]
def norm(x):
    return x / tf.sqrt(tf.reduce_mean(x**2, axis=-1, keepdims=True))


def attend(x, w_qkv, w_o, causal):  # x: (seeds, batch, time, width)
    parts = tf.split(norm(x) @ w_qkv, 3 * HEADS, axis=-1)
    q, k, v = (tf.stack(parts[i : i + HEADS]) for i in range(0, 3 * HEADS, HEADS))
    scores = tf.matmul(q, k, transpose_b=True) / (WIDTH / HEADS) ** 0.5
    if causal:  # Nothing else here knows where a token stands.
        scores = tf.where(np.tri(x.shape[-2], dtype=bool), scores, -1e9)
    return tf.concat(tf.unstack(tf.nn.softmax(scores) @ v), axis=-1) @ w_o


def encode(x, layers, causal):
    for w_qkv, w_o, up, down in layers:
        x += attend(x, w_qkv, w_o, causal)
        x += tf.nn.relu(norm(x) @ up) @ down
    return x


# --8<-- [end:encode]

# --8<-- [start:sentences]
rng = np.random.default_rng(1)
words = dict(zip("<s> the dog man bites ha".split(), rng.normal(size=(6, WIDTH)), strict=True))
places = rng.normal(size=(5, WIDTH))  # one vector for each position
order = [0, 4, 2, 3, 1]  # of the words of the first sentence in the second


def embed(text):
    return np.array([words[word] for word in text.split()])[None, None]  # (1, 1, time, width)


# --8<-- [end:sentences]

# --8<-- [start:permute]
change = {}
print("the dog bites the man / the man bites the dog    rows differ   means differ")
for name, causal, scale in (
    ("bidirectional", False, 0),
    ("bidirectional, positions added", False, 1),
    ("causal", True, 0),
):
    first, second = (
        encode(embed(text) + scale * places, create(4), causal)
        for text in ("the dog bites the man", "the man bites the dog")
    )
    rows = np.abs(tf.gather(first, order, axis=2) - second).max(axis=(1, 2, 3))  # (seeds,)
    means = np.abs(tf.reduce_mean(first - second, axis=2)).max(axis=(1, 2))
    change[name] = np.array([rows, means])
    print(f"{name:44s} {rows.min():.0e}–{rows.max():.0e} {means.min():.0e}–{means.max():.0e}")
assert change["bidirectional"].max() < 1e-12
assert min(change["causal"].min(), change["bidirectional, positions added"].min()) > 0.05
# --8<-- [end:permute]

# --8<-- [start:share]
once = "the dog bites the man"
last = [  # states of the last word, without a mask and without positions: (seeds, width)
    encode(embed(text), create(4), causal=False)[:, 0, -1]
    for text in (once, once + " man", once + " " + once)
]
more, twice = (np.abs(h - last[0]).max(axis=1) for h in last[1:])  # (seeds,)
print(f"the last word's state changes: one more man {more.min():.0e}–{more.max():.0e}")
print(f"                     the sentence twice {twice.min():.0e}–{twice.max():.0e}")
assert twice.max() < 1e-12 and more.min() > 0.05
# --8<-- [end:share]

# --8<-- [start:repeat]
states = {}
for text, causal in (("<s>" + " ha" * 8, False), (" ha" * 8, True), ("<s>" + " ha" * 8, True)):
    h = encode(embed(text), create(2), causal)[:, 0, -8:].numpy()  # (seeds, 8, width)
    key = ("causal" if causal else "bidirectional") + (", <s>" if "<s>" in text else "")
    states[key] = [len(np.unique(network.round(9), axis=0)) for network in h]
    print(f"{key:20s} different states of eight times ha: {states[key]}")
assert states == {"bidirectional, <s>": [1] * 3, "causal": [1] * 3, "causal, <s>": [8] * 3}
# --8<-- [end:repeat]

# --8<-- [start:count]
TIME = 512
x = rng.normal(size=(1, 1, TIME, WIDTH))
x[..., 0] = 0  # Feature 0 belongs to the start token alone …
x[..., 0, :] = np.eye(WIDTH)[0]
blind = np.zeros((WIDTH, WIDTH))  # … queries and keys ignore everything …
read = np.eye(WIDTH) / WIDTH**0.5  # … and values copy it (the norm made it √width).
w_qkv = np.concatenate([blind, blind, read], axis=1)
output = attend(x, w_qkv, np.eye(WIDTH), causal=True)[0, 0, :, 0].numpy()
position = 1 / output
print("read off at positions 1, 2, 100, 512:", position[[0, 1, 99, 511]].round(6))
assert np.abs(position - np.arange(1, TIME + 1)).max() < 1e-9
# --8<-- [end:count]

# --8<-- [start:depth]
x = rng.normal(size=(1, 1, 12, WIDTH))
shuffled = x[:, :, [*rng.permutation(11), 11]]  # The last token stays last.
moved = {}
for causal in (False, True):
    for depth in (1, 2, 4):
        h, other = (encode(tokens, create(depth), causal)[:, 0, -1] for tokens in (x, shuffled))
        moved[causal, depth] = np.abs(h - other).max(axis=1)  # (seeds,)
        least, most = moved[causal, depth].min(), moved[causal, depth].max()
        name = "causal" if causal else "bidirectional"
        print(f"{name:14s} depth {depth}: the last state changes by {least:.0e}–{most:.0e}")
assert max(*(moved[False, depth].max() for depth in (1, 2, 4)), moved[True, 1].max()) < 1e-12
assert min(moved[True, 2].min(), moved[True, 4].min()) > 0.1
means = [tf.reduce_mean(encode(tokens, create(1), True), axis=2)[:, 0] for tokens in (x, shuffled)]
averaged = np.abs(means[0] - means[1]).max(axis=1)  # (seeds,)
print(f"causal, depth 1, average of all rows: {averaged.min():.0e}–{averaged.max():.0e}")
assert averaged.min() > 0.05  # Earlier rows see other beginnings.
# --8<-- [end:depth]

# --8<-- [start:task]
TOKENS, LENGTH = 8, 8  # A, B, the question, and five others


def examples(rng, size):  # Did A (0) stand before B (1)? The last token asks.
    x = rng.integers(3, TOKENS, (SEEDS, size, LENGTH))
    x[..., -1] = 2
    two = np.sort(np.argsort(rng.random((SEEDS, size, LENGTH - 1)))[..., :2])
    y = rng.integers(0, 2, (SEEDS, size))
    np.put_along_axis(x, two, np.stack([y, 1 - y], axis=-1), axis=2)
    return tf.constant(x), tf.constant(y)


# --8<-- [end:task]


# --8<-- [start:network]
def network(depth, causal, positions):
    rng = np.random.default_rng(2)
    shapes = (TOKENS, WIDTH), (LENGTH, WIDTH), (WIDTH, 2)
    table, places, out = (tf.Variable(rng.normal(size=(SEEDS, *shape))) for shape in shapes)
    layers = create(depth)

    def logits(x):
        h = tf.gather(table, x, batch_dims=1)  # (seeds, batch, time, width)
        if positions:
            h += places[:, None]
        return norm(encode(h, layers, causal)[..., -1, :]) @ out  # (seeds, batch, 2)

    return logits, tf.nest.flatten([layers, table, places if positions else (), out])


# --8<-- [end:network]


# --8<-- [start:learn]
def learn(logits, variables):
    rng = np.random.default_rng(2)
    optimizer = tf.keras.optimizers.Adam(0.01)
    optimizer.build(variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits(x))
            loss = tf.reduce_sum(tf.reduce_mean(losses, axis=1))  # one mean for each seed
        optimizer.apply(tape.gradient(loss, variables))

    for _ in range(150):
        step(*examples(rng, 32))


# --8<-- [end:learn]

# --8<-- [start:compare]
x, y = examples(np.random.default_rng(3), 500)
swapped = tf.where(x < 2, 1 - x, x)  # The same words, A and B exchanged: the other answer.
accuracy = {}


def compare(name, *setting):
    logits, variables = network(*setting)
    learn(logits, variables)
    right = [np.argmax(logits(x), axis=2) == y, np.argmax(logits(swapped), axis=2) == 1 - y]
    accuracy[name] = np.mean(right, axis=(0, 2))  # (seeds,)
    print(f"{name:40s} accuracy", *(f"{value:.3f}" for value in accuracy[name]))


compare("bidirectional, 2 layers", 2, False, False)
compare("causal, 1 layer", 1, True, False)
assert all((accuracy[name] == 0.5).all() for name in ("bidirectional, 2 layers", "causal, 1 layer"))
compare("causal, 2 layers", 2, True, False)
assert accuracy["causal, 2 layers"].min() > 0.98
compare("bidirectional, positions added, 1 layer", 1, False, True)
assert accuracy["bidirectional, positions added, 1 layer"].min() > 0.75
# --8<-- [end:compare]
