# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""With queries and keys normalized, growing weights cannot push attention to one-hot."""

# --8<-- [start:scores]
import numpy as np
import tensorflow as tf

TOKENS, WIDTH = 64, 64
tf.keras.utils.set_random_seed(0)
x = tf.random.normal((TOKENS, WIDTH))
wq, wk = (tf.random.normal((WIDTH, WIDTH)) / WIDTH**0.5 for _ in range(2))
rms_norm = tf.keras.layers.RMSNormalization(epsilon=1e-9)
# --8<-- [end:scores]

# --8<-- [start:compare]
largest, spread, passing = {}, {}, {}
print("weights   largest score, entropy, trace     with normalized queries and keys")
for growth in (1.0, 3.0, 10.0):
    q, k = growth * x @ wq, growth * x @ wk  # (tokens, width)
    cells = []
    for normal in (False, True):
        a, b = (rms_norm(q), rms_norm(k)) if normal else (q, k)
        scores = tf.matmul(a, b, transpose_b=True) / WIDTH**0.5  # (tokens, tokens)
        p = tf.nn.softmax(scores).numpy()
        entropy = -np.sum(p * np.log(p + 1e-30), axis=1).mean()
        largest[growth, normal], spread[growth, normal] = np.abs(scores).max(), entropy
        trace = 1 - (p**2).sum(axis=1).mean()  # Of softmax's Jacobian, diag(p) - p p^T.
        passing[growth, normal] = trace
        cells.append(f"{largest[growth, normal]:8.1f} {entropy:6.2f} nats {trace:5.2f}")
    print(f"x {growth:<6.0f} " + "        ".join(cells))
    assert largest[growth, True] <= WIDTH**0.5 + 1e-3  # Cauchy-Schwarz
assert spread[10.0, False] < 0.2 and abs(spread[10.0, True] - spread[1.0, True]) < 1e-3
assert passing[10.0, False] < 0.1 and passing[10.0, True] > 0.9
# --8<-- [end:compare]
