# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""A forward pass costs two operations per weight and token, a training step six."""

# --8<-- [start:model]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

VOCABULARY, WIDTH, LAYERS, HEADS = 50257, 768, 12, 12  # The shape of GPT-2 small.
ONE = [(WIDTH, WIDTH)] * 4 + [(WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH)]


def block(x, q, k, v, o, up, down):  # x: (time, width)
    def split(a):  # (heads, time, width / heads)
        return tf.transpose(tf.reshape(a, (a.shape[0], HEADS, -1)), (1, 0, 2))

    scores = tf.matmul(split(x @ q), split(x @ k), transpose_b=True)
    mixed = tf.nn.softmax(scores) @ split(x @ v)
    x += tf.reshape(tf.transpose(mixed, (1, 0, 2)), x.shape) @ o
    return x + tf.nn.gelu(x @ up) @ down


# --8<-- [end:model]


# --8<-- [start:loss]
def loss(tokens, table, head, *matrices, run=block):  # tokens: (time,)
    x = tf.gather(table, tokens)
    for i in range(0, len(matrices), len(ONE)):
        x = run(x, *matrices[i : i + len(ONE)])
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, x @ head)
    return tf.reduce_mean(each)


# --8<-- [end:loss]


# --8<-- [start:count]
def step(tokens, *weights, run=block):
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value = loss(tokens, *weights, run=run)
    return tape.gradient(value, weights)


# --8<-- [end:count]


# --8<-- [start:profile]
def products(function, time):  # Traces the graph; allocates and runs nothing.
    shapes = [(VOCABULARY, WIDTH), (WIDTH, VOCABULARY), *ONE * LAYERS]
    inputs = [tf.TensorSpec(s, tf.float32) for s in shapes]
    inputs.insert(0, tf.TensorSpec((time,), tf.int32))
    graph = tf.function(function).get_concrete_function(*inputs).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    nodes = [tf.compat.v1.profiler.profile(graph, cmd="op", options=options)]
    total = 0
    while nodes:
        node = nodes.pop()
        total += node.float_ops if "MatMul" in node.name else 0
        nodes += node.children
    return total


# --8<-- [end:profile]

# --8<-- [start:table]
in_products = 12 * LAYERS * WIDTH**2 + WIDTH * VOCABULARY  # No lookup table.
everything = in_products + VOCABULARY * WIDTH
lengths, per_weight = (128, 1024, 8192), []
print(f"{in_products:,} weights in products, {everything:,} with the lookup table")
for time in lengths:
    forward, training = products(loss, time), products(step, time)
    assert forward == time * (2 * in_products + 4 * LAYERS * time * WIDTH)
    assert training == 3 * forward  # The backward pass is exactly twice as much.
    per_weight.append(training / time / in_products)
    ratio = forward / time / in_products
    print(f"{time:5d} tokens: {ratio:.2f} forward, {per_weight[-1]:.2f} training")
# --8<-- [end:table]

# --8<-- [start:claim]
excess = [p / 6 - 1 for p in per_weight]
table = everything / in_products - 1
kaplan = 1 - 12 * LAYERS * WIDTH**2 / in_products  # Their N lacks the output matrix as well.
print(f"attention on top of 6 N: {', '.join(f'{e:.0%}' for e in excess)}")
print(f"counting the lookup table as well: {table:.0%} too much")
print(f"leaving the output matrix out: {kaplan:.0%} too little")
assert excess[0] < 0.03 and 0.1 < excess[1] < 0.2 and excess[2] > 1
assert abs(124_439_808 / in_products - 1) < 0.01  # GPT-2 small, where one matrix serves as both.
# --8<-- [end:claim]

# --8<-- [start:recompute]
again = tf.recompute_grad(block)
time = 1024
with_recompute = products(lambda *w: step(*w, run=again), time)
forward, head = products(loss, time), 2 * time * WIDTH * VOCABULARY
recomputed = (with_recompute - 3 * head) / (forward - head)
print(f"layers: {recomputed:.0f} forward passes a step when activations are recomputed")
assert with_recompute == 4 * (forward - head) + 3 * head
# --8<-- [end:recompute]

# --8<-- [start:figure]
s = np.logspace(2, 4.5, 100)
plt.figure(figsize=(6.4, 3.2))
plt.axhline(6, ls=":", color="grey", label="6")
plt.semilogx(s, 6 + 12 * LAYERS * s * WIDTH / in_products, label="6 + attention")
plt.plot(lengths, per_weight, "C1o", label="counted")
plt.xlabel("sequence length (tokens)")
plt.ylabel("operations per weight and token")
plt.legend()
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
