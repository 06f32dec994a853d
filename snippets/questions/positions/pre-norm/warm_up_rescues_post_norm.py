# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Twelve post-norm layers need a warm-up or a lower rate; twelve pre-norm layers learn without."""

# --8<-- [start:task]
import numpy as np
import tensorflow as tf

SEEDS, DEPTH, WIDTH, TIME, BATCH, SYMBOLS, STEPS = 3, 12, 32, 8, 8, 16, 200
future = np.triu(np.full((TIME, TIME), -1e9, "float32"), 1)  # The causal mask.


def draw(rng):  # Name the token before this one: one attention step is enough.
    tokens = rng.integers(0, SYMBOLS, (SEEDS, BATCH, TIME))
    before = np.roll(tokens, 1, axis=-1)
    before[..., 0] = tokens[..., 0]  # The first has none: name itself.
    return tf.constant(tokens), tf.constant(before)


def normalize(x):
    mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + 1e-6)


# --8<-- [end:task]


# --8<-- [start:network]
def create():  # Three networks side by side; Xavier initialization.
    rng = np.random.default_rng(0)

    def xavier(*shape):
        scale = np.sqrt(2 / (shape[-2] + shape[-1]))
        full = (*shape[:-2], SEEDS, *shape[-2:])
        return tf.Variable((rng.normal(size=full) * scale).astype("float32"))

    tables = [(SEEDS, SYMBOLS, WIDTH), (SEEDS, 1, TIME, WIDTH)]  # tokens, positions
    return [
        xavier(DEPTH, WIDTH, 3 * WIDTH),  # queries, keys, values
        xavier(DEPTH, WIDTH, WIDTH),
        xavier(DEPTH, WIDTH, 2 * WIDTH),
        xavier(DEPTH, 2 * WIDTH, WIDTH),
        *(tf.Variable(rng.normal(size=shape).astype("float32")) for shape in tables),
        xavier(WIDTH, SYMBOLS),
    ]


# --8<-- [end:network]


# --8<-- [start:forward]
def forward(tokens, variables, order):
    *layers, embedding, position, head = variables
    x = tf.gather(embedding, tokens, batch_dims=1) + position  # (seeds, batch, time, width)
    x = tf.reshape(x, (SEEDS, BATCH * TIME, WIDTH))
    for qkv, out, up, down in zip(*map(tf.unstack, layers), strict=True):

        def attention(x, qkv=qkv, out=out):
            texts = tf.reshape(x @ qkv, (SEEDS, BATCH, TIME, 3 * WIDTH))
            q, k, v = tf.split(texts, 3, axis=-1)
            scores = tf.matmul(q, k, transpose_b=True) / WIDTH**0.5 + future
            return tf.reshape(tf.nn.softmax(scores) @ v, x.shape) @ out

        def feed_forward(x, up=up, down=down):
            return tf.nn.relu(x @ up) @ down

        for part in (attention, feed_forward):
            x = normalize(x + part(x)) if order == "post" else x + part(normalize(x))
    logits = (x if order == "post" else normalize(x)) @ head
    return tf.reshape(logits, (SEEDS, BATCH, TIME, SYMBOLS))


# --8<-- [end:forward]


# --8<-- [start:train]
def trainer(order):
    variables = create()
    optimizer = tf.keras.optimizers.Adam(beta_2=0.98)
    optimizer.build(variables)

    @tf.function
    def step(tokens, before):
        with tf.GradientTape() as tape:
            logits = forward(tokens, variables, order)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(before, logits)
            loss = tf.reduce_mean(loss, axis=[1, 2])  # (seeds,)
            total = tf.reduce_sum(loss)
        optimizer.apply(tape.gradient(total, variables))
        return loss

    def train(rate, warm_up):  # A new run from the same start, the same traced graph.
        for variable, start in zip(variables, create(), strict=True):
            variable.assign(start)
        for variable in optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        rng, losses = np.random.default_rng(1), []
        for i in range(STEPS):
            optimizer.learning_rate.assign(rate * min(1, (i + 1) / warm_up))
            losses.append(step(*draw(rng)).numpy())
        return np.mean(losses[-20:], axis=0)  # (seeds,)

    return train


# --8<-- [end:train]

# --8<-- [start:compare]
train = {order: trainer(order) for order in ("pre", "post")}


def run(name, order, rate, warm_up=1):
    loss = train[order](rate, warm_up)
    print(f"{name:25s}", *(f"{value:.2f}" for value in loss))
    return loss


print(f"loss over the last 20 of {STEPS} steps, three seeds; a guess: {np.log(SYMBOLS):.2f}")
pre = run("pre-norm, rate 0.003", "pre", 0.003)
assert pre.max() < 0.1
post = run("post-norm, rate 0.003", "post", 0.003)
assert post.min() > 2.4  # It has learned next to nothing.
warm = run("  warm-up over 100 steps", "post", 0.003, warm_up=100)
low = run("  rate 0.001 instead", "post", 0.001)
assert max(warm.max(), low.max()) < 2.2  # Either is enough.
# --8<-- [end:compare]
