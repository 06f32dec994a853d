# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""How long a recurrent network remembers is set by the factor on its state, step after step."""

# --8<-- [start:task]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

SEEDS, UNITS, TIME, BATCH, STEPS, SYMBOLS, NOISE = 3, 24, 60, 32, 150, 4, 4


def draw(count, seed):  # One of four symbols, then noise; at the end: which symbol was it?
    rng = np.random.default_rng(seed)
    y = rng.integers(0, SYMBOLS, (SEEDS, count))
    x = np.zeros((SEEDS, count, TIME, SYMBOLS + NOISE))
    x[..., 0, :SYMBOLS] = np.eye(SYMBOLS)[y]
    x[..., SYMBOLS:] = rng.normal(size=(SEEDS, count, TIME, NOISE))
    return tf.constant(x, tf.float32), tf.constant(y, tf.int32)


# --8<-- [end:task]


# --8<-- [start:create]
def create(gates, forget_bias=0.0):  # Three networks side by side, one for each seed.
    tf.keras.utils.set_random_seed(0)
    glorot, orthogonal = tf.keras.initializers.GlorotUniform, tf.keras.initializers.Orthogonal

    def stack(initializer, rows, columns, times):
        draws = [[initializer()((rows, columns)) for _ in range(times)] for _ in range(SEEDS)]
        return tf.Variable([tf.concat(row, axis=1) for row in draws])

    b = np.zeros((SEEDS, 1, gates * UNITS), "float32")
    b[..., UNITS : 2 * UNITS] = forget_bias
    u = stack(glorot, SYMBOLS + NOISE, UNITS, gates)  # input to state
    w = stack(orthogonal, UNITS, UNITS, gates)  # state to state
    v = stack(glorot, UNITS, SYMBOLS, 1)  # state to answer
    return [u, w, tf.Variable(b), v]


# --8<-- [end:create]


# --8<-- [start:cells]
def rnn(x, h, c, variables):
    u, w, b, _ = variables
    return tf.tanh(x @ u + h @ w[..., :UNITS] + b[..., :UNITS]), c


def lstm(x, h, c, variables):
    u, w, b, _ = variables
    i, f, candidate, o = tf.split(x @ u + h @ w + b, 4, axis=-1)  # (seeds, batch, units) each
    c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(candidate)
    return tf.sigmoid(o) * tf.tanh(c), c


def lstm_without_h(x, h, c, variables):  # The same values; no gradient returns through h.
    return lstm(x, tf.stop_gradient(h), c, variables)


def run(cell, inputs, variables):
    h = c = tf.zeros((SEEDS, inputs[0].shape[1], UNITS))
    for x in inputs:  # One entry for each time step: (seeds, batch, features)
        h, c = cell(x, h, c, variables)
    return h @ variables[3]  # (seeds, batch, symbols)


# --8<-- [end:cells]

# --8<-- [start:gradients]
cells = {  # name: cell, matrices in it, forget bias
    "tanh RNN": (rnn, 1, 0.0),
    "LSTM, forget bias 0": (lstm, 4, 0.0),
    "LSTM, forget bias 1": (lstm, 4, 1.0),
    "LSTM, forget bias 3": (lstm, 4, 3.0),
}


def loss_of(cell, inputs, y, variables):
    logits = run(cell, inputs, variables)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
    # A sum over seeds, so that the three networks do not interact.
    return tf.reduce_sum(tf.reduce_mean(losses, axis=1))


def input_gradients(cell, x, y, variables):  # How much each time step moves the loss.
    inputs = tf.unstack(x, axis=2)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = loss_of(cell, inputs, y, variables)
    return tf.stack([tf.norm(g, axis=[1, 2]) for g in tape.gradient(loss, inputs)])


def per_step(norms):  # The factor of a step, from 40 to 10 steps before the end.
    return np.mean(norms[-41] / norms[-11]) ** (1 / 30)


# --8<-- [end:gradients]

# --8<-- [start:distance]
x, y = draw(BATCH, seed=0)
reach, factor, along_cell = {}, {}, {}
print("gradient at the first input over that at the last; factor per step; forget gate")
for name, (cell, matrices, bias) in cells.items():
    variables, gate = create(matrices, bias), ""
    norms = input_gradients(cell, x, y, variables).numpy()  # (time, seeds)
    reach[name], factor[name] = norms[0] / norms[-1], per_step(norms)
    if cell is lstm:
        along_cell[name] = per_step(input_gradients(lstm_without_h, x, y, variables).numpy())
        gate = f"{1 / (1 + np.exp(-bias)):.2f}, factor without h {along_cell[name]:.2f}"
    print(f"{name:20s}", *(f"{value:.0e}" for value in reach[name]), f" {factor[name]:.2f}  {gate}")
    plt.semilogy(np.arange(TIME)[::-1], norms[:, 0] / norms[-1, 0], label=name)
plt.gcf().set_size_inches(6.4, 3.4)
plt.xlabel("time steps between the input and the answer")
plt.ylabel("gradient, last input = 1")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:distance]

# --8<-- [start:reach]
plain, closed, default, opened = cells
assert reach[plain].max() < 1e-5 and reach[closed].max() < 0.1 * reach[plain].min()
assert reach[opened].min() > 1e-3
for name in (closed, default, opened):
    gate = 1 / (1 + np.exp(-cells[name][2]))
    # The path along the cell has the factor of the gate; the one through h makes it larger.
    assert abs(along_cell[name] - gate) < 0.04 and factor[name] > along_cell[name] + 0.04
# --8<-- [end:reach]


# --8<-- [start:train]
def trainer(cell, matrices):
    variables = create(matrices)
    optimizer = tf.keras.optimizers.Adam(0.005)
    optimizer.build(variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(cell, tf.unstack(x, axis=2), y, variables)
        gradients = tape.gradient(loss, variables)
        squares = [tf.reduce_sum(g**2, axis=[1, 2], keepdims=True) for g in gradients]
        norm = tf.sqrt(tf.add_n(squares))  # (seeds, 1, 1)
        optimizer.apply([g / tf.maximum(norm, 1.0) for g in gradients])  # Clipped at 1.

    begin = [tf.constant(variable) for variable in optimizer.variables]

    def train(bias):  # A new run from the start, the same traced graph.
        starts = [*create(matrices, bias), *begin]
        for variable, start in zip([*variables, *optimizer.variables], starts, strict=True):
            variable.assign(start)
        for i in range(STEPS):
            step(*draw(BATCH, seed=100 + i))
        x, y = draw(500, seed=1)
        logits = run(cell, tf.unstack(x, axis=2), variables)
        return np.mean(tf.argmax(logits, axis=2, output_type=tf.int32) == y, axis=1)  # (seeds,)

    return train


# --8<-- [end:train]

# --8<-- [start:compare]
accuracy = {}
print("accuracy after training, three seeds; a guess reaches 0.25")
trainers = {cell: trainer(cell, matrices) for cell, matrices in ((rnn, 1), (lstm, 4))}
for name, (cell, _, bias) in cells.items():
    accuracy[name] = trainers[cell](bias)
    print(f"{name:20s}", *(f"{value:.2f}" for value in accuracy[name]))
    assert name == opened or accuracy[name].max() < 0.45
assert accuracy[opened].min() > 0.95
# --8<-- [end:compare]
