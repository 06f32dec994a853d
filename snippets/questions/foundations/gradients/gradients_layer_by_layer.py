# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "matplotlib"]
# ///
"""The gain of one layer, to the power of the depth, decides the gradient."""

# --8<-- [start:recipes]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

DEPTH, WIDTH = 30, 64
glorot, he = (2 / (WIDTH + WIDTH)) ** 0.5, (2 / WIDTH) ** 0.5
recipes = {  # name: activation, standard deviation of the weights, residual?
    "sigmoid, std 0.1": (tf.sigmoid, 0.1, False),
    "sigmoid, Glorot": (tf.sigmoid, glorot, False),
    "ReLU, std 0.5": (tf.nn.relu, 0.5, False),
    "ReLU, He": (tf.nn.relu, he, False),
    "residual + LayerNorm": (tf.nn.relu, he, True),
}
# Root mean square of the derivative: 1/4 at zero, or 0 and 1 half the time each.
slope = {tf.sigmoid: 0.25, tf.nn.relu: 0.5**0.5}
# --8<-- [end:recipes]

# --8<-- [start:data]
images, labels = load_digits(return_X_y=True)
x = (images[:128] / 16).astype("float32")  # (batch, pixels)
y = labels[:128]  # (batch,)


# --8<-- [end:data]


# --8<-- [start:measure]
def gradient_norms(activation, std, residual):
    kernels = []
    for _ in range(DEPTH):  # One initializer per layer, or all layers are equal.
        normal = tf.keras.initializers.RandomNormal(stddev=std)
        kernels.append(tf.Variable(normal((WIDTH, WIDTH))))
    head = tf.keras.initializers.GlorotUniform()((WIDTH, 10))
    hidden = [tf.constant(x)]
    with tf.GradientTape() as tape:
        for kernel in kernels:
            h = hidden[-1]  # (batch, width)
            layer = activation((normalize(h) if residual else h) @ kernel)
            hidden.append(h + layer if residual else layer)
        logits = (normalize(hidden[-1]) if residual else hidden[-1]) @ head
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, hidden[1:] + kernels)
    # In float32 the square of 1e-24 would be zero.
    norms = [np.linalg.norm(g.numpy().astype("float64")) for g in gradients]
    return norms[:DEPTH], norms[DEPTH:]


def normalize(h):  # LayerNorm at initialization: scale one, shift zero.
    mean, variance = tf.nn.moments(h, axes=[-1], keepdims=True)
    return (h - mean) / tf.sqrt(variance + 1e-6)


# --8<-- [end:measure]

# --8<-- [start:table]
SEEDS = range(3)
first, last, gain, weights, predicted = {}, {}, {}, {}, {}
print("recipe                layer 1  layer 30   gain  predicted")
for name, recipe in recipes.items():
    activation, std, residual = recipe
    predicted[name] = slope[activation] * std * WIDTH**0.5
    for seed in SEEDS:
        tf.keras.utils.set_random_seed(seed)
        signal, weight = gradient_norms(*recipe)  # (depth,), (depth,)
        # One backward step through one layer multiplies the signal by this.
        gain[name, seed] = (signal[0] / signal[-1]) ** (1 / (DEPTH - 1))
        first[name, seed], last[name, seed] = weight[0], weight[-1]
        weights[name, seed] = weight
    theory = "" if residual else f"{predicted[name]:.2f}"
    line = f"{first[name, 0]:.0e}    {last[name, 0]:.0e}   {gain[name, 0]:.2f}"
    print(f"{name:21s} {line}  {theory}")
# --8<-- [end:table]

# --8<-- [start:claim]
small, medium, large, level, skip = recipes
error = []
for seed in SEEDS:
    assert first[small, seed] < 1e-17 * last[small, seed]
    assert first[medium, seed] < 1e-14 * last[medium, seed]
    assert first[large, seed] > 1e10
    for name in (level, skip):  # The size as well: a ratio alone misleads.
        assert 0.1 < first[name, seed] / last[name, seed] < 10
        assert 0.01 < first[name, seed] < 100
    error += [abs(gain[n, seed] / predicted[n] - 1) for n in list(recipes)[:4]]
print(f"largest distance between measured and predicted gain: {max(error):.0%}")
assert max(error) < 0.15
# --8<-- [end:claim]

# --8<-- [start:figure]
layers = np.arange(1, DEPTH + 1)
plt.figure(figsize=(6.4, 3.4))
for name in recipes:
    plt.semilogy(layers, weights[name, 0], marker=".", label=name)
plt.xlabel("layer (1 is next to the input)")
plt.ylabel("norm of the weight gradient")
plt.legend(loc="lower right", fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
