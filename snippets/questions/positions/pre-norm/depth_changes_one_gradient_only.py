# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""At the start the last layer's gradient falls with depth under pre-norm, not under post-norm."""

# --8<-- [start:blocks]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

WIDTH, TIME, BATCH, CLASSES, SEEDS = 64, 16, 4, 50, 3


def normalize(x):  # LayerNorm as it starts: scale one, shift zero.
    mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
    return (x - mean) / tf.sqrt(variance + 1e-6)


def attention(x, w):
    texts = (SEEDS, BATCH, TIME, WIDTH)
    q, k, v = (tf.reshape(x @ w[name], texts) for name in "qkv")
    scores = tf.matmul(q, k, transpose_b=True) / WIDTH**0.5  # (…, time, time)
    return tf.reshape(tf.nn.softmax(scores) @ v, x.shape) @ w["o"]


def feed_forward(x, w):
    return tf.nn.relu(x @ w["up"]) @ w["down"]


# --8<-- [end:blocks]


# --8<-- [start:create]
def create(depth):  # Three networks side by side, all Xavier.
    generators = [np.random.default_rng(seed) for seed in range(SEEDS)]

    def xavier(rows, columns):
        w = np.stack([rng.normal(size=(rows, columns)) for rng in generators])
        return tf.constant(w * np.sqrt(2 / (rows + columns)), tf.float32)

    square = dict.fromkeys("qkvo", (WIDTH, WIDTH))
    shapes = {**square, "up": (WIDTH, 4 * WIDTH), "down": (4 * WIDTH, WIDTH)}
    layers = []
    for _ in range(depth):
        layers.append({name: xavier(*shape) for name, shape in shapes.items()})
    x = np.stack([rng.normal(size=(BATCH * TIME, WIDTH)) for rng in generators])
    y = np.stack([rng.integers(0, CLASSES, BATCH * TIME) for rng in generators])
    head = xavier(WIDTH, CLASSES)
    return layers, head, tf.constant(x, tf.float32), tf.constant(y)


# --8<-- [end:create]


# --8<-- [start:measure]
def measure(order, depth):  # Each value for three seeds: (seeds,)
    layers, head, x, y = networks[depth]
    downs = [w["down"] for w in layers]
    with tf.GradientTape() as tape:
        tape.watch(downs)
        for w in layers:
            for part in (attention, feed_forward):
                if order == "post":
                    x = normalize(x + part(x, w))
                else:
                    x += part(normalize(x), w)
        size = tf.sqrt(tf.reduce_mean(x**2, axis=[1, 2]))
        bare = x  # What the head would read without one more norm.
        x = x if order == "post" else normalize(x)  # pre-norm ends with one more
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, x @ head)
        # A sum over seeds, so that the three networks do not interact.
        loss = tf.reduce_sum(tf.reduce_mean(losses, axis=1))
    gradients = tape.gradient(loss, downs)
    first, last = (tf.norm(gradients[i], axis=[1, 2]) for i in (0, -1))
    bare = tf.nn.sparse_softmax_cross_entropy_with_logits(y, bare @ head)
    values = {"first": first, "last": last, "size": size}
    values |= {"loss": tf.reduce_mean(losses, axis=1), "bare": tf.reduce_mean(bare, axis=1)}
    return {name: value.numpy() for name, value in values.items()}


# --8<-- [end:measure]

# --8<-- [start:table]
depths = (2, 4, 8, 16, 32, 64)
networks = {depth: create(depth) for depth in depths}  # The same for both orders.
cases = [(order, depth) for order in ("post", "pre") for depth in depths]
found = {case: measure(*case) for case in cases}


def mean(order, depth, what):
    return found[order, depth][what].mean()


print("gradient norm of the second feed-forward matrix, mean of three seeds")
print("layers   post: first  last    pre: first  last    size of x before the last norm, pre")
for depth in depths:
    cells = [mean(order, depth, end) for order in ("post", "pre") for end in ("first", "last")]
    row = "{:11.2f} {:6.2f} {:12.2f} {:5.2f}".format(*cells)
    print(f"{depth:6d} {row} {mean('pre', depth, 'size'):11.2f}")
# --8<-- [end:table]

# --8<-- [start:claim]
curves = {order: [mean(order, depth, "last") for depth in depths] for order in ("post", "pre")}
curves["pre x size"] = [mean("pre", depth, "last") * mean("pre", depth, "size") for depth in depths]
slope = {}
for name, values in curves.items():
    slope[name] = np.polyfit(np.log(depths), np.log(values), 1)[0]
    print(f"{name:10s} last-layer gradient grows like depth to the power of {slope[name]:+.2f}")
assert slope["post"] > -0.1 and -0.65 < slope["pre"] < -0.3  # upper bounds: 0 and -1/2
assert abs(slope["pre x size"] - slope["post"]) < 0.1  # The size explains the difference.
ratio = {o: mean(o, 32, "first") / mean(o, 32, "last") for o in ("post", "pre")}
print(f"first layer over last, 32 layers: post {ratio['post']:.1f}, pre {ratio['pre']:.1f}")
assert ratio["pre"] > 4 > ratio["post"]
assert all(found["pre", 64]["bare"] > 3 * found["pre", 64]["loss"])  # every seed
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.4))
for order, color in (("post", "C3"), ("pre", "C0")):
    every = [found[order, depth]["last"] for depth in depths]  # (depths, seeds)
    plt.loglog(depths, every, color + "o", alpha=0.4)
    values = [mean(order, depth, "last") for depth in depths]
    plt.loglog(depths, values, color, label=f"{order}-norm")
plt.loglog(depths, 0.8 / np.sqrt(depths), "k:", label="0.8 / square root of depth")
plt.xticks(depths, depths)
plt.minorticks_off()
plt.xlabel("layers")
plt.ylabel("gradient norm in the last layer")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
