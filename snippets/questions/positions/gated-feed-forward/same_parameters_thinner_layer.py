# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""A gated layer pays for its third matrix with width, and multiplies two features exactly."""

# --8<-- [start:count]
import math

import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names


def gated_width(d, multiplier=1.0, multiple=256):  # The rule in Meta's code for Llama.
    width = int(multiplier * int(2 * (4 * d) / 3))
    return multiple * math.ceil(width / multiple)


published = {  # d, width of the gated layer, arguments of the rule if it is known
    "LLaMA 7B": (4096, 11008, {}),
    "LLaMA 13B": (5120, 13824, {}),
    "Llama 3 8B": (4096, 14336, {"multiplier": 1.3, "multiple": 1024}),
    "SmolLM3 3B": (2048, 11008, None),
}
# --8<-- [end:count]

# --8<-- [start:ratio]
budget = {}
for name, (d, width, rule) in published.items():
    budget[name] = 3 * d * width / (2 * d * 4 * d)  # against two matrices of width 4d
    print(f"{name:11s} width {width:6,d} = {width / d:.2f} d, parameters {budget[name]:.2f}")
    assert rule is None or gated_width(d, **rule) == width
assert gated_width(4095, multiple=1) * 3 * 4095 == 2 * 4095 * 4 * 4095  # 4095 = 3 · 1365
assert all(1 < budget[name] < 1.02 for name in ("LLaMA 7B", "LLaMA 13B"))
assert budget["Llama 3 8B"] > 1.3 and budget["SmolLM3 3B"] > 2
# --8<-- [end:ratio]


# --8<-- [start:layer]
def feed_forward(x, weights, activation):
    gate, down, *up = weights  # two matrices, or three in a gated layer
    h = activation(x @ gate)
    for w in up:
        h = h * (x @ w)
    return h @ down


relu, gelu, silu = tf.nn.relu, tf.nn.gelu, tf.nn.silu
# --8<-- [end:layer]

# --8<-- [start:exact]
pairs = np.random.default_rng(0).uniform(-3, 3, (1000, 2))
gate = np.array([[1.0, -1.0], [0.0, 0.0]])  # two units: x₁ and -x₁
up = np.array([[0.0, 0.0], [1.0, -1.0]])  # x₂ and -x₂
down = np.array([[1.0], [1.0]])
error = []
for name, activation in {"ReLU": relu, "GELU": gelu, "SiLU": silu}.items():
    y = feed_forward(pairs, [gate, down, up], activation)[:, 0]
    error.append(float(np.abs(y - pairs.prod(axis=1)).max()))
    print(f"two units gated by {name}: largest error of x₁·x₂ {error[-1]:.0e}")
assert max(error) < 1e-12
on, size = pairs[:, 0] > 0, np.abs(pairs[:, 1])  # A yes or no, times a number from 0 to 3,
one_unit = relu(size - 3.0 * ~on)  # takes one ReLU unit and no gate.
assert np.array_equal(one_unit, on * size)
# --8<-- [end:exact]

# --8<-- [start:task]
SEEDS, D = 3, 8
PAIRS = np.array([(0, 1), (2, 3), (4, 5), (6, 0), (1, 2), (3, 4), (5, 6), (0, 2)])


def examples(rng, *shape):  # Seven numbers and a constant 1; the target is eight products.
    x = rng.uniform(-1, 1, (*shape, D)).astype("float32")
    x[..., -1] = 1
    return tf.constant(x), tf.constant(x[..., PAIRS].prod(axis=-1))


def create(shapes):
    rng = np.random.default_rng(1)
    draws = (rng.normal(size=(SEEDS, *shape)) / shape[0] ** 0.5 for shape in shapes)
    return [tf.Variable(draw.astype("float32")) for draw in draws]


# --8<-- [end:task]


# --8<-- [start:learn]
def learn(activation, gated, steps=800):
    width = 32 if gated else 48  # 768 parameters either way
    weights = create([(D, width), (width, D)] + [(D, width)] * gated)
    assert sum(math.prod(w.shape[1:]) for w in weights) == 768
    decay = tf.keras.optimizers.schedules.CosineDecay(0.03, steps)
    optimizer, rng = tf.keras.optimizers.Adam(decay), np.random.default_rng(2)
    optimizer.build(weights)

    def errors(x, y):  # (seeds,)
        return tf.reduce_mean((feed_forward(x, weights, activation) - y) ** 2, axis=[1, 2])

    @tf.function  # One call for all steps.
    def run(x, y):
        for i in tf.range(steps):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(errors(x[i], y[i]))
            optimizer.apply(tape.gradient(loss, weights))

    run(*examples(rng, steps, SEEDS, 128))
    x, y = examples(np.random.default_rng(3), SEEDS, 4000)
    return (errors(x, y) / tf.math.reduce_variance(y)).numpy()


# --8<-- [end:learn]

# --8<-- [start:compare]
missed = {}
print("share of the variance that 768 parameters miss, three seeds")
for name, activation, gated in (
    ("ReLU", relu, False),
    ("GELU", gelu, False),
    ("GELU, bend ÷ 10", lambda a: gelu(10 * a) / 10, False),
    ("ReGLU", relu, True),
    ("SwiGLU", silu, True),
    ("bilinear", tf.identity, True),
):
    missed[name] = learn(activation, gated)
    print(f"{name:15s}", *(f"{value:.0e}" for value in missed[name]))
assert missed["GELU, bend ÷ 10"].min() > 4 * missed["GELU"].max()  # Nearly ReLU by now.
assert missed["GELU"].min() > 2 * missed["SwiGLU"].max()
assert missed["ReLU"].min() > 20 * missed["ReGLU"].max()  # One activation, with and without.
assert missed["bilinear"].max() < 1e-5
# --8<-- [end:compare]
