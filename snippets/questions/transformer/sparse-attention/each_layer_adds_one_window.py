# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""With a window w, L layers reach L (w - 1) + 1 tokens, and the far edge hardly counts."""

# --8<-- [start:network]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

TIME, WIDTH = 64, 32


def network(x, layers, window):  # x: (copies, time, width)
    distance = np.arange(TIME)[:, None] - np.arange(TIME)
    visible = (distance >= 0) & (distance < window)
    for q, k, v in layers:  # (width, width) each
        scores = tf.matmul(x @ q, x @ k, transpose_b=True) / WIDTH**0.5
        x += tf.nn.softmax(tf.where(visible, scores, -np.inf)) @ (x @ v)
        x /= tf.sqrt(tf.reduce_mean(x**2, axis=2, keepdims=True))
    return x


# --8<-- [end:network]


# --8<-- [start:influence]
def influence(depth, window, seed):  # Of every input token on the last output.
    rng = np.random.default_rng(seed)
    layers = rng.normal(size=(depth, 3, WIDTH, WIDTH)) / WIDTH**0.5
    x = tf.constant(np.tile(rng.normal(size=(1, TIME, WIDTH)), (WIDTH, 1, 1)))
    with tf.GradientTape() as tape:
        tape.watch(x)
        answer = network(x, layers, window)[:, -1]  # (copies, width)
        picked = tf.linalg.trace(answer)  # Copy i gives element i of the answer.
    jacobian = tape.gradient(picked, x).numpy()  # (width, time, width)
    return np.sqrt(np.sum(jacobian**2, axis=(0, 2)))[::-1]  # By distance.


# --8<-- [end:influence]

# --8<-- [start:count]
print("layers  window  tokens that matter  L (w - 1) + 1")
for depth, window in ((1, 5), (2, 5), (4, 5), (8, 5), (4, 9), (4, 2)):
    reached = int(np.sum(influence(depth, window, seed=0) > 0))  # Exactly zero beyond.
    expected = depth * (window - 1) + 1
    print(f"{depth:6d} {window:7d} {reached:19d} {expected:14d}")
    assert reached == expected
# --8<-- [end:count]

# --8<-- [start:decay]
windowed = np.array([influence(8, 5, seed) for seed in range(3)])  # (seeds, time)
full = np.array([influence(8, TIME, seed) for seed in range(3)])
edge = windowed[:, 32] / windowed[:, 0]
far = full[:, 32] / full[:, 0]
half, half_full = windowed[:, 16] / windowed[:, 0], full[:, 16] / full[:, 0]
print("influence over that of distance 0, three seeds   distance 16          distance 32")
for name, *rows in (("8 layers with window 5", half, edge), ("8 layers, full", half_full, far)):
    print(f"{name:48s}", "   ".join(" ".join(f"{value:.0e}" for value in row) for row in rows))
assert edge.max() < 1e-3 and far.min() > 100 * edge.max()
assert half.min() > 2 * half_full.max()  # Half way the window weighs more, not less.
# --8<-- [end:decay]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
for name, rows in (("window 5", windowed), ("full attention", full)):
    mean = np.exp(np.mean(np.log(np.maximum(rows / rows[:, :1], 1e-12)), axis=0))
    plt.semilogy(np.where(mean > 2e-12, mean, np.nan), ".-", label=name)
plt.axvline(32, ls=":", color="grey", label="8 (5 - 1) = 32")
plt.xlabel("distance back from the last token (tokens)")
plt.ylabel("influence / own influence")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
