# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""One head can only average two places; two heads of half the width keep them apart."""

# --8<-- [start:count]
import collections

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

count = collections.Counter()


def multiply(a, b):
    product = tf.matmul(a, b)
    count["multiply-adds"] += int(np.prod(product.shape)) * a.shape[-1]
    return product


# --8<-- [end:count]


# --8<-- [start:heads]
def multi_head(x_q, x_k, x_v, w, heads):  # (…, time, features) each
    def split(x):  # (…, time, width) → (…, heads, time, width / heads)
        parts = tf.reshape(x, [*x.shape[:-1], heads, x.shape[-1] // heads])
        return tf.einsum("...tnd->...ntd", parts)

    q, k, v = (split(multiply(x, w[n])) for x, n in ((x_q, "q"), (x_k, "k"), (x_v, "v")))
    scores = multiply(q, tf.einsum("...td->...dt", k)) / q.shape[-1] ** 0.5
    count["exponentials"] += int(np.prod(scores.shape))
    joined = tf.einsum("...ntd->...tnd", multiply(tf.nn.softmax(scores), v))
    return multiply(tf.reshape(joined, [*joined.shape[:-2], -1]), w["o"])


# --8<-- [end:heads]

# --8<-- [start:cost]
tf.keras.utils.set_random_seed(0)
x = tf.random.normal((1, 128, 64))  # (batch, time, width)
costs = {}
print("heads   parameters   multiply-adds   exponentials   against Keras")
for heads in (1, 2, 4, 8, 16):
    layer = tf.keras.layers.MultiHeadAttention(heads, 64 // heads, use_bias=False)
    theirs = layer(x, x)
    kernels = layer.get_weights()  # (64, heads, 64 / heads) three times, then the output
    w = {name: kernel.reshape(64, 64) for name, kernel in zip("qkvo", kernels, strict=True)}
    count.clear()
    gap = float(tf.reduce_max(tf.abs(multi_head(x, x, x, w, heads) - theirs)))
    costs[heads] = layer.count_params(), count["multiply-adds"], count["exponentials"]
    print(f"{heads:5d} {costs[heads][0]:12,} {costs[heads][1]:15,}", end="")
    print(f"{costs[heads][2]:15,} {gap:15.0e}")
    assert gap < 1e-5
assert len({cost[:2] for cost in costs.values()}) == 1  # The same for every number.
assert costs[16][2] == 16 * costs[1][2]  # Only the attention weights multiply.
# --8<-- [end:cost]

# --8<-- [start:trap]
mistake = tf.keras.layers.MultiHeadAttention(8, 64, use_bias=False)  # key_dim is per head.
mistake.build(x.shape, x.shape)
assert mistake.count_params() == 8 * costs[8][0]
# --8<-- [end:trap]

# --8<-- [start:task]
PLACES, QUERIES, CONTENT, WIDTH, SEEDS, BATCH, STEPS = 16, 16, 8, 32, 16, 3, 400
HEADS = (1, 2, 4, 8, 16, 32)
names = tf.eye(PLACES)  # The keys know only which place they are, …


def draw(batch):
    contents = tf.random.normal((SEEDS, batch, PLACES, CONTENT))  # … the values only this.
    a = tf.random.uniform((SEEDS, batch, QUERIES), 0, PLACES, tf.int32)
    b = (a + tf.random.uniform((SEEDS, batch, QUERIES), 1, PLACES, tf.int32)) % PLACES
    asked = tf.concat([tf.gather(names, a), tf.gather(names, b)], axis=3)
    first, second = (tf.gather(contents, place, batch_dims=2) for place in (a, b))
    return asked, contents, first - second  # (seeds, batch, time, features) each


# --8<-- [end:task]


# --8<-- [start:missing]
def missing(w, heads, batch=100):
    asked, contents, answer = draw(batch)
    wrong = multi_head(asked, names, contents, w, heads) - answer
    return tf.reduce_mean(wrong**2, axis=(1, 2, 3)) / 2  # (seeds,); var(answer) is 2


# --8<-- [end:missing]


# --8<-- [start:train]
def train(heads):
    tf.keras.utils.set_random_seed(0)
    inputs = {"q": 2 * PLACES, "k": PLACES, "v": CONTENT, "o": WIDTH}
    w = {}
    for name, fan in inputs.items():  # As many parameters for any number of heads.
        shape = (SEEDS, 1, fan, CONTENT if name == "o" else WIDTH)
        w[name] = tf.Variable(tf.random.normal(shape) / fan**0.5)
    rate = tf.keras.optimizers.schedules.CosineDecay(0.03, STEPS)
    optimizer = tf.keras.optimizers.Adam(rate)
    optimizer.build(list(w.values()))

    @tf.function  # One call for all steps.
    def run():
        for _ in tf.range(STEPS):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(missing(w, heads, BATCH))
            gradients = tape.gradient(loss, list(w.values()))
            optimizer.apply_gradients(zip(gradients, w.values(), strict=True))

    run()
    return w


# --8<-- [end:train]

# --8<-- [start:compare]
trained, error, done = {}, {}, {}  # by the number of heads; (seeds,) each


def train_and_test(heads):
    trained[heads] = train(heads)
    error[heads] = missing(trained[heads], heads).numpy()
    done[heads] = error[heads] < 0.01
    print(f"{heads:2d} heads of width {WIDTH // heads:2d}: ", end="")
    print(f"missing {error[heads].min():.3f} to {error[heads].max():.3f}, ", end="")
    print(f"under 0.01 in {sum(done[heads])} of {SEEDS} trainings")


train_and_test(1)
assert min(error[1]) > 0.45  # No training gets one head below one half, …
train_and_test(2)
assert sum(done[2]) > SEEDS / 2  # … two heads can do the task, …
train_and_test(4)
assert sum(done[4]) >= SEEDS - 1  # … four hardly ever miss it, …
for heads in HEADS[3:]:
    train_and_test(heads)  # … and narrow ones are not there yet after 400 steps.
# --8<-- [end:compare]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.0))
for seed in range(SEEDS):
    name = "one training each" if seed == 0 else None
    plt.semilogy(HEADS, [error[h][seed] for h in HEADS], "o-", c="C0", alpha=0.4, label=name)
plt.axhline(0.5, ls=":", color="grey", label="bound for one head")
plt.xscale("log", base=2)
plt.xticks(HEADS, [str(h) for h in HEADS])
plt.xlabel("heads (together always 32 wide)")
plt.ylabel("part of the answer missing")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]

# --8<-- [start:prune]
lost = {}
for heads in (2, 4):
    rows = []
    for dropped in range(heads):  # The rows of W_o that read this head become zero.
        keep = np.repeat(np.arange(heads) != dropped, WIDTH // heads)[:, None]
        w = {**trained[heads], "o": trained[heads]["o"] * keep.astype("float32")}
        rows.append(missing(w, heads).numpy() - error[heads])
    lost[heads] = np.array(rows)[:, done[heads]]  # (heads, trainings that worked)
    least, most = lost[heads].min(axis=0), lost[heads].max(axis=0)
    print(f"{heads} heads, one removed: the most idle costs at most {least.max():.2f}, ", end="")
    print(f"the busiest at least {most.min():.2f}")
assert 0.4 < lost[2].min() < lost[2].max() < 0.6  # Two heads serve one place each, …
assert lost[4].min(axis=0).max() < 0.1  # … of four, one is nearly idle.
# --8<-- [end:prune]

# --8<-- [start:longer]
SEEDS, STEPS = 4, 2000  # five times as many steps
longer = {heads: missing(train(heads), heads).numpy() for heads in (16, 32)}
for heads, part in longer.items():
    print(f"{heads} heads, {STEPS} steps: missing {part.min():.3f} to {part.max():.3f}")
assert max(longer[16]) < 0.2 and min(longer[32]) > 0.55  # Width 1 stays worse than one head.
# --8<-- [end:longer]
