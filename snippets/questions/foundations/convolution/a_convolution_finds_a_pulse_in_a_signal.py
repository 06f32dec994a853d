# /// script
# requires-python = ">=3.11,<3.14"
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
layers, entropy = tf.keras.layers, tf.keras.losses.BinaryCrossentropy(from_logits=True)


def train(seed, epochs=15, batch=50):
    tf.keras.utils.set_random_seed(seed)
    network = tf.keras.Sequential(
        [
            tf.keras.Input((128, 1)),
            layers.Conv1D(8, 24, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1),
        ]
    )
    adam = tf.keras.optimizers.Adam(1e-2)
    adam.build(network.trainable_variables)
    x, y = tf.constant(x_train), tf.constant(y_train[:, None])

    @tf.function  # One call for all steps.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                loss = entropy(tf.gather(y, rows), network(tf.gather(x, rows)))
            adam.apply(tape.gradient(loss, network.trainable_variables))

    shuffled = [np.random.permutation(len(x_train)) for _ in range(epochs)]
    fit(np.reshape(shuffled, (-1, batch)))
    return network


# --8<-- [end:train]

# --8<-- [start:learned]
accuracy, likeness, found = [], [], []
for seed in range(3):
    network = train(seed)
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
# --8<-- [end:learned]

# --8<-- [start:baselines]
line = linear_model.LogisticRegression(max_iter=1000)
linear = line.fit(x_train[..., 0], y_train).score(x_test[..., 0], y_test)


def best_match(x):  # A filter that is given the pulse.
    return np.array([np.correlate(row, pulse).max() for row in x[..., 0]])


def loudest(x):  # Energy of the loudest 16 samples in a row, whatever their shape.
    return np.array([np.convolve(row**2, np.ones(16), "valid").max() for row in x[..., 0]])


def accuracy_of(statistic):  # Half of the recordings hide a pulse: cut at the median.
    return np.mean((statistic(x_test) > np.median(statistic(x_train))) == y_test)


matched, loud = accuracy_of(best_match), accuracy_of(loudest)
print(f"logistic regression on the samples: {linear:.3f}")
print(f"energy of the loudest 16 samples: {loud:.3f}")
print(f"matched filter that knows the pulse: {matched:.3f}")
assert linear + 0.2 < loud < min(accuracy) and max(accuracy) < matched
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
