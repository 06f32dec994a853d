# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""A trained residual network survives the loss of any one block; a plain one does not."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

SEEDS, BLOCKS, WIDTH = 3, 5, 64
images, labels = load_digits(return_X_y=True)
x = ((images - images.mean(axis=0)) / images.std()).astype("float32")  # (batch, 64)
order = np.random.default_rng(0).permutation(len(x))
train, test = order[:1300], order[1300:]
# --8<-- [end:data]


# --8<-- [start:forward]
def forward(x, variables, skip, without=None):
    h = x
    for block, (w, v) in enumerate(zip(*variables[:2], strict=True)):
        update = tf.nn.relu(h @ w) @ v
        if block != without:
            h = h + update / BLOCKS**0.5 if skip else update
    return h @ variables[2]  # (batch, classes)


# --8<-- [end:forward]


# --8<-- [start:learn]
def learn(skip, seed):
    tf.keras.utils.set_random_seed(seed)
    he, glorot = tf.keras.initializers.HeNormal, tf.keras.initializers.GlorotNormal
    square = WIDTH, WIDTH
    variables = [[tf.Variable(make()(square)) for _ in range(BLOCKS)] for make in (he, glorot)]
    variables.append(tf.Variable(glorot()((WIDTH, 10))))
    flat, optimizer = tf.nest.flatten(variables), tf.keras.optimizers.Adam(0.001)
    optimizer.build(flat)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = forward(x, variables, skip)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            loss = tf.reduce_mean(loss)
        optimizer.apply(tape.gradient(loss, flat))

    rng = np.random.default_rng(seed)
    for _ in range(300):
        rows = rng.choice(train, 64)
        step(tf.constant(x[rows]), tf.constant(labels[rows]))
    return variables


# --8<-- [end:learn]

# --8<-- [start:remove]
whole, removed = {}, {}
print("test accuracy    whole   without block 1, 2, …   (mean of three seeds)")
for name, skip in {"no skip": False, "skip": True}.items():
    found = []
    for seed in range(SEEDS):
        variables = learn(skip, seed)
        logits = [forward(x[test], variables, skip, gone) for gone in (None, *range(BLOCKS))]
        found.append([np.mean(np.argmax(z, axis=1) == labels[test]) for z in logits])
    whole[name], removed[name] = np.array(found)[:, 0], np.array(found)[:, 1:]
    means = " ".join(f"{value:.2f}" for value in removed[name].mean(axis=0))
    print(f"{name:16s} {whole[name].mean():.2f}    {means}")
assert whole["no skip"].min() > 0.9 and whole["skip"].min() > 0.9
assert removed["skip"].min() > 0.7 > 0.3 > removed["no skip"].max()
# --8<-- [end:remove]
