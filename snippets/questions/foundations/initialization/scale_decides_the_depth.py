# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""Each layer multiplies the signal by a factor that the variance of its weights decides."""

# --8<-- [start:recipes]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

DEPTH, WIDTH, BATCH, SEEDS = 40, 512, 64, range(3)
recipes = {  # name: activation, variance of a weight times the number of inputs
    "ReLU, std 0.01": (tf.nn.relu, 0.01**2 * WIDTH),
    "ReLU, Xavier": (tf.nn.relu, 1.0),
    "ReLU, He": (tf.nn.relu, 2.0),
    "ReLU, twice He": (tf.nn.relu, 4.0),
    "tanh, Xavier": (tf.tanh, 1.0),
}
# --8<-- [end:recipes]


# --8<-- [start:measure]
def sizes(seed):  # Root mean square of each layer's output, with the same numbers for all.
    rng = np.random.default_rng(seed)
    x = tf.constant(rng.normal(size=(BATCH, WIDTH)), tf.float32)
    h, found = {name: x for name in recipes}, {name: [1.0] for name in recipes}
    for _ in range(DEPTH):
        w = tf.constant(rng.normal(size=(WIDTH, WIDTH)), tf.float32)
        for name, (activation, gain) in recipes.items():
            h[name] = activation(h[name] @ (w * (gain / WIDTH) ** 0.5))  # (batch, width)
            found[name].append(float(tf.sqrt(tf.reduce_mean(tf.cast(h[name], tf.float64) ** 2))))
    return found


# --8<-- [end:measure]

# --8<-- [start:table]
curve, factor, error = {}, {}, []
drawn = [sizes(seed) for seed in SEEDS]
print("recipe          layer 40   factor per layer   predicted")
for name, (activation, gain) in recipes.items():
    curve[name] = np.array([found[name] for found in drawn])  # (seeds, depth + 1)
    factor[name] = curve[name][:, -1] ** (1 / DEPTH)  # (seeds,), the input has size 1
    predicted = np.sqrt(gain / 2)  # A ReLU lets half of the mean square through.
    theory = f"{predicted:.3f}" if activation is tf.nn.relu else ""
    last = curve[name][0, -1]
    print(f"{name:15s} {last:8.1e}   {factor[name].mean():.3f}              {theory}")
    if theory:
        error += list(np.abs(factor[name] / predicted - 1))
assert max(error) < 0.03
assert 0.3 < curve["ReLU, He"][:, -1].min() and curve["ReLU, He"][:, -1].max() < 3
assert 0.05 < curve["tanh, Xavier"][:, -1].min() < 0.5
# --8<-- [end:table]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.4))
for name in recipes:
    plt.semilogy(range(DEPTH + 1), curve[name][0], marker=".", label=name)
plt.xlabel("layer (0 is the input)")
plt.ylabel("root mean square of the output")
plt.ylim(1e-34, 1e8)
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
