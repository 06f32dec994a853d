# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Without the scale, one layer adds to the gradient; a deep stack multiplies what each adds."""

# --8<-- [start:stack]
import numpy as np
import tensorflow as tf

LAYERS, TIME, WIDTH, D = 24, 64, 256, 64  # four heads of width 64 in each layer


def growth(divisor, output):
    """The gradient at each layer's output, against the top; the last is the input's."""
    tf.keras.utils.set_random_seed(0)

    def matrix():
        return tf.random.normal((WIDTH, WIDTH)) / WIDTH**0.5

    def split(a):  # (time, width) → (heads, time, d)
        return tf.transpose(tf.reshape(a, (TIME, WIDTH // D, D)), (1, 0, 2))

    x, upstream = tf.random.normal((2, TIME, WIDTH))
    states = [x]
    with tf.GradientTape() as tape:
        tape.watch(x)
        for _ in range(LAYERS):
            normal = x / tf.sqrt(tf.reduce_mean(x**2, axis=1, keepdims=True))  # RMSNorm
            q, k, v = (split(normal @ matrix()) for _ in range(3))
            weights = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) / divisor)
            read = tf.reshape(tf.transpose(weights @ v, (1, 0, 2)), (TIME, WIDTH))
            x = x + output * read @ matrix()  # the residual connection
            states.append(x)
        loss = tf.reduce_sum(x * upstream)
    norms = [float(tf.norm(g)) for g in tape.gradient(loss, states)]
    return np.divide(norms, norms[-1])[::-1]  # (1 + layers,), from the top down


# --8<-- [end:stack]

# --8<-- [start:growth]
down = {
    "q·k": growth(1.0, 1.0),
    "q·k/√d": growth(D**0.5, 1.0),
    "q·k, W_O/√N": growth(1.0, LAYERS**-0.5),
}
after = (1, LAYERS // 4, LAYERS // 2, LAYERS)
print("gradient after layers", " ".join(f"{layers:7d}" for layers in after))
for name, size in down.items():
    print(f"{name:21s}", " ".join(f"{size[layers]:7.1f}" for layers in after))
assert down["q·k"][-1] > 1000  # A deep stack explodes without the scale, …
assert down["q·k/√d"][-1] < 10  # … not with it, …
assert down["q·k, W_O/√N"][-1] < 100  # … and far less if each layer adds little.
# --8<-- [end:growth]
