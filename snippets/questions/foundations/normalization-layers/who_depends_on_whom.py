# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""The axis of the average decides which tokens mix; what is subtracted, which shifts go unseen."""

# --8<-- [start:norms]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

BATCH, TIME, FEATURES = 4, 6, 16
x = np.random.default_rng(0).normal(1.0, 2.0, size=(BATCH, TIME, FEATURES))


def batch_norm(x):  # Over tokens: one mean and variance per feature.
    return (x - x.mean((0, 1))) / np.sqrt(x.var((0, 1)) + 1e-9)


def layer_norm(x):  # Over features: one mean and variance per token.
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-9)


def rms_norm(x):  # Over features, and the mean stays.
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-9)


norms = {"BatchNorm": batch_norm, "LayerNorm": layer_norm, "RMSNorm": rms_norm}
# --8<-- [end:norms]

# --8<-- [start:keras]
layers = {
    "BatchNorm": tf.keras.layers.BatchNormalization(epsilon=1e-9),
    "LayerNorm": tf.keras.layers.LayerNormalization(epsilon=1e-9),
    "RMSNorm": tf.keras.layers.RMSNormalization(epsilon=1e-9),
}
print("            parameters   largest distance from Keras")
for name, layer in layers.items():
    ours, theirs = norms[name](x), layer(x.astype("float32"), training=True).numpy()
    shapes = " ".join(str(tuple(v.shape)) for v in layer.trainable_variables)
    error = np.abs(ours - theirs).max()
    print(f"{name:11s} {shapes:12s} {error:.0e}")
    assert error < 1e-4
# --8<-- [end:keras]


# --8<-- [start:influence]
def outputs(norm, tokens):  # (tokens, features) in and out
    return norm(tokens.reshape(x.shape)).reshape(-1, FEATURES)


def influence(norm):  # How much output i moves when token j is replaced.
    tokens = x.reshape(-1, FEATURES)
    moved = np.zeros((len(tokens), len(tokens)))
    for j in range(len(tokens)):
        other = tokens.copy()
        other[j] = np.random.default_rng(j).normal(size=FEATURES)
        difference = outputs(norm, other) - outputs(norm, tokens)
        moved[:, j] = np.linalg.norm(difference, axis=1)
    return moved


# --8<-- [end:influence]

# --8<-- [start:pairs]
moved = {name: influence(norm) for name, norm in norms.items()}
sequence, time = np.divmod(np.arange(BATCH * TIME), TIME)
future = (sequence[:, None] == sequence) & (time[:, None] < time)
print("pairs (output, input) in which the input counts; of these, inputs from the future")
for name in norms:
    counts = moved[name] > 1e-9
    print(f"{name:11s} {counts.sum():3d} {(counts & future).sum():3d}")
for name in ("LayerNorm", "RMSNorm"):
    assert np.array_equal(moved[name] > 1e-9, np.eye(BATCH * TIME, dtype=bool))
assert (moved["BatchNorm"] > 1e-9).all() and future.sum() == BATCH * TIME * (TIME - 1) // 2
# --8<-- [end:pairs]

# --8<-- [start:figure]
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
for panel, name in zip(panels, ("BatchNorm", "LayerNorm"), strict=True):
    image = panel.imshow(np.log10(moved[name] + 1e-3), cmap="magma", vmin=-3, vmax=1)
    panel.set_title(name if name == "BatchNorm" else "LayerNorm and RMSNorm")
    panel.set_xlabel("token replaced")
panels[0].set_ylabel("output token (4 sequences of 6)")
figure.colorbar(image, ax=panels, shrink=0.8, label="log10 of the change")
plt.show()
# --8<-- [end:figure]

# --8<-- [start:invariance]
token, feature = np.ones(x.shape), np.ones(x.shape)
token[0, 0], feature[..., 0] = 10, 10  # Ten times larger: one token, or one feature.
changes = {
    "one token x 10": x * token,
    "one token + 9": x + token - 1,
    "one feature x 10": x * feature,
    "one feature + 9": x + feature - 1,
}
unseen = {}
print("is the output the same?", *(f"{name:>10s}" for name in norms))
for change, other in changes.items():
    unseen[change] = [np.abs(norm(other) - norm(x)).max() < 1e-6 for norm in norms.values()]
    print(f"{change:23s}", *(f"{'yes' if same else 'no':>10s}" for same in unseen[change]))
assert unseen["one token x 10"] == [False, True, True]
assert unseen["one token + 9"] == [False, True, False]
assert unseen["one feature x 10"] == unseen["one feature + 9"] == [True, False, False]
# --8<-- [end:invariance]
