# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "statsmodels"]
# ///
"""tanh keeps an LSTM's output below one; relu lets it grow until it overflows."""

# --8<-- [start:ceiling]
import numpy as np
import statsmodels.api as sm
import tensorflow as tf

impulse = np.zeros((1, 200, 1), "float32")
impulse[0, 0, 0] = 1  # One reading, then silence.
# Gates i, f and o stay open; only g sees the input and the last output.
weights = [[[0, 0, 1, 0]], [[0, 0, 1, 0]], [9, 9, 0, 9]]
outputs = {}
for activation in ("tanh", "relu"):
    layer = tf.keras.layers.LSTM(1, activation=activation, return_sequences=True)
    layer.build(impulse.shape)
    layer.set_weights([np.array(w, "float32") for w in weights])
    outputs[activation] = layer(impulse).numpy()[0, :, 0]  # (time,)
    shown = [f"{outputs[activation][step - 1]:.2g}" for step in (1, 10, 100, 200)]
    print(activation, "after 1, 10, 100, 200 steps:", ", ".join(shown))
assert np.abs(outputs["tanh"]).max() <= 1
first_overflow = int(np.argmin(np.isfinite(outputs["relu"]))) + 1
print("relu leaves the range of float32 at step", first_overflow)
assert not np.isfinite(outputs["relu"][-1])
# --8<-- [end:ceiling]

# --8<-- [start:data]
WINDOW, HORIZON = 24, 12
weekly = sm.datasets.co2.load_pandas().data["co2"]
series = weekly.resample("MS").mean().interpolate().to_numpy()
cut1, cut2 = (round(share * len(series)) for share in (0.70, 0.85))
windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
past, future = windows[:, :WINDOW], windows[:, WINDOW:]  # (491, 24), (491, 12)
last, first = past[:, -1:], np.arange(len(past))
end = first + WINDOW + HORIZON
train, validation = end <= cut1, (first >= cut1) & (end <= cut2)
scale = (past - last)[train].std()
inputs = tf.constant((past - last)[..., None] / scale, tf.float32)
targets = tf.constant((future - last) / scale, tf.float32)
# --8<-- [end:data]


# --8<-- [start:train]
x, y = inputs[train], targets[train]


def forecast_with_relu(seed, epochs=20, batch=32):
    tf.keras.utils.set_random_seed(seed)
    lstm = tf.keras.layers.LSTM(32, activation="relu")
    dense = tf.keras.layers.Dense(HORIZON)
    model = tf.keras.Sequential([tf.keras.Input((WINDOW, 1)), lstm, dense])
    steps = epochs * len(x) // batch
    rate = tf.keras.optimizers.schedules.CosineDecay(0.02, steps)
    adam = tf.keras.optimizers.Adam(rate)
    adam.build(model.trainable_variables)

    @tf.function  # One call for all steps: Python does not wait for each.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                missed = model(tf.gather(x, rows)) - tf.gather(y, rows)
                loss = tf.reduce_mean(missed**2)
            adam.apply(tape.gradient(loss, model.trainable_variables))

    shuffled = [np.random.permutation(len(x)) for _ in range(epochs)]
    fit(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))
    return last + scale * model(inputs).numpy()


yearly_rise = last - past[:, -13:-12]
naive_error = np.abs(past[:, -12:] + yearly_rise - future)[validation].mean()
print(f"last year + yearly rise: {naive_error:.2f} ppm")
relu_errors = []
for seed in (0, 1, 2):
    missed = (forecast_with_relu(seed) - future)[validation]
    relu_errors.append(np.abs(missed).mean())
    print(f"relu, seed {seed}: {relu_errors[-1]:.2f} ppm on validation")
    assert relu_errors[-1] > 1.05 * naive_error
# --8<-- [end:train]
