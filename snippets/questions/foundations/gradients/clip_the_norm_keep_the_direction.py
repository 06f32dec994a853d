# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Clipping by global norm shortens an exploding gradient and does not turn it."""

# --8<-- [start:problem]
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

STEPS, SEEDS, UNITS, BATCH, EPOCHS = 15, 3, 32, 20, 8


def adding_problem(count, seed):  # The answer is the sum of the two marked values.
    rng = np.random.default_rng(seed)
    value = rng.uniform(size=(count, STEPS))
    marked = rng.uniform(size=(count, STEPS)).argsort(axis=1) < 2
    x = np.stack([value, marked], axis=-1)  # (batch, time, 2)
    y = (value * marked).sum(axis=1)  # (batch,)
    return x.astype("float32"), y.astype("float32")


x_train, y_train = adding_problem(2000, seed=0)
# The learning rates were chosen on a validation set, drawn with seed 1.
x_test, y_test = adding_problem(1000, seed=2)
guess = float(y_test.var())
print(f"always answering the mean: test error {guess:.3f}")
# --8<-- [end:problem]


# --8<-- [start:network]
def create_variables():  # Three networks side by side, one for each seed.
    tf.keras.utils.set_random_seed(0)
    small = [tf.keras.initializers.RandomNormal(stddev=0.1) for _ in range(2)]
    initial = [
        small[0]((SEEDS, 2, UNITS)),  # u, input to state
        # Singular values of 1.2: a gain above one at every time step.
        tf.tile(1.2 * tf.eye(UNITS)[None], (SEEDS, 1, 1)),  # w, state to state
        tf.zeros((SEEDS, 1, UNITS)),  # b
        small[1]((SEEDS, UNITS, 1)),  # v, state to answer
    ]
    return [tf.Variable(value) for value in initial]


# --8<-- [end:network]


# --8<-- [start:gradients]
def run_network(x, variables):
    u, w, b, v = variables
    h = tf.zeros((SEEDS, x.shape[1], UNITS))
    for t in range(STEPS):
        h = tf.nn.relu(x[:, :, t] @ u + h @ w + b)  # (seeds, batch, units)
    return (h @ v)[..., 0]  # (seeds, batch)


def compute_gradients(x, y, variables):
    with tf.GradientTape() as tape:
        errors = (run_network(x, variables) - y) ** 2
        # A sum over seeds, so that the three networks do not interact.
        loss = tf.reduce_sum(tf.reduce_mean(errors, axis=1))
    gradients = tape.gradient(loss, variables)
    squares = [tf.reduce_sum(g**2, axis=[1, 2], keepdims=True) for g in gradients]
    return gradients, tf.sqrt(tf.add_n(squares))  # norm: (seeds, 1, 1)


# --8<-- [end:gradients]

# --8<-- [start:one-gradient]
x, y = np.tile(x_train[:200], (SEEDS, 1, 1, 1)), y_train[:200]
one = [g[0] for g in compute_gradients(x, y, create_variables())[0]]


def flatten(gradients):
    return np.concatenate([g.numpy().ravel() for g in gradients]).astype("float64")


by_norm, norm_before = tf.clip_by_global_norm(one, 1.0)
by_value = [tf.clip_by_value(g, -0.1, 0.1) for g in one]
norms, cosines = {}, {}
ways = {"not clipped": one, "norm 1": by_norm, "value 0.1": by_value}
for name, clipped in ways.items():
    a, b = flatten(one), flatten(clipped)
    norms[name] = np.linalg.norm(b)
    cosines[name] = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    print(f"{name:12s} norm {norms[name]:10.4f}   cosine {cosines[name]:.4f}")
assert abs(norms["norm 1"] - 1) < 1e-5 and cosines["norm 1"] > 1 - 1e-9
assert cosines["value 0.1"] < 0.9
# --8<-- [end:one-gradient]


# --8<-- [start:train]
def train(optimizer, clip):
    variables = create_variables()
    optimizer.build(variables)

    @tf.function  # One call for all steps.
    def run(batches):
        for rows in batches:  # (seeds, batch)
            x, y = tf.gather(x_train, rows), tf.gather(y_train, rows)
            gradients, norm = compute_gradients(x, y, variables)
            if clip is not None:
                scale = clip / tf.maximum(norm, clip)  # (seeds, 1, 1)
                gradients = [scale * g for g in gradients]
            optimizer.apply(gradients)

    rng, batches = np.random.default_rng(0), []
    for _ in range(EPOCHS):
        order = rng.permuted(np.tile(np.arange(2000), (SEEDS, 1)), axis=1)
        batches += [order[:, i : i + BATCH] for i in range(0, 2000, BATCH)]
    run(tf.constant(batches))
    return run_network(np.tile(x_test, (SEEDS, 1, 1, 1)), variables).numpy()


# --8<-- [end:train]

# --8<-- [start:compare]
runs = {  # name: optimizer, learning rate, largest gradient norm
    "SGD": (tf.keras.optimizers.SGD, 0.02, None),
    "SGD, lower rate": (tf.keras.optimizers.SGD, 0.0003, None),
    "SGD, clipped": (tf.keras.optimizers.SGD, 0.02, 1.0),
    "Adam": (tf.keras.optimizers.Adam, 0.003, None),
    "Adam, clipped": (tf.keras.optimizers.Adam, 0.003, 1.0),
}
best, worst, silent = {}, {}, {}
print("test error of the worst of three seeds")
for name, (optimizer, rate, clip) in runs.items():
    decay = tf.keras.optimizers.schedules.CosineDecay(rate, 2000 // BATCH * EPOCHS)
    answers = train(optimizer(decay), clip)  # (seeds, batch)
    error = np.mean((answers - y_test) ** 2, axis=1)  # (seeds,)
    best[name], worst[name] = error.min(), error.max()
    silent[name] = np.mean(answers == 0)
    print(f"{name:16s} {error.max():.2f}")
    if name == "SGD":
        assert best[name] > 2 * guess  # Without clipping: worse than not looking.
    if name == "SGD, clipped":
        assert worst[name] < min(best["SGD, lower rate"], 0.8 * guess)
assert worst["Adam, clipped"] < 0.7 * best["Adam"]
# --8<-- [end:compare]
