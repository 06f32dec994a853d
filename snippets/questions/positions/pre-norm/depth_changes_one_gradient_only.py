# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""At the start the last layer's gradient falls with depth under pre-norm, not under post-norm."""

# --8<-- [start:blocks]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

WIDTH, TIME, BATCH, CLASSES, SEEDS = 64, 16, 8, 50, range(3)


def normalize(x):  # LayerNorm as it starts: scale one, shift zero.
    mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
    return (x - mean) / tf.sqrt(variance + 1e-6)


def attention(x, w):
    q, k, v = (x @ w[name] for name in "qkv")  # (batch, time, width) each
    scores = tf.matmul(q, k, transpose_b=True) / WIDTH**0.5  # (batch, time, time)
    return tf.nn.softmax(scores) @ v @ w["o"]


def feed_forward(x, w):
    return tf.nn.relu(x @ w["up"]) @ w["down"]


# --8<-- [end:blocks]


# --8<-- [start:create]
def create(depth, seed):  # Xavier initialization everywhere.
    rng = np.random.default_rng(seed)

    def xavier(rows, columns):
        w = rng.normal(size=(rows, columns)) * np.sqrt(2 / (rows + columns))
        return tf.constant(w, tf.float32)

    square = dict.fromkeys("qkvo", (WIDTH, WIDTH))
    shapes = {**square, "up": (WIDTH, 4 * WIDTH), "down": (4 * WIDTH, WIDTH)}
    layers = [{k: xavier(*shape) for k, shape in shapes.items()} for _ in range(depth)]
    x = tf.constant(rng.normal(size=(BATCH, TIME, WIDTH)), tf.float32)
    y = tf.constant(rng.integers(0, CLASSES, (BATCH, TIME)))
    return layers, xavier(WIDTH, CLASSES), x, y


# --8<-- [end:create]


# --8<-- [start:measure]
def measure(depth, order, seed):
    layers, head, x, y = create(depth, seed)
    downs = [w["down"] for w in layers]
    with tf.GradientTape() as tape:
        tape.watch(downs)
        for w in layers:
            for part in (attention, feed_forward):
                x = normalize(x + part(x, w)) if order == "post" else x + part(normalize(x), w)
        size = float(tf.sqrt(tf.reduce_mean(x**2)))
        x = x if order == "post" else normalize(x)  # pre-norm ends with one more
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, x @ head)
        loss = tf.reduce_mean(losses)
    norms = [float(tf.norm(g)) for g in tape.gradient(loss, downs)]
    return {"first": norms[0], "last": norms[-1], "size": size}


# --8<-- [end:measure]

# --8<-- [start:table]
depths = (2, 4, 8, 16, 32, 64)
found = {
    (order, depth, seed): measure(depth, order, seed)
    for order in ("post", "pre")
    for depth in depths
    for seed in SEEDS
}


def mean(order, depth, what):
    return np.mean([found[order, depth, seed][what] for seed in SEEDS])


print("gradient norm of the second feed-forward matrix, mean of three seeds")
print("layers   post: first  last    pre: first  last    size of x before the last norm, pre")
for depth in depths:
    cells = [mean(order, depth, end) for order in ("post", "pre") for end in ("first", "last")]
    row = "{:11.2f} {:6.2f} {:12.2f} {:5.2f}".format(*cells)
    print(f"{depth:6d} {row} {mean('pre', depth, 'size'):11.2f}")
# --8<-- [end:table]

# --8<-- [start:claim]
slope = {}
for order in ("post", "pre"):
    last = [mean(order, depth, "last") for depth in depths]
    slope[order] = np.polyfit(np.log(depths), np.log(last), 1)[0]
    print(f"{order}-norm: last-layer gradient grows like depth to the power of {slope[order]:+.2f}")
assert slope["post"] > -0.1 and -0.65 < slope["pre"] < -0.3  # theory: 0 and -1/2
for seed in SEEDS:
    assert found["post", 64, seed]["last"] > 3 * found["pre", 64, seed]["last"]
ratio = {o: mean(o, 32, "first") / mean(o, 32, "last") for o in ("post", "pre")}
print(f"first layer over last, 32 layers: post {ratio['post']:.1f}, pre {ratio['pre']:.1f}")
assert 0.5 < ratio["post"] < 2 and ratio["pre"] > 3
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.4))
for order, color in (("post", "C3"), ("pre", "C0")):
    for seed in SEEDS:
        values = [found[order, depth, seed]["last"] for depth in depths]
        plt.loglog(depths, values, color + "o", alpha=0.4)
    values = [mean(order, depth, "last") for depth in depths]
    plt.loglog(depths, values, color, label=f"{order}-norm")
plt.loglog(depths, 0.8 / np.sqrt(depths), "k:", label="1 / square root of depth")
plt.xticks(depths, depths)
plt.minorticks_off()
plt.xlabel("layers")
plt.ylabel("gradient norm in the last layer")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
