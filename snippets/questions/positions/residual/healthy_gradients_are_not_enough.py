# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "matplotlib"]
# ///
"""Thirty blocks without a skip have healthy gradient norms and still learn far more slowly."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

SEEDS, WIDTH, BATCH, STEPS = 3, 64, 64, 200
images, labels = load_digits(return_X_y=True)
images = ((images - images.mean(axis=0)) / images.std()).astype("float32")  # (batch, 64)
order = np.random.default_rng(0).permutation(len(images))
train, test = order[:1300], order[1300:]
labels = labels.astype("int32")
# --8<-- [end:data]


# --8<-- [start:network]
def create(blocks):  # Three networks side by side, one for each seed.
    rng = np.random.default_rng(0)

    def normal(variance, *shape):
        scale = np.sqrt(variance / shape[-2])
        return tf.Variable((rng.normal(size=shape) * scale).astype("float32"))

    square = blocks, SEEDS, WIDTH, WIDTH
    return [
        normal(1, SEEDS, 64, WIDTH),
        normal(2, *square),  # before the ReLU: He
        normal(1, *square),  # behind it
        normal(1, SEEDS, WIDTH, 10),
    ]


# --8<-- [end:network]


# --8<-- [start:forward]
def hidden(x, variables, share, every=False):  # No share of an update: no skip.
    enter, before, behind, _ = variables
    h = x @ enter  # (seeds, batch, width)
    states = [h]
    for w, v in zip(tf.unstack(before), tf.unstack(behind), strict=True):
        update = tf.nn.relu(h @ w) @ v
        h = update if share is None else h + share * update
        states.append(h)
    return tf.stack(states) if every else h


def losses(rows, variables, share):  # One loss for each seed.
    logits = hidden(tf.gather(images, rows), variables, share) @ variables[3]
    y = tf.broadcast_to(tf.gather(labels, rows), tf.shape(logits)[:2])
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits), axis=1)


# --8<-- [end:forward]


# --8<-- [start:norms]
networks = {  # name: blocks, what an update is multiplied by before it is added
    "5 blocks, no skip": (5, None),
    "30 blocks, no skip": (30, None),
    "30 blocks, skip": (30, 30**-0.5),  # The sum stays bounded.
}
norms = {}
print("gradient norm at the start, three seeds    block 1          last block")
for name, (blocks, share) in networks.items():
    variables = create(blocks)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(losses(train[:256], variables, share))
    gradient = tape.gradient(loss, variables[1])  # (blocks, seeds, width, width)
    norms[name] = tf.norm(gradient, axis=[2, 3]).numpy()  # (blocks, seeds)
    cells = (" ".join(f"{n:.2f}" for n in norms[name][block]) for block in (0, -1))
    print(f"{name:42s} {'   '.join(cells)}")
    assert norms[name].min() > 0.1 and norms[name].max() < 10
# --8<-- [end:norms]

# --8<-- [start:similarity]
plt.figure(figsize=(6.4, 3.4))
similarity = {}
for name, (blocks, share) in {**networks, "30 blocks, bare skip": (30, 1.0)}.items():
    states = hidden(images[train[:256]][None], create(blocks), share, every=True)
    units = tf.math.l2_normalize(states, axis=-1)  # (blocks + 1, seeds, images, width)
    cosines = tf.matmul(units, units, transpose_b=True).numpy()
    pairs = cosines[..., ~np.eye(256, dtype=bool)]  # every image with every other
    similarity[name] = pairs.mean(axis=2)  # (blocks + 1, seeds)
    cells = " ".join(f"{value:.2f}" for value in similarity[name][-1])
    print(f"{name:20s} cosine between images behind the last block: {cells}")
    plt.plot(similarity[name], f"C{len(similarity)}", alpha=0.7, label=[name, None, None])
plt.xlabel("block (0 is the input)")
plt.ylabel("mean cosine between two images")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
assert similarity["30 blocks, no skip"][-1].min() > 0.9
assert similarity["30 blocks, skip"][-1].max() < 0.5
assert similarity["30 blocks, bare skip"][-1].min() > 0.7
# --8<-- [end:similarity]


# --8<-- [start:train]
def learn(blocks, share, rates):  # What the better rate leads to.
    variables, optimizer = create(blocks), tf.keras.optimizers.Adam()
    optimizer.build(variables)
    changing = [*variables, *optimizer.variables]
    begin = [tf.constant(variable) for variable in changing]

    @tf.function  # One call for all steps.
    def run(batches):
        for rows in batches:
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(losses(rows, variables, share))
            optimizer.apply(tape.gradient(total, variables))

    tries = []
    for rate in rates:  # The same start, the same traced graph.
        for variable, start in zip(changing, begin, strict=True):
            variable.assign(start)
        optimizer.learning_rate.assign(rate)
        run(np.random.default_rng(1).choice(train, (STEPS, SEEDS, BATCH)))
        logits = hidden(images[test][None], variables, share) @ variables[3]
        accuracy = np.mean(np.argmax(logits, axis=2) == labels[test], axis=1)
        tries.append((losses(train[None], variables, share).numpy(), accuracy))
    return min(tries, key=lambda found: found[0].mean())  # (seeds,) each


# --8<-- [end:train]

# --8<-- [start:compare]
loss, accuracy = {}, {}
print(f"after {STEPS} steps, the better of two rates    training loss     test accuracy")
for name, network in networks.items():
    loss[name], accuracy[name] = learn(*network, rates=(0.0003, 0.001))
    cells = (" ".join(f"{v:.2f}" for v in values) for values in (loss[name], accuracy[name]))
    print(f"{name:44s} {'    '.join(cells)}")
shallow, deep, residual = networks
assert loss[deep].min() > 0.4 > 0.1 > max(loss[shallow].max(), loss[residual].max())
# --8<-- [end:compare]
