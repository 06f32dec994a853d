# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "keras~=3.15.0", "numpy"]
# ///
"""Sharing keys and values shrinks what is stored and read; the attention multiplies as much."""

# --8<-- [start:attend]
import keras
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names


def attend(q, k, v):  # (heads, queries, width), (groups, keys, width) twice
    groups, _, width = k.shape
    together = tf.reshape(q, (groups, -1, width))  # One matrix for each group.
    scores = tf.matmul(together, k, transpose_b=True) / width**0.5
    return tf.reshape(tf.nn.softmax(scores) @ v, q.shape)


# --8<-- [end:attend]

# --8<-- [start:layers]
HEADS, WIDTH, HIDDEN, TIME = 8, 16, 64, 12
keras.utils.set_random_seed(0)
keep = {"use_bias": False, "dtype": "float64"}
x = tf.random.normal((1, TIME, HIDDEN), dtype="float64")


def three_ways(groups):  # Each (1, time, hidden).
    grouped = keras.layers.GroupQueryAttention(WIDTH, HEADS, groups, **keep)
    by_keras = grouped(x, x)
    w_q, w_k, w_v, w_o = grouped.get_weights()  # w_k: (hidden, groups, width)
    q, k, v = (tf.einsum("btc,chd->htd", x, w) for w in (w_q, w_k, w_v))
    by_hand = tf.einsum("htd,hdc->tc", attend(q, k, v), w_o)[None]
    full = keras.layers.MultiHeadAttention(HEADS, WIDTH, **keep)
    full.build(x.shape, x.shape)
    copies = [np.repeat(w, HEADS // groups, axis=1) for w in (w_k, w_v)]
    full.set_weights([w_q, *copies, w_o])
    return by_keras, by_hand, full(x, x)


# --8<-- [end:layers]

# --8<-- [start:equal]
gap = {}
for groups in (8, 2, 1):  # Multi-head, grouped, multi-query.
    by_keras, *others = three_ways(groups)
    gap[groups] = max(float(tf.reduce_max(tf.abs(y - by_keras))) for y in others)
    print(f"{groups} KV heads: gap {gap[groups]:.0e},", end=" ")
    print(f"{2 * groups * WIDTH:3d} numbers kept per token")
assert max(gap.values()) < 1e-12
# --8<-- [end:equal]


# --8<-- [start:count]
def count(function, *shapes):  # Traces the graph; allocates and runs nothing.
    inputs = [tf.TensorSpec(shape, tf.bfloat16) for shape in shapes]
    graph = tf.function(function).get_concrete_function(*inputs).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    nodes = [tf.compat.v1.profiler.profile(graph, cmd="op", options=options)]
    products = 0
    while nodes:
        node = nodes.pop()
        products += node.float_ops if "MatMul" in node.name else 0
        nodes += node.children
    return products


# --8<-- [end:count]

# --8<-- [start:decode]
LAYERS, HEADS, WIDTH, TIME = 80, 64, 128, 8192  # Llama 3 70B
cache, prefill, decode, intensity = {}, {}, {}, {}
print("KV heads   prefill FLOPs   one step   cache   FLOPs per byte read")
for groups in (64, 8, 1):
    keys = (groups, TIME, WIDTH)  # The values have the same shape.
    read = 2 * np.prod(keys) * 2  # Bytes of a layer, bfloat16.
    prefill[groups] = LAYERS * count(attend, (HEADS, TIME, WIDTH), keys, keys)
    decode[groups] = LAYERS * count(attend, (HEADS, 1, WIDTH), keys, keys)
    cache[groups] = LAYERS * read / 2**30  # GiB of one sequence
    intensity[groups] = decode[groups] / (LAYERS * read)
    print(f"{groups:9d} {prefill[groups]:15.2e} {decode[groups]:10.2e}", end=" ")
    print(f"{cache[groups]:7.2f} {intensity[groups]:13.0f}")
assert len(set(prefill.values())) == 1 and len(set(decode.values())) == 1
assert cache[64] == 8 * cache[8] == 64 * cache[1]
assert all(intensity[groups] == HEADS / groups for groups in intensity)
# --8<-- [end:decode]

# --8<-- [start:step]
model = 70e9 * 2 / 2**30  # GiB of weights, bfloat16, read once in each step
more = 2 * LAYERS * 8192 * (64 - 8) * WIDTH * 2 / 2**30  # W_K and W_V of 56 more KV heads
saved = {}
for sequences in (1, 32):
    read = {groups: sequences * cache[groups] for groups in (64, 8)}  # Each has its own cache.
    for name, extra in (("equally large", 0), ("otherwise equal", more)):
        saved[sequences, name] = 1 - (model + read[8]) / (model + extra + read[64])
        print(f"{sequences:2d} sequences, models {name}:", end=" ")
        print(f"8 KV heads read {saved[sequences, name]:.0%} less than 64")
assert saved[1, "equally large"] < 0.15 and saved[1, "otherwise equal"] > 0.2
assert min(saved[32, name] for name in ("equally large", "otherwise equal")) > 0.7
# --8<-- [end:step]

# --8<-- [start:other]
for groups in (128, 8, 1):
    gib = 2 * 61 * groups * 128 * 2 * 4096 / 2**30
    print(f"61 layers, {groups:3d} KV heads, 4096 tokens: {gib:5.2f} GiB")
# --8<-- [end:other]
