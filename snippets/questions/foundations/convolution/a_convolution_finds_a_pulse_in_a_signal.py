# /// script
# requires-python = ">=3.11"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn", "matplotlib"]
# ///
"""One learned kernel finds a pulse at an unknown time: no image anywhere."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn import linear_model

time = np.arange(16)
pulse = np.sin(2 * np.pi * time**2 / 64) * np.hanning(16)  # A rising tone.
pulse /= np.linalg.norm(pulse)


def recordings(count, seed, length=128):
    """Noise; every second recording hides one pulse at a random time."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, length))
    y = np.arange(count) % 2
    starts = rng.integers(0, length - 16, count)
    for row in np.flatnonzero(y):
        x[row, starts[row] : starts[row] + 16] += 6 * pulse
    return x[..., None].astype("float32"), y  # (count, time, 1), (count,)


x_train, y_train = recordings(2000, seed=0)
# The settings below were chosen on recordings(2000, seed=2).
x_test, y_test = recordings(2000, seed=3)
# --8<-- [end:data]

# --8<-- [start:train]
accuracy, likeness, found = [], [], []
layers = tf.keras.layers
for seed in range(3):
    tf.keras.utils.set_random_seed(seed)
    network = tf.keras.Sequential(
        [
            tf.keras.Input((128, 1)),
            layers.Conv1D(8, 24, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1),
        ]
    )
    network.compile(
        optimizer=tf.keras.optimizers.Adam(1e-2),
        loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
        steps_per_execution=32,  # An epoch in one call; the same steps.
    )
    network.fit(x_train, y_train, batch_size=64, epochs=15, verbose=0)
    logits = network(x_test).numpy()[:, 0]
    accuracy.append(np.mean((logits > 0) == y_test))
    learned = network.layers[0].kernel.numpy()[:, 0, :].T  # (kernels, 24)
    learned /= np.linalg.norm(learned, axis=1, keepdims=True)
    # The pulse may sit anywhere inside the kernel.
    match = np.array([np.correlate(k, pulse, "full") for k in learned])
    kernel, lag = np.unravel_index(match.argmax(), match.shape)
    likeness.append(match.max())
    found.append((learned[kernel], lag - len(pulse) + 1))
print("Conv1D, three seeds:", np.round(accuracy, 3))
print("likeness of its best kernel to the pulse:", np.round(likeness, 2))
assert min(likeness) > 0.7
# --8<-- [end:train]

# --8<-- [start:baselines]
line = linear_model.LogisticRegression(max_iter=1000)
linear = line.fit(x_train[..., 0], y_train).score(x_test[..., 0], y_test)


def best_match(x):  # A filter that is given the pulse.
    return np.array([np.correlate(row, pulse).max() for row in x[..., 0]])


limit = np.sort(best_match(x_train))[len(x_train) // 2]
matched = np.mean((best_match(x_test) > limit) == y_test)
print(f"logistic regression on the samples: {linear:.3f}")
print(f"matched filter that knows the pulse: {matched:.3f}")
assert min(accuracy) > linear + 0.2 and max(accuracy) < matched
# --8<-- [end:baselines]

# --8<-- [start:plot]
figure, axes = plt.subplots(figsize=(6.4, 3.0))
learned, start = found[0]
axes.plot(time, pulse, label="hidden pulse")
axes.plot(np.arange(24) - start, learned, "--", marker="o", label="learned kernel")
axes.set(xlabel="time (samples)", ylabel="amplitude, scaled to norm 1")
axes.legend()
plt.show()
# --8<-- [end:plot]
