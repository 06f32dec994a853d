# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""The quadratic term reaches half of a layer's work at six times the width."""

# --8<-- [start:layer]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

WIDTH, HEADS = 4096, 32


def layer(x, wq, wk, wv, wo, up, down, heads=HEADS):  # x: (time, width)
    def split(a):  # (time, width) to (heads, time, width / heads)
        return tf.transpose(tf.reshape(a, (a.shape[0], heads, -1)), (1, 0, 2))

    q, k, v = split(x @ wq), split(x @ wk), split(x @ wv)
    scores = tf.matmul(q, k, transpose_b=True)  # (heads, time, time)
    weights = tf.nn.softmax(scores / q.shape[-1] ** 0.5)
    mixed = tf.reshape(tf.transpose(weights @ v, (1, 0, 2)), x.shape)
    return tf.nn.gelu(mixed @ wo @ up) @ down  # (time, width)


# --8<-- [end:layer]


# --8<-- [start:count]
def count(function, *shapes):  # Traces the graph; allocates and runs nothing.
    inputs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    graph = tf.function(function).get_concrete_function(*inputs).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    nodes = [tf.compat.v1.profiler.profile(graph, cmd="op", options=options)]
    products = 0
    while nodes:
        node = nodes.pop()
        products += node.float_ops if "MatMul" in node.name else 0
        nodes += node.children
    tensors = [t for op in graph.get_operations() for t in op.outputs]
    return products, max(int(np.prod(t.shape)) for t in tensors)


# --8<-- [end:count]

# --8<-- [start:table]
square = (WIDTH, WIDTH)
matrices = [square] * 4 + [(WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH)]
lengths = WIDTH * np.array([1, 2, 6, 12, 32])
share = []
print("tokens    FLOPs     quadratic share   largest tensor in bfloat16")
for s in map(int, lengths):
    flops, largest = count(layer, (s, WIDTH), *matrices)
    linear, quadratic = 24 * s * WIDTH**2, 4 * s**2 * WIDTH
    assert flops == linear + quadratic and largest == HEADS * s**2
    share.append(1 - linear / flops)
    print(f"{s:6d}   {flops:.2e}   {share[-1]:15.1%}   {2 * largest / 2**30:10.0f} GiB")
assert share[2] == 0.5  # At 6 widths, not before.
# --8<-- [end:table]

# --8<-- [start:heads]
s = 6 * WIDTH
by_heads = {h: count(lambda *a, h=h: layer(*a, heads=h), (s, WIDTH), *matrices) for h in (1, 32)}
for h, (flops, largest) in by_heads.items():
    print(f"{h:2d} heads: {flops:.3e} FLOPs, {largest:.1e} scores")
assert by_heads[32][0] == by_heads[1][0]
assert by_heads[32][1] == 32 * by_heads[1][1]
# --8<-- [end:heads]


# --8<-- [start:causal]
def masked(q, k, v):  # The queries are the last tokens of the keys.
    allowed = tf.linalg.band_part(tf.ones((k.shape[0],) * 2, tf.bool), -1, 0)
    scores = tf.matmul(q, k, transpose_b=True)  # (queries, keys)
    scores = tf.where(allowed[-q.shape[0] :], scores, -np.inf)
    return tf.nn.softmax(scores) @ v


def skipping(q, k, v, blocks=16):  # Never touches a block of the future.
    size = q.shape[0] // blocks
    ends = range(size, q.shape[0] + 1, size)
    return tf.concat([masked(q[e - size : e], k[:e], v[:e]) for e in ends], 0)


# --8<-- [end:causal]

# --8<-- [start:mask]
s, head = 1024, WIDTH // HEADS
full, _ = count(lambda q, k, v: tf.matmul(q, k, transpose_b=True) @ v, *[(s, head)] * 3)
with_mask, _ = count(masked, *[(s, head)] * 3)
with_blocks, _ = count(skipping, *[(s, head)] * 3)
tf.keras.utils.set_random_seed(0)
q, k, v = tf.unstack(tf.random.normal((3, s, head)) / head**0.25)
gap = float(tf.reduce_max(tf.abs(masked(q, k, v) - skipping(q, k, v))))
print(f"masked / full: {with_mask / full:.3f}, same answer to {gap:.0e}")
print(f"16 blocks, future skipped / full: {with_blocks / full:.3f}")
assert with_mask == full and with_blocks / full == (1 + 1 / 16) / 2 and gap < 1e-5
# --8<-- [end:mask]

# --8<-- [start:figure]
tokens = np.logspace(2.7, 5.2, 100)
plt.figure(figsize=(6.4, 3.2))
for width in (1024, 4096, 16384):
    plt.semilogx(tokens, tokens / (tokens + 6 * width), label=f"width {width}")
plt.plot(lengths, share, "C3o", label="counted, width 4096")
plt.axhline(0.5, ls=":", color="grey")
plt.xlabel("sequence length (tokens)")
plt.ylabel("share of the FLOPs of a layer")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
