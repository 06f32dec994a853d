# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""The backward pass rebuilds the weights from one saved number for each query."""

# --8<-- [start:forward]
import numpy as np
import tensorflow as tf

TIME, WIDTH, BLOCK = 256, 32, 64
rng = np.random.default_rng(0)
q, k, v, upstream = rng.normal(size=(4, TIME, WIDTH))
with tf.GradientTape() as tape:
    inputs = [tf.constant(a) for a in (q, k, v)]
    tape.watch(inputs)
    scores = tf.matmul(*inputs[:2], transpose_b=True) / WIDTH**0.5
    output = tf.nn.softmax(scores) @ inputs[2]  # (time, width)
expected = tape.gradient(output, inputs, output_gradients=tf.constant(upstream))
saved = tf.reduce_logsumexp(scores, axis=1).numpy()  # (time,), all that is kept
# --8<-- [end:forward]

# --8<-- [start:backward]
products = 0


def times(a, b):
    global products
    products += a.shape[0] * a.shape[1] * b.shape[1]
    return a @ b


dq, dk, dv = (np.zeros((TIME, WIDTH)) for _ in range(3))
inner = np.sum(upstream * output.numpy(), axis=1)  # (time,)
for j in range(0, TIME, BLOCK):
    columns = slice(j, j + BLOCK)
    weights = np.exp(times(q, k[columns].T) / WIDTH**0.5 - saved[:, None])  # Again.
    dv[columns] = times(weights.T, upstream)
    dscores = weights * (times(upstream, v[columns].T) - inner[:, None]) / WIDTH**0.5
    dq += times(dscores, k[columns])
    dk[columns] = times(dscores.T, q)
# --8<-- [end:backward]

# --8<-- [start:claim]
gap = max(np.abs(a - b).max() for a, b in zip((dq, dk, dv), expected, strict=True))
rounds = products / (TIME**2 * WIDTH)  # One product of time x time x width.
print(f"largest error of a gradient {gap:.0e}")
print(f"saved {saved.size} numbers instead of {TIME**2}")
print(f"products: forward 2, backward {rounds:.0f}, where stored weights need 4")
print(f"whole step: {(2 + rounds) / 6:.2f} times the FLOPs")
assert gap < 1e-12 and rounds == 5
# --8<-- [end:claim]
