# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0"]
# ///
"""Frozen weights need no gradient of their own; the signal still passes through them."""

# --8<-- [start:lora]
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

TOKENS, WIDTH, RANK, LAYERS = 1024, 4096, 16, 4


def step(x, tune, *weights):  # Frozen squares, then the adapters A and B.
    frozen, a, b = (weights[i * LAYERS : (i + 1) * LAYERS] for i in range(3))
    wanted = {"all": frozen, "adapters": [*a, *b]}[tune]
    with tf.GradientTape() as tape:
        tape.watch([x, *wanted])
        y = x
        for w, down, up in zip(frozen, a, b, strict=True):
            y = y @ w if tune == "all" else y @ w + (y @ down) @ up
        loss = tf.reduce_sum(y**2)
    return tape.gradient(loss, [x, *wanted])  # x: an embedding below wants its own.


# --8<-- [end:lora]


# --8<-- [start:products]
def products(tune):
    shapes = [(WIDTH, WIDTH), (WIDTH, RANK), (RANK, WIDTH)]
    inputs = [tf.TensorSpec(s, tf.float32) for s in shapes for _ in range(LAYERS)]
    x = tf.TensorSpec((TOKENS, WIDTH), tf.float32)
    graph = tf.function(step).get_concrete_function(x, tune, *inputs).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    profile = tf.compat.v1.profiler.profile(graph, cmd="op", options=options)
    return {n.name: n.float_ops for n in profile.children}.get("MatMul", 0)


# --8<-- [end:products]

# --8<-- [start:claim]
n, adapter = LAYERS * WIDTH**2, LAYERS * 2 * WIDTH * RANK
cost = {tune: products(tune) / TOKENS / n for tune in ("all", "adapters")}
print(f"trained weights: {adapter / n:.2%}")
print(f"operations per weight and token: {cost['all']:.2f} for all", end="")
print(f", {cost['adapters']:.2f} with frozen weights")
assert cost["all"] == 6 and cost["adapters"] == 4 + 6 * adapter / n
# --8<-- [end:claim]
