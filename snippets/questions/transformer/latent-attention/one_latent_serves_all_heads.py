# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "keras~=3.15.0"]
# ///
"""Absorbed or expanded, latent attention gives one answer; it trades bytes for products."""

# --8<-- [start:expand]
import bisect

import keras
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names


def attend(q, k, v):  # (heads, queries or keys, width)
    scores = tf.matmul(q, k, transpose_b=True) / q.shape[-1] ** 0.5
    return tf.nn.softmax(scores) @ v


def expanded(q_content, q_place, latent, k_place, up_k, up_v):
    heads, keys, place = len(up_k), *k_place.shape
    k_content = latent @ up_k  # (keys, rank) @ (heads, rank, content)
    k_place = tf.broadcast_to(k_place, (heads, keys, place))  # One for all heads.
    k = tf.concat([k_content, k_place], axis=-1)
    return attend(tf.concat([q_content, q_place], axis=-1), k, latent @ up_v)


# --8<-- [end:expand]


# --8<-- [start:absorb]
def absorbed(q_content, q_place, latent, k_place, up_k, up_v):
    heads, queries, content = q_content.shape
    rank, place = latent.shape[1], k_place.shape[1]
    q_latent = tf.matmul(q_content, up_k, transpose_b=True)  # (…, rank)
    q = tf.reshape(tf.concat([q_latent, q_place], axis=-1), (heads * queries, -1))
    k = tf.concat([latent, k_place], axis=-1)  # The cache as it is.
    scores = tf.matmul(q, k, transpose_b=True) / (content + place) ** 0.5
    mixed = tf.nn.softmax(scores) @ latent  # (heads · queries, rank)
    return tf.reshape(mixed, (heads, queries, rank)) @ up_v


# --8<-- [end:absorb]


# --8<-- [start:equal]
def shapes(queries, keys, heads, content, place, value, rank):
    return {
        "q_content": (heads, queries, content),
        "q_place": (heads, queries, place),
        "latent": (keys, rank),
        "k_place": (keys, place),
        "up_k": (heads, rank, content),
        "up_v": (heads, rank, value),
    }


keras.utils.set_random_seed(0)
small = shapes(3, 20, heads=4, content=16, place=8, value=16, rank=24)
tensors = {n: tf.random.normal(s, dtype="float64") for n, s in small.items()}
gap = float(tf.reduce_max(tf.abs(expanded(**tensors) - absorbed(**tensors))))
print(f"expanded and absorbed differ by {gap:.0e}")
assert gap < 1e-12
# --8<-- [end:equal]

# --8<-- [start:bytes]
LAYERS, HEADS, TIME = 61, 128, 4096  # DeepSeek-V3, and a context
CONTENT, PLACE, VALUE, RANK = 128, 64, 128, 512
numbers = {  # Kept for each token and layer.
    "keys and values of 128 heads, 128 wide": HEADS * (128 + 128),
    "the same keys and values, expanded": HEADS * (CONTENT + PLACE + VALUE),
    "8 KV heads, 128 wide": 8 * (128 + 128),
    "1 KV head, 128 wide": 128 + 128,
    "one latent and one position key": RANK + PLACE,
}
gib = {name: 2 * LAYERS * TIME * each / 2**30 for name, each in numbers.items()}
for name, each in numbers.items():
    print(f"{name:40s} {each:5d} numbers, {TIME} tokens {gib[name]:5.2f} GiB")
mha, _, gqa, mqa, mla = numbers.values()
assert mqa < mla < gqa and mla == 2.25 * mqa
# --8<-- [end:bytes]


# --8<-- [start:count]
def count(function, shapes):  # Traces the graph; allocates and runs nothing.
    inputs = [tf.TensorSpec(shape, tf.bfloat16) for shape in shapes.values()]
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


def deepseek(queries, keys):
    return shapes(queries, keys, HEADS, CONTENT, PLACE, VALUE, RANK)


# --8<-- [end:count]

# --8<-- [start:flops]
packed, unpacked = RANK + PLACE, HEADS * (CONTENT + PLACE + VALUE)
width = CONTENT + PLACE
full = {"q": (HEADS, 1, width), "k": (HEADS, TIME, width), "v": (HEADS, TIME, VALUE)}
own = 2 * HEADS * RANK * (CONTENT + VALUE)  # The new token's own key and value.
step = {  # FLOPs of one layer for one new token, numbers read from its cache
    "all keys and values cached": (count(attend, full) + own, TIME * unpacked),
    "latents cached, expanded": (count(expanded, deepseek(1, TIME)), TIME * packed),
    "latents cached, absorbed": (count(absorbed, deepseek(1, TIME)), TIME * packed),
}
for name, (flops, read) in step.items():
    print(f"{name:27s} {flops:.2e} FLOPs,", end=" ")
    print(f"{2 * read / 2**20:6.2f} MiB read, {flops / (2 * read):5.0f} FLOPs per byte")
(cached, all_read), (again, _), (absorb, read) = step.values()
assert absorb > 3 * cached and 50 * read < all_read and again > 100 * absorb
# --8<-- [end:flops]

# --8<-- [start:crossing]
arriving = range(1, 1024)  # New tokens at once, after a long prefix.
keys = 131072


def expanding_is_cheaper(queries):
    more, less = (count(f, deepseek(queries, keys)) for f in (absorbed, expanded))
    return less < more


crossing = arriving[bisect.bisect_left(arriving, True, key=expanding_is_cheaper)]
prefill = [count(f, deepseek(TIME, TIME)) for f in (absorbed, expanded)]
print(f"expanding is cheaper from {crossing} new tokens on")
print(f"a prompt of {TIME}: absorbed / expanded = {prefill[0] / prefill[1]:.2f}")
assert crossing == 171 and prefill[0] > 2 * prefill[1]
# --8<-- [end:crossing]
